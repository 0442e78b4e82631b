"""The outputs of a network over the plane of its two inputs, with the data points.

Colours are those of the outputs: two classes on the diverging scale, more classes in a colour each, both paler where
the network is less confident. The marker of a point shows its class; a wrong prediction is a cross.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.core.translation import message, tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, draw_message, on_background, put_items
from nn_tui.tui.draw.contour import draw_zero_line
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.shading import (
    background_styles,
    class_characters,
    draw_scale,
    fill_cells,
    shade_characters,
    to_fractions,
)

Extent = tuple[float, float, float, float]
"""A rectangle of the plane: (min x, max x, min y, max y)."""

NO_OUTPUTS = message("No outputs yet.")

_FILLED_MARKERS = 4  # markers of classes that have a filled and an outlined form
_MIN_HEIGHT_FOR_LEGEND = 6
_MAX_EXTENT = 4e307  # a wider extent would be infinite


def fit_extent(points: ArrayLike, margin: float = 0.1) -> Extent:
    """Return a rectangle around the finite points (n, 2), wider on every side by ``margin`` of their range."""
    data = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    data = data[np.isfinite(data).all(axis=1)]
    if not len(data):
        return (-1.0, 1.0, -1.0, 1.0)
    sides: list[float] = []
    for column in data.T:
        low, high = float(column.min()), float(column.max())
        with np.errstate(over="ignore"):
            pad = (high - low) * margin or 1.0
        sides += [max(low - pad, -_MAX_EXTENT), min(high + pad, _MAX_EXTENT)]
    return (sides[0], sides[1], sides[2], sides[3])


def region_shape(width: int, height: int, palette: Palette) -> tuple[int, int]:
    """Return (rows, columns) of the grid that fills a drawing: with half blocks, two rows in each line."""
    return (_plot_lines(height) * (2 if palette.has_half_blocks else 1), max(1, width))


def region_points(extent: Extent, width: int, height: int, palette: Palette) -> Array:
    """Return the inputs (rows·columns, 2) at which :func:`draw_regions` needs outputs, row by row from the top."""
    rows, columns = region_shape(width, height, palette)
    x_low, x_high, y_low, y_high = extent
    # Each point is in the middle of its cell, so that the sides of the extent are the sides of the drawing.
    xs = x_low + (np.arange(columns) + 0.5) / columns * (x_high - x_low)
    ys = y_high - (np.arange(rows) + 0.5) / rows * (y_high - y_low)
    return np.stack([np.tile(xs, rows), np.repeat(ys, columns)], axis=1)


def draw_regions(
    outputs: Array,
    points: Array,
    labels: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    extent: Extent,
    *,
    test: ArrayLike | None = None,
    wrong: ArrayLike | None = None,
    names: Sequence[str] = (),
    cursor: int | None = None,
    line: Array | None = None,
    line_name: str = "",
) -> list[Strip]:
    """Draw decision regions and the data points.

    Args:
        outputs: Outputs at :func:`region_points`: (n,) or (n, 1) of one unit, (n, K) of several.
        points: Inputs (m, 2) of the data.
        labels: Classes (m,) of the data.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        extent: The rectangle that is drawn.
        test: Mask (m,) of the points in the test set, drawn as outlines.
        wrong: Mask (m,) of the points with a wrong prediction, drawn as crosses.
        names: Names of the classes for the legend.
        cursor: Index of the point to highlight.
        line: A value (n,) for each of :func:`region_points`; a line is drawn where it changes its sign.
        line_name: Name of that line for the legend.
    """
    width, height = max(1, width), max(1, height)
    rows, columns = region_shape(width, height, palette)
    if outputs.size == 0 or len(outputs) != rows * columns:
        return draw_message(NO_OUTPUTS, palette, width, height)
    grid = outputs.reshape(rows, columns, -1)
    canvas = Canvas(width, height, palette)
    backgrounds = background_styles(grid, palette)
    fill_cells(canvas, backgrounds, class_characters(grid, palette), palette)
    rows_per_line = rows // _plot_lines(height)
    if line is not None:
        values = line.reshape(-1, rows_per_line, columns).mean(axis=1)
        draw_zero_line(canvas, values, backgrounds, rows_per_line, palette)
    classes = np.asarray(labels, dtype=np.intp).reshape(-1)
    is_test = np.zeros(len(classes), bool) if test is None else np.asarray(test, bool)
    is_wrong = np.zeros(len(classes), bool) if wrong is None else np.asarray(wrong, bool)
    is_binary = grid.shape[2] == 1
    # Wrong predictions cover right ones, and the highlighted point covers all.
    for k in sorted(range(len(classes)), key=lambda k: (k == cursor, bool(is_wrong[k]))):
        cell = _cell_of(points[k], extent, columns, _plot_lines(height))
        if cell is None:
            continue
        x, y = cell
        label = int(classes[k])
        marker = palette.glyphs.diverged if is_wrong[k] else _marker(label, bool(is_test[k]), palette)
        background = backgrounds[y * rows_per_line][x]
        # Sixteen colours have no paler ones: a point in the colour of its region would be invisible.
        foreground = _class_style(label, is_binary, palette) if palette.background[0] == "#" else background
        style = palette.style("selected") if k == cursor else on_background(foreground, background)
        canvas.put(x, y, marker, style)
    if height >= _MIN_HEIGHT_FOR_LEGEND:
        _draw_legend(canvas, palette, names, is_binary, bool(is_test.any()), bool(is_wrong.any()), line_name)
    return canvas.strips()


def draw_surface(
    outputs: Array,
    points: Array,
    targets: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    extent: Extent,
    *,
    cursor: int | None = None,
    point_name: str = "",
) -> list[Strip]:
    """Draw one numeric output over the plane, with the points in the colours of their targets.

    The scale is diverging around 0 if there are negative values, and otherwise sequential. The last line shows it.

    Args:
        outputs: Outputs (n,) or (n, 1) at :func:`region_points`.
        points: Inputs (m, 2) of the data.
        targets: Targets (m,) of the data.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        extent: The rectangle that is drawn.
        cursor: Index of the point to highlight.
        point_name: Name of the points' values for the legend; "" for the targets.
    """
    width, height = max(1, width), max(1, height)
    rows, columns = region_shape(width, height, palette)
    if outputs.size != rows * columns:
        return draw_message(NO_OUTPUTS, palette, width, height)
    grid = np.asarray(outputs, dtype=np.float64).reshape(rows, columns)
    point_values = np.asarray(targets, dtype=np.float64).reshape(-1)
    finite = np.concatenate([grid[np.isfinite(grid)], point_values[np.isfinite(point_values)]])
    limit = float(np.abs(finite).max(initial=0.0)) or 1.0
    is_signed = bool((finite < 0).any())
    style_of = palette.diverging if is_signed else palette.sequential
    backgrounds = [[style_of(value) for value in row] for row in to_fractions(grid, limit).tolist()]
    canvas = Canvas(width, height, palette)
    characters = None if palette.has_half_blocks else shade_characters(np.abs(grid) / limit, palette)
    fill_cells(canvas, backgrounds, characters, palette)
    for k, fraction in enumerate(to_fractions(point_values, limit).tolist()):
        cell = _cell_of(points[k], extent, columns, _plot_lines(height))
        if cell is not None:
            canvas.put(*cell, palette.glyphs.node, palette.style("selected") if k == cursor else style_of(fraction))
    if height >= _MIN_HEIGHT_FOR_LEGEND:
        x = draw_scale(canvas, height - 1, limit, is_signed, palette)
        name = point_name or tr("target")
        if x + 5 + cell_len(name) <= width:
            canvas.put(x + 3, height - 1, f"{palette.glyphs.node} {name}", palette.style("dim"))
    return canvas.strips()


def region_point_at(points: Array, extent: Extent, width: int, height: int, x: int, y: int) -> int | None:
    """Return the index of the point that is drawn at a cell or next to it.

    Args:
        points: The points (m, 2) of :func:`draw_regions` or :func:`draw_surface`.
        extent: The rectangle that is drawn.
        width: Width of the drawing in cells.
        height: Height of the drawing in lines.
        x: Column of the cell.
        y: Line of the cell.
    """
    best: tuple[int, int] | None = None
    for k, point in enumerate(points):
        cell = _cell_of(point, extent, width, _plot_lines(height))
        if cell is None:
            continue
        distance = max(abs(cell[0] - x), abs(cell[1] - y))
        if distance <= 1 and (best is None or distance < best[0]):
            best = (distance, k)
    return None if best is None else best[1]


def _plot_lines(height: int) -> int:
    """Return the lines of a drawing above its legend."""
    return max(1, height) - int(height >= _MIN_HEIGHT_FOR_LEGEND)


def _cell_of(point: Array, extent: Extent, columns: int, rows: int) -> tuple[int, int] | None:
    """Return (column, row) of a point (2,), or None outside of the extent."""
    x_low, x_high, y_low, y_high = extent
    x, y = (point[0] - x_low) / (x_high - x_low), (y_high - point[1]) / (y_high - y_low)
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    return min(columns - 1, int(x * columns)), min(rows - 1, int(y * rows))


def _marker(label: int, is_test: bool, palette: Palette) -> str:
    """Return the marker of a class, filled for training and outlined for test points; from the fifth on a digit."""
    if not 0 <= label < _FILLED_MARKERS:
        return str(label % 10)
    return palette.glyphs.classes[label + _FILLED_MARKERS * int(is_test)]


def _class_style(label: int, is_binary: bool, palette: Palette) -> Style:
    if is_binary:
        return palette.diverging_fg(1.0 if label else -1.0)
    return palette.style(f"class{label % 10}")


def _draw_legend(
    canvas: Canvas,
    palette: Palette,
    names: Sequence[str],
    is_binary: bool,
    has_test: bool,
    has_wrong: bool,
    line_name: str,
) -> None:
    text, dim = palette.style("text"), palette.style("dim")
    items: list[list[StyledText]] = [
        [(_marker(k, False, palette) + " ", _class_style(k, is_binary, palette)), (name, text)]
        for k, name in enumerate(names)
    ]
    if has_wrong:
        items.append([(palette.glyphs.diverged + " ", text), (tr("wrong"), dim)])
    if has_test:
        items.append([(_marker(0, True, palette) + _marker(1, True, palette) + " ", text), (tr("test"), dim)])
    if line_name:
        items.append([(palette.glyphs.down + " ", palette.style("title")), (line_name, dim)])
    put_items(canvas, 0, canvas.height - 1, items)
