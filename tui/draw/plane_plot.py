"""A rectangle of the plane in a drawing: its proportions, its axes, and the cell of each point.

A cell is twice as high as wide. Where both inputs have about the same range, one unit of the first is as long on the
screen as one unit of the second, so that a circle is a circle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from rich.cells import cell_len
from textual.geometry import Region

from nn_tui.core.display.extent import MAX_RATIO, Extent, end_label
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette

_CELL_HEIGHT = 2.0  # of a cell, in widths of a cell
_MIN_AXES_WIDTH, _MIN_AXES_HEIGHT = 16, 5  # cells and lines of a drawing from which it has axes
_MAX_Y_NAME = 6  # cells of a name of the y axis that stands beside the picture, not above it


@dataclass(frozen=True, slots=True)
class PlanePlot:
    """A rectangle of the plane and the cells that show it.

    Attributes:
        extent: The rectangle.
        area: The cells that show it, within a drawing.
        names: The names of the two axes.
        rows_per_line: 2 if a line shows two rows of colours in half blocks, else 1.
        has_axes: Whether the drawing has room for axes.
    """

    extent: Extent
    area: Region
    names: tuple[str, str]
    rows_per_line: int
    has_axes: bool

    @property
    def shape(self) -> tuple[int, int]:
        """The (rows, columns) of patches that have a colour of their own."""
        return self.area.height * self.rows_per_line, self.area.width

    @property
    def lines(self) -> int:
        """The lines of the plot with its axes."""
        return self.area.bottom + int(self.has_axes)

    def points(self) -> Array:
        """Return the point (rows·columns, 2) in the middle of each patch, row by row from the top."""
        rows, columns = self.shape
        return self.points_at(np.arange(rows), np.arange(columns))

    def points_at(self, rows: ArrayLike, columns: ArrayLike) -> Array:
        """Return the points (len(rows)·len(columns), 2) in the middle of some patches, which may be fractions."""
        ys, xs = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
        x_low, x_high, y_low, y_high = self.extent
        row_count, column_count = self.shape
        x = x_low + (xs + 0.5) / column_count * (x_high - x_low)
        y = y_high - (ys + 0.5) / row_count * (y_high - y_low)
        return np.stack([np.tile(x, len(ys)), np.repeat(y, len(xs))], axis=1)

    def cell_of(self, point: Array) -> tuple[int, int] | None:
        """Return the cell (x, y) of a point (2,), or None outside of the extent."""
        x_low, x_high, y_low, y_high = self.extent
        x, y = (point[0] - x_low) / (x_high - x_low), (y_high - point[1]) / (y_high - y_low)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return None
        column, line = (min(size - 1, int(part * size)) for part, size in ((x, self.area.width), (y, self.area.height)))
        return self.area.x + column, self.area.y + line

    def nearest(self, points: Array, x: int, y: int) -> int | None:
        """Return the index of the point (of n, 2) that is drawn at the cell (x, y) or next to it."""
        best: tuple[int, int] | None = None
        for k, point in enumerate(points):
            cell = self.cell_of(point)
            if cell is None:
                continue
            distance = max(abs(cell[0] - x), abs(cell[1] - y))
            if distance <= 1 and (best is None or distance < best[0]):
                best = (distance, k)
        return None if best is None else best[1]


def fit_plot(
    extent: Extent, names: tuple[str, str], palette: Palette, width: int, height: int, *, axes: bool = True
) -> PlanePlot:
    """Return the largest plot of a rectangle in a drawing of that size, with room for its axes.

    Args:
        extent: The rectangle.
        names: The names of the axes.
        palette: Says whether there are half blocks.
        width: Width of the drawing in cells.
        height: Height of the drawing in lines.
        axes: Whether to leave room for axes, if there is enough.
    """
    width, height = max(1, width), max(1, height)
    has_axes = axes and width >= _MIN_AXES_WIDTH and height >= _MIN_AXES_HEIGHT
    left = _label_width(extent, names) + 1 if has_axes else 0
    top = int(has_axes and cell_len(names[1]) > _MAX_Y_NAME)
    columns, lines = width - left, height - top - int(has_axes)
    aspect = cells_per_line(extent)
    if aspect is not None:
        lines = max(1, min(lines, int(columns / aspect + 1e-9)))
        columns = max(1, min(columns, round(lines * aspect)))
    area = Region(left, top, columns, lines)
    return PlanePlot(extent, area, names, 2 if palette.has_half_blocks else 1, has_axes)


def cells_per_line(extent: Extent) -> float | None:
    """Return how many cells wide a plot is for each of its lines; None if its axes have scales of their own."""
    x_low, x_high, y_low, y_high = extent
    ratio = (x_high / 2 - x_low / 2) / (y_high / 2 - y_low / 2)
    return _CELL_HEIGHT * ratio if 1 / MAX_RATIO <= ratio <= MAX_RATIO else None


def draw_axes(canvas: Canvas, plot: PlanePlot, palette: Palette) -> None:
    """Draw the end values and the names of both axes, beside and below the plot."""
    if not plot.has_axes:
        return
    area, dim, text = plot.area, palette.style("dim"), palette.style("text")
    x_low, x_high, y_low, y_high = plot.extent
    low, high = _end_labels(x_low, x_high, palette)
    y = area.bottom
    canvas.put(area.x, y, low, dim)
    canvas.put(area.right - cell_len(high), y, high, dim)
    room = area.width - cell_len(low) - cell_len(high) - 2
    name = clip(plot.names[0], room, palette)
    canvas.put(area.x + cell_len(low) + 1 + (room - cell_len(name)) // 2, y, name, text)
    low, high = _end_labels(y_low, y_high, palette)
    canvas.put(area.x - 1 - cell_len(high), area.y, high, dim)
    if area.height > 1:
        canvas.put(area.x - 1 - cell_len(low), area.bottom - 1, low, dim)
    if area.y:
        canvas.put(0, 0, clip(plot.names[1], canvas.width, palette), text)
    elif area.height > 2:
        name = clip(plot.names[1], area.x - 1, palette)
        canvas.put(area.x - 1 - cell_len(name), area.y + area.height // 2, name, text)


def _label_width(extent: Extent, names: tuple[str, str]) -> int:
    """Return the cells of the longest label beside the plot; a sign takes one cell in every palette."""
    name = cell_len(names[1])
    return max(name if name <= _MAX_Y_NAME else 0, *(len(end_label(y, *extent[2:])) for y in extent[2:]))


def _end_labels(low: float, high: float, palette: Palette) -> tuple[str, str]:
    first, last = (end_label(value, low, high).replace("-", palette.glyphs.minus) for value in (low, high))
    return first, last
