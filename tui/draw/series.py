"""The series of a chart, and the marker that each is drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style

from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs

SeriesKind = Literal["line", "points"]
_DIGITS = 4  # of a value in the legend


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A line or a set of points in a chart.

    Attributes:
        name: The name in the legend.
        end_label: A label at the end of the line, "" for none.
        short_name: A shorter name, without the letter of ``group``, for a narrow legend; "" if there is none.
        short_value: A shorter ``value`` for a narrow legend; "" if there is none.
        x: Ascending positions (n,).
        y: Values (n,). A value that is not finite leaves a gap in the line.
        style_key: Key of the palette's style for the line and its marker.
        kind: Whether the points are joined by a line.
        marker: The character of each point. If empty, the series gets one of its own.
        shape: Which of the characters for series that one is, so that it is the same in every chart; None for the place
            among the series.
        value: Text after the name in the legend.
        value_style: Style of that text; None for the style of a title.
        group: Letter of the run, where series of several runs are drawn. The name begins with it.
    """

    name: str
    x: ArrayLike
    y: ArrayLike
    style_key: str = "train"
    kind: SeriesKind = "line"
    marker: str = ""
    value: str = ""
    group: str = ""
    short_name: str = ""
    value_style: Style | None = None
    end_label: str = ""
    short_value: str = ""
    shape: int | None = None

    def arrays(self) -> tuple[Array, Array]:
        """Return ``x`` and ``y`` as arrays of floats."""
        return np.asarray(self.x, dtype=np.float64), np.asarray(self.y, dtype=np.float64)

    def is_finite(self) -> NDArray[np.bool_]:
        """Return a mask (n,) of the points that can be drawn."""
        x, y = self.arrays()
        return np.isfinite(x) & np.isfinite(y)


def markers_of(series: Sequence[Series], glyphs: Glyphs) -> list[str]:
    """Return the marker of each series for the plot and the legend."""
    lines = [item for item in series if item.kind == "line"]
    # A line of one point is drawn as its marker, so it needs one of its own.
    need_markers = len(lines) > 1 or any(np.size(item.x) < 2 for item in lines)
    only_line = glyphs.point if glyphs.is_ascii else glyphs.hline_thick
    shapes = [k if item.shape is None else item.shape for k, item in enumerate(series)]
    return [
        item.marker or (glyphs.classes[k % len(glyphs.classes)] if need_markers or item.kind == "points" else only_line)
        for k, item in zip(shapes, series, strict=True)
    ]


def point_arrays(points: Sequence[tuple[int, float]]) -> tuple[Array, Array]:
    """Return x and y of points as arrays for a series."""
    return np.array([float(x) for x, _ in points]), np.array([y for _, y in points], dtype=np.float64)


def legend_number(value: float, glyphs: Glyphs) -> str:
    """Write the value of a series for the legend."""
    return fmt(value, _DIGITS, sign=False, glyphs=glyphs)
