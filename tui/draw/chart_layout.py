"""The layout of a chart: its legend, axes and plot, and the cell of each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from rich.cells import cell_len

from nn_tui.core.display.axes import Axis, linear_axis, log_axis
from nn_tui.core.spec import Array
from nn_tui.tui.draw.chart_legend import chart_legend_rows, has_values
from nn_tui.tui.draw.legend import LegendItem
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series

_LABEL_GAP = 1  # cells between a label and the one at the end of the x axis
_MAX_WHOLE = 1e7  # a larger number is no label


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """The parts of a chart in cells.

    Attributes:
        legend: Rows of items above the plot.
        left: Cells to the left of the plot, for the labels of the y axis.
        top: Lines above the plot.
        columns: Width of the plot; the labels of the lines' ends are to the right of it.
        rows: Height of the plot.
        footer: Lines below the plot for the x axis, 0 to 2.
        x: The x axis.
        y: The y axis.
    """

    legend: list[list[LegendItem]]
    left: int
    top: int
    columns: int
    rows: int
    footer: int
    x: Axis
    y: Axis

    def column_of(self, x: float) -> int | None:
        """Return the column of the plot at ``x``, or None outside of it."""
        fraction = float(self.x.fraction(x))
        return int(cell_index(fraction, self.columns)) if 0 <= fraction <= 1 else None

    def row_of(self, fraction: float) -> int:
        """Return the row of the plot at a fraction of the y axis: plotext's braille has four dots in a cell."""
        dots = 4 * self.rows - 1
        return self.rows - 1 - round(min(1.0, max(0.0, fraction)) * dots + 1e-9) // 4

    def nearest(self, xs: ArrayLike, ys: ArrayLike, x: int, y: int) -> int | None:
        """Find the point that is drawn at a cell or next to it.

        Args:
            xs: Positions (m,) of the points.
            ys: Values (m,) of the points.
            x: Column of the cell in the chart.
            y: Line of the cell in the chart.

        Returns:
            The index of the nearest point, or None if there is none.
        """
        best: tuple[int, int] | None = None
        for index, (px, fraction) in enumerate(zip(np.asarray(xs, dtype=np.float64), self.y.fraction(ys), strict=True)):
            column = self.column_of(float(px))
            if column is None or not np.isfinite(fraction):
                continue
            row = self.rows - 1 - int(cell_index(fraction, self.rows))
            distance = max(abs(self.left + column - x), abs(self.top + row - y))
            if distance <= 1 and (best is None or distance < best[0]):
                best = distance, index
        return None if best is None else best[1]


def layout_chart(
    series: Sequence[Series],
    palette: Palette,
    width: int,
    height: int,
    *,
    log: bool = False,
    cursor: float | None = None,
    guide: float | None = None,
    unit: str = "",
) -> ChartLayout:
    """Lay out a chart of ``width`` by ``height`` cells.

    Args:
        series: At least one of them has a finite point.
        log: Whether the y axis is logarithmic.
        cursor: An x that the x axis must include.
        guide: A y that the y axis must include.
        unit: The unit of y, which follows its labels.
    """
    arrays = [(item.arrays(), item.is_finite()) for item in series]
    xs = np.concatenate([x[mask] for (x, _), mask in arrays])
    ys = np.concatenate([y[mask] for (_, y), mask in arrays])
    if guide is not None:
        ys = np.append(ys, guide)
    if cursor is not None and np.isfinite(cursor):
        xs = np.append(xs, cursor)
    legend = chart_legend_rows(series, palette, width, height) if height >= 4 else []
    label_width = end_label_width(series, width)
    if label_width and not has_values(legend):
        legend = []  # the labels at the ends of the lines name them
    footer = 0 if height < 4 or width < 12 else 1 if height < 8 else 2
    rows = height - len(legend) - footer
    y_axis = log_axis(ys, rows, palette.glyphs) if log else linear_axis(ys, max(2, rows // 3), palette.glyphs)
    y_axis = replace(y_axis, ticks=tuple((fraction, label + unit) for fraction, label in y_axis.ticks))
    left = max(len(label) for _, label in y_axis.ticks) + 1
    if footer == 0 or left > width // 2:
        left = 0
    columns = width - left - label_width
    x_axis = _with_end(linear_axis(xs, max(2, columns // 9), palette.glyphs, tight=True), columns)
    return ChartLayout(legend, left, len(legend), columns, rows, footer, x_axis, y_axis)


def _with_end(axis: Axis, columns: int) -> Axis:
    """Return an x axis of whole numbers with a label at its end, if there is room for it in a plot of that width."""
    if not (axis.ticks and axis.high.is_integer() and axis.low.is_integer() and axis.low < axis.high < _MAX_WHOLE):
        return axis
    fraction, last = axis.ticks[-1]
    label = f"{axis.high:,.0f}" if any("," in each for _, each in axis.ticks) else f"{axis.high:.0f}"
    is_plain = last.replace(",", "").isdigit()
    if not is_plain or (1.0 - fraction) * (columns - 1) < (len(last) + 1) // 2 + len(label) + _LABEL_GAP:
        return axis
    return replace(axis, ticks=(*axis.ticks, (1.0, label)))


def end_label_width(series: Sequence[Series], width: int) -> int:
    """Return the cells that the labels at the ends of the lines take in a chart; 0 if there is no room for them."""
    longest = max((cell_len(item.end_label) + 2 for item in series if item.end_label), default=0)  # with a marker
    return longest if 4 * longest <= width else 0


def cell_index(fractions: ArrayLike, count: ArrayLike) -> Array:
    """Return the index among ``count`` cells of each fraction of an axis (0 to 1); NaN stays NaN."""
    return np.asarray(np.rint(np.asarray(fractions, dtype=np.float64) * (np.asarray(count) - 1)), dtype=np.float64)
