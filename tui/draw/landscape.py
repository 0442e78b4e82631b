"""The loss landscape: a slice of the loss in bands of its logarithm, with the path of the training and its end."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.core.analysis.landscape import Landscape
from nn_tui.core.analysis.landscape_bands import BANDS, MAX_DECADES, log_fractions, loss_range, path_on_curve
from nn_tui.core.display.number_scale import NumberScale, levels
from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.core.text import ascii_text
from nn_tui.core.translation import Message, tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, clip, put_items
from nn_tui.tui.draw.landscape_path import draw_path, line_cells, markers
from nn_tui.tui.draw.legend import MIN_HEIGHT_FOR_LEGEND
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.shading import fill_cells, number_characters, number_styles

_MIN_HEIGHT_FOR_X_AXIS, _MIN_WIDTH_FOR_X_AXIS = 8, 24
_MIN_WIDTH_FOR_Y_AXIS = 40
_LEGEND_LEVELS = 8
_SCALE = NumberScale("sequential", 1.0)  # of losses as fractions
_PICTURE = "\0"  # the place of a picture in a sentence


def draw_landscape(landscape: Landscape, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the slice, dark (or blank) where the loss is low, with axes and a legend if there is room.

    With a single row of losses, draw the curve of the loss.
    """
    canvas = Canvas(width, height, palette)
    has_legend = canvas.height >= MIN_HEIGHT_FOR_LEGEND
    has_x_axis = canvas.height >= _MIN_HEIGHT_FOR_X_AXIS and canvas.width >= _MIN_WIDTH_FOR_X_AXIS
    has_y_axis = has_x_axis and canvas.width >= _MIN_WIDTH_FOR_Y_AXIS
    is_curve = len(landscape.ys) == 1
    ys, path = landscape.ys, landscape.path
    if is_curve:
        path = path_on_curve(landscape)
        ys = np.array(loss_range(landscape.losses[0], path[:, 1]))
    y_labels = _labels(ys, palette) if has_y_axis else []
    left = max((cell_len(label) + 1 for label in y_labels), default=0)
    area = Region(left, 0, canvas.width - left, canvas.height - has_legend - has_x_axis)
    text = palette.style("text")
    if is_curve:
        _draw_curve(canvas, landscape, ys, palette, area)
    else:
        styles = _draw_bands(canvas, log_fractions(landscape.losses), palette, area)

    def style_at(column: int, row: int) -> Style:
        return text if is_curve or not palette.has_color else styles[row][column]

    points = _fractions(path, landscape.xs, ys)
    outside = draw_path(canvas, area, points, landscape.updates, palette, style_at, connect=not is_curve)
    rows = (0, (area.height - 1) // 2, area.height - 1)
    for label, row in zip(reversed(y_labels), rows, strict=False):
        canvas.put(left - 1 - cell_len(label), row, label, palette.style("dim"))
    if has_x_axis:
        _draw_x_axis(canvas, landscape, palette, left, area.height)
    if has_legend:
        _draw_legend(canvas, landscape, palette, outside)
    return canvas.strips()


def _draw_bands(canvas: Canvas, fractions: Array, palette: Palette, area: Region) -> list[list[Style]]:
    """Fill ``area`` with the bands.

    Args:
        canvas: The canvas.
        fractions: The losses as fractions 0 to 1, on the grid of the landscape.
        palette: Colours and characters.
        area: The cells to fill.

    Returns:
        The style of each cell by line; of two in a cell of half blocks, the upper one.
    """
    rows_per_line = 2 if palette.has_half_blocks else 1
    bands = np.floor(_resample(fractions, area.height * rows_per_line, area.width) * BANDS) / (BANDS - 1)
    values = np.minimum(bands, 1.0)
    styles = number_styles(values, _SCALE, palette)
    fill_cells(canvas, area.offset, styles, number_characters(values, _SCALE, palette), palette)
    return styles[::rows_per_line]


def _resample(grid: Array, rows: int, columns: int) -> Array:
    """Interpolate a grid, whose first row is the lowest, at (rows, columns) points from the top.

    A point next to a NaN takes the value of the nearest grid point, so that NaN does not spread.
    """
    y = (rows - 0.5 - np.arange(rows)) / rows * (grid.shape[0] - 1)
    x = (np.arange(columns) + 0.5) / columns * (grid.shape[1] - 1)
    y0, x0 = y.astype(np.intp), x.astype(np.intp)
    y1, x1 = np.minimum(y0 + 1, grid.shape[0] - 1), np.minimum(x0 + 1, grid.shape[1] - 1)
    fy, fx = (y - y0)[:, None], x - x0
    lower = grid[np.ix_(y0, x0)] * (1 - fx) + grid[np.ix_(y0, x1)] * fx
    upper = grid[np.ix_(y1, x0)] * (1 - fx) + grid[np.ix_(y1, x1)] * fx
    mixed = lower * (1 - fy) + upper * fy
    nearest = grid[np.ix_(np.rint(y).astype(np.intp), np.rint(x).astype(np.intp))]
    return np.where(np.isnan(mixed), nearest, mixed)


def _draw_curve(canvas: Canvas, landscape: Landscape, ys: Array, palette: Palette, area: Region) -> None:
    """Draw the loss over one parameter, from the first of ``ys`` at the bottom to the last at the top."""
    losses = landscape.losses[0]
    fractions = _fractions(np.stack([landscape.xs, losses], axis=1), landscape.xs, ys)
    for (column, row), char in line_cells(fractions, area.width, area.height, palette.glyphs).items():
        canvas.put(area.x + column, area.y + row, char, palette.style("accent"))


def _fractions(points: Array, xs: Array, ys: Array) -> Array:
    """Return points (n, 2) as fractions of the picture, from its lower left corner."""
    low, high = np.array([xs[0], ys[0]]), np.array([xs[-1], ys[-1]])
    with np.errstate(all="ignore"):
        return np.asarray((points - low) / np.where(high > low, high - low, 1.0))


def _labels(values: Array, palette: Palette) -> list[str]:
    """Return the first, middle and last value of an axis as text."""
    labelled = (values[0], (values[0] + values[-1]) / 2, values[-1])
    return [fmt(float(value), 2, glyphs=palette.glyphs).strip() for value in labelled]


def _axis_name(name: str | Message, palette: Palette) -> str:
    return ascii_text(str(name)) if palette.glyphs.is_ascii else str(name)


def _draw_x_axis(canvas: Canvas, landscape: Landscape, palette: Palette, left: int, row: int) -> None:
    low, middle, high = _labels(landscape.xs, palette)
    dim, width = palette.style("dim"), canvas.width - left
    next_free = canvas.put(left, row, low, dim)
    end = canvas.width - cell_len(high)
    canvas.put(end, row, high, dim)
    start = left + (width - cell_len(middle)) // 2
    if start > next_free and start + cell_len(middle) < end:
        next_free = canvas.put(start, row, middle, dim)
    name = f"{_axis_name(landscape.names[0], palette)} {palette.glyphs.arrow}"
    if cell_len(name) <= end - next_free - 2:
        canvas.put(end - 1 - cell_len(name), row, name, palette.style("text"))


def _draw_legend(canvas: Canvas, landscape: Landscape, palette: Palette, outside: int) -> None:
    text, dim = palette.style("text"), palette.style("dim")
    start, point, end = markers(palette)
    loss = f"{landscape.loss:.4g}"
    name = f"{palette.glyphs.arrow_up} {_axis_name(landscape.names[1], palette)}"
    items: list[list[StyledText]] = [[end, (f" {loss}", text)], [(name, text)]]
    finite = landscape.losses[np.isfinite(landscape.losses)]
    if finite.size and len(landscape.ys) > 1:
        items.append(_scale_item(float(finite.min()), float(finite.max()), palette))
    if np.isnan(landscape.losses).any():
        items.append([("?" if not palette.has_color else " ", palette.sequential(np.nan)), (" NaN", dim)])
    if len(landscape.path) > 1:
        path = tr("path")
        if outside:
            path = tr("path {count} of {total} outside", count=outside, total=len(landscape.path))
        items.append([start, (f" {tr('start')} ", dim), point, (f" {path}", dim)])
    if put_items(canvas, 0, canvas.height - 1, items) == 0:
        canvas.put(0, canvas.height - 1, clip(loss, canvas.width, palette), text)


def _scale_item(low: float, high: float, palette: Palette) -> list[StyledText]:
    """Return the colour scale between two losses for the legend."""
    dim, ramp = palette.style("dim"), palette.picture_ramp("sequential")
    scale = [
        (" " if palette.has_half_blocks else palette.picture_character(level, "sequential"), ramp[level])
        for level in levels(np.linspace(0.0, 1.0, _LEGEND_LEVELS), _SCALE).tolist()
    ]
    least = high / 10**MAX_DECADES
    shown = f"{low:.2g}" if low >= least else f"{palette.glyphs.at_most}{least:.2g}"
    text = tr("loss {low} {scale} {high:.2g} (log scale)", low=shown, high=high, scale=_PICTURE)
    before, _, after = text.partition(_PICTURE)
    return [(before, dim), *scale, (after, dim)]
