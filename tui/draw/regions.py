"""The outputs of a network over the plane of two inputs, with the data points.

With one output, a decision region has the colours of that number. With several, it has the colour of its class, paler
where the network is less confident. The marker of a point shows its class; a wrong prediction is a cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.colors import CLASS_COLOR_COUNT
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.spec import Array
from nn_tui.core.translation import message, tr
from nn_tui.tui.draw.canvas import Canvas, draw_message, on_background
from nn_tui.tui.draw.contour import draw_zero_line
from nn_tui.tui.draw.glyphs import braille
from nn_tui.tui.draw.legend import LegendItem
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot, draw_axes
from nn_tui.tui.draw.scale_legend import scale_item
from nn_tui.tui.draw.shading import (
    class_characters,
    class_styles,
    fill_cells,
    number_characters,
    number_styles,
)

NO_OUTPUTS = message("No outputs yet.")

_FILLED_MARKERS = 4  # markers of classes that have a filled and an outlined form
_LINE = braille(0x11) + braille(0x84)  # a falling line of dots


@dataclass(frozen=True, slots=True, eq=False)
class PlanePoints:
    """The data points of a plot.

    Attributes:
        points: The points (m, 2).
        labels: The index of their class (m,), or their values on a surface.
        test: Mask (m,) of the points in the test set, drawn as outlines; empty if there are none.
        wrong: Mask (m,) of the points with a wrong prediction, drawn as crosses; empty if there are none.
        cursor: The index of the point to highlight; None for none.
    """

    points: Array
    labels: ArrayLike
    test: ArrayLike = ()
    wrong: ArrayLike = ()
    cursor: int | None = None


def draw_regions(
    plot: PlanePlot,
    outputs: Array,
    data: PlanePoints,
    palette: Palette,
    width: int,
    height: int,
    *,
    scale: NumberScale,
    line: Array | None = None,
) -> list[Strip]:
    """Draw decision regions, the data points and the axes.

    Args:
        plot: The rectangle and its cells.
        outputs: Outputs at the points of the plot: (n,) or (n, 1) of one unit, (n, K) of several.
        data: The data points.
        palette: Colours and characters.
        width: Width of the drawing in cells.
        height: Height of the drawing in lines.
        scale: The colour scale of a single output.
        line: A value (n,) for each point of the plot; a line is drawn where it changes its sign.
    """
    rows, columns = plot.shape
    if outputs.size == 0 or len(outputs) != rows * columns:
        return draw_message(NO_OUTPUTS, palette, width, height)
    grid = outputs.reshape(rows, columns, -1)
    is_single = grid.shape[2] == 1
    if is_single:
        backgrounds, characters = _number_cells(grid[:, :, 0], scale, palette)
    else:
        backgrounds, characters = class_styles(grid, palette), class_characters(grid, palette)
    canvas = Canvas(width, height, palette)
    _draw_plane(canvas, plot, backgrounds, characters, line, palette)
    classes = np.asarray(data.labels, dtype=np.intp).reshape(-1)
    is_test, is_wrong = (_mask(values, len(classes)) for values in (data.test, data.wrong))
    # Wrong predictions cover right ones, and the highlighted point covers all.
    for k in sorted(range(len(classes)), key=lambda k: (k == data.cursor, bool(is_wrong[k]))):
        cell = plot.cell_of(data.points[k])
        if cell is None:
            continue
        x, y = cell
        label = int(classes[k])
        marker = palette.glyphs.diverged if is_wrong[k] else _marker(label, bool(is_test[k]), palette)
        background = backgrounds[(y - plot.area.y) * plot.rows_per_line][x - plot.area.x]
        # Sixteen colours have no paler ones: a point in the colour of its region would be invisible.
        is_hidden = (is_single or palette.background[0] != "#") and background.bgcolor is not None
        foreground = background if is_hidden and palette.has_half_blocks else _class_style(label, is_single, palette)
        style = palette.style("selected") if k == data.cursor else on_background(foreground, background)
        canvas.put(x, y, marker, style)
    draw_axes(canvas, plot, palette)
    return canvas.strips()


def draw_surface(
    plot: PlanePlot,
    outputs: Array,
    data: PlanePoints,
    palette: Palette,
    width: int,
    height: int,
    *,
    scale: NumberScale,
    line: Array | None = None,
) -> list[Strip]:
    """Draw one number over the plane, the points in the colours of their values, and the axes.

    Args:
        plot: The rectangle and its cells.
        outputs: Outputs (n,) or (n, 1) at the points of the plot.
        data: The data points with their values.
        palette: Colours and characters.
        width: Width of the drawing in cells.
        height: Height of the drawing in lines.
        scale: The colour scale.
        line: A value (n,) for each point of the plot; a line is drawn where it changes its sign.
    """
    rows, columns = plot.shape
    if outputs.size != rows * columns:
        return draw_message(NO_OUTPUTS, palette, width, height)
    grid = np.asarray(outputs, dtype=np.float64).reshape(rows, columns)
    backgrounds, characters = _number_cells(grid, scale, palette)
    canvas = Canvas(width, height, palette)
    _draw_plane(canvas, plot, backgrounds, characters, line, palette)
    values = np.asarray(data.labels, dtype=np.float64).reshape(-1)
    for k, value in enumerate(values.tolist()):
        cell = plot.cell_of(data.points[k])
        if cell is not None:
            style = palette.style("selected") if k == data.cursor else palette.number(value, scale)
            canvas.put(*cell, palette.glyphs.node, style)
    draw_axes(canvas, plot, palette)
    return canvas.strips()


def _draw_plane(
    canvas: Canvas,
    plot: PlanePlot,
    backgrounds: Sequence[Sequence[Style]],
    characters: Sequence[str] | None,
    line: Array | None,
    palette: Palette,
) -> None:
    """Draw the colours of the plane, and a line where the numbers of ``line`` (n,) change their sign."""
    fill_cells(canvas, plot.area.offset, backgrounds, characters, palette)
    if line is not None:
        draw_zero_line(canvas, plot.area.offset, line.reshape(plot.shape), backgrounds, palette)


def class_items(names: Sequence[str], palette: Palette, *, is_single: bool, has_test: bool) -> list[LegendItem]:
    """Return the legend of the points: the marker of each class, of a wrong prediction and of test points.

    Args:
        names: The names of the classes.
        palette: Colours and characters.
        is_single: Whether one output decides between two classes, so that regions have no colours of classes.
        has_test: Whether there are test points.
    """
    text, dim = palette.style("text"), palette.style("dim")
    items: list[LegendItem] = [
        [(_marker(k, False, palette) + " ", _class_style(k, is_single, palette)), (name, text)]
        for k, name in enumerate(names)
    ]
    items.append([(palette.glyphs.diverged + " ", text), (tr("wrong"), dim)])
    if has_test:
        items.append([(_marker(0, True, palette) + _marker(1, True, palette) + " ", text), (tr("test"), dim)])
    return items


def line_item(name: str, palette: Palette) -> LegendItem:
    """Return the legend of the line in a plot."""
    line = palette.glyphs.down if palette.glyphs.is_ascii else _LINE
    return [(f"{line} ", palette.style("title")), (name, palette.style("dim"))]


def surface_items(
    name: str, points_name: str, scale: NumberScale, palette: Palette, ends: tuple[str, str] | None = None
) -> list[LegendItem]:
    """Return the legend of a surface: its name and colour scale, and what its points are.

    ``ends`` has the texts of the ends of the scale, if they are shown in other units.
    """
    points: LegendItem = [(f"{palette.glyphs.node} {points_name}", palette.style("dim"))]
    return [scale_item(name, scale, palette, ends), points]


def _number_cells(values: Array, scale: NumberScale, palette: Palette) -> tuple[list[list[Style]], list[str] | None]:
    return number_styles(values, scale, palette), number_characters(values, scale, palette)


def _class_style(label: int, is_single: bool, palette: Palette) -> Style:
    return palette.style("title" if is_single else f"class{label % CLASS_COLOR_COUNT}")


def _mask(values: ArrayLike, count: int) -> NDArray[np.bool_]:
    mask = np.asarray(values, dtype=bool).reshape(-1)
    return mask if len(mask) else np.zeros(count, dtype=bool)


def _marker(label: int, is_test: bool, palette: Palette) -> str:
    """Return the marker of a class, filled for training and outlined for test points; from the fifth on a digit."""
    if not 0 <= label < _FILLED_MARKERS:
        return str(label % 10)
    return palette.glyphs.classes[label + _FILLED_MARKERS * int(is_test)]
