"""Where everything of a chart stands: its legend, axes and plot, and the cell of each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_tui.tui.draw.axes import Axis, linear_axis, log_axis
from nn_tui.tui.draw.canvas import StyledText
from nn_tui.tui.draw.chart_legend import legend_rows
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """The plot's ``rows`` and ``columns`` begin at (``left``, ``top``); ``foot`` lines below hold the x axis."""

    legend: list[list[list[StyledText]]]
    left: int
    top: int
    columns: int
    rows: int
    foot: int
    x: Axis
    y: Axis

    def nearest(self, xs: ArrayLike, ys: ArrayLike, x: int, y: int) -> int | None:
        """The point (m,) that is drawn at a cell, or in one that touches it; None for none."""
        best: tuple[int, int] | None = None
        places = self.y.place(ys)
        for k, (at, place) in enumerate(zip(np.asarray(xs, dtype=np.float64), places, strict=True)):
            column = column_of(self.x, float(at), self.columns)
            if column is None or not np.isfinite(place):
                continue
            row = self.rows - 1 - int(point_cell(place, self.rows))
            away = max(abs(self.left + column - x), abs(self.top + row - y))
            if away <= 1 and (best is None or away < best[0]):
                best = away, k
        return None if best is None else best[1]


def layout_chart(
    series: Sequence[Series],
    palette: Palette,
    width: int,
    height: int,
    *,
    log: bool = False,
    cursor: float | None = None,
    title: str = "",
    guide: float | None = None,
) -> ChartLayout:
    """The frame of a chart of that size; of the series at least one has a finite point."""
    ys = np.concatenate([np.asarray(s.y, dtype=np.float64)[finite_points(s)] for s in series])
    xs = np.concatenate([np.asarray(s.x, dtype=np.float64)[finite_points(s)] for s in series])
    if guide is not None:
        ys = np.append(ys, guide)
    if cursor is not None and np.isfinite(cursor):
        xs = np.append(xs, cursor)
    legend = legend_rows(series, palette, width, height, title) if height >= 4 else []
    head = max(len(legend), int(height >= 4 and bool(title)))
    foot = 0 if height < 4 or width < 12 else 1 if height < 8 else 2
    rows = height - head - foot
    y_axis = log_axis(ys, rows, palette.glyphs) if log else linear_axis(ys, max(2, rows // 3), palette.glyphs)
    left = max(len(label) for _, label in y_axis.ticks) + 1
    if foot == 0 or left > width // 2:
        left = 0
    columns = width - left
    x_axis = linear_axis(xs, max(2, columns // 9), palette.glyphs, tight=True)
    return ChartLayout(legend, left, head, columns, rows, foot, x_axis, y_axis)


def finite_points(series: Series) -> NDArray[np.bool_]:
    """Which points (n,) of a series can be drawn."""
    return np.isfinite(np.asarray(series.x, dtype=np.float64)) & np.isfinite(np.asarray(series.y, dtype=np.float64))


def column_of(axis: Axis, x: float, columns: int) -> int | None:
    """The column of an x, None beside the plot."""
    place = float(axis.place(x))
    return int(point_cell(place, columns)) if 0 <= place <= 1 else None


def point_cell(places: ArrayLike, count: ArrayLike) -> NDArray[np.float64]:
    """Which of ``count`` cells along an axis a point is drawn in, for each place on it (0..1, NaN stays NaN)."""
    return np.asarray(np.rint(np.asarray(places, dtype=np.float64) * (np.asarray(count) - 1)), dtype=np.float64)


def row_of(place: float, rows: int) -> int:
    """The row of a place on the y axis: four dots to a cell, as plotext's braille has them."""
    dots = 4 * rows - 1
    return rows - 1 - round(min(1.0, max(0.0, place)) * dots + 1e-9) // 4
