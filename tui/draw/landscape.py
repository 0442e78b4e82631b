"""The loss landscape: a slice of the loss in bands of its logarithm, with the path of the training and its end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.core.analysis.landscape import Landscape
from nn_tui.core.spec import Array
from nn_tui.core.text import ascii_text
from nn_tui.core.translation import Message, tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, clip, half_block, put_items
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import LEVELS, NumberScale, Palette, levels

_BANDS = 12  # their edges are contour lines
_MAX_DECADES = 8.0  # otherwise a loss of 0 would put all others into one band
_MIN_HEIGHT_FOR_LEGEND = 6
_MIN_HEIGHT_FOR_X_AXIS, _MIN_WIDTH_FOR_X_AXIS = 8, 24
_MIN_WIDTH_FOR_Y_AXIS = 40
_LEGEND_LEVELS = 8
_ASCII_PATH, _ASCII_END = "o", "@"  # no shade uses these

_PICTURE = "\0"  # the place of a picture in a sentence


def draw_landscape(landscape: Landscape, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the slice, dark (or blank) where the loss is low, with axes and a legend if there is room."""
    canvas = Canvas(width, height, palette)
    has_legend = canvas.height >= _MIN_HEIGHT_FOR_LEGEND
    has_x_axis = canvas.height >= _MIN_HEIGHT_FOR_X_AXIS and canvas.width >= _MIN_WIDTH_FOR_X_AXIS
    has_y_axis = has_x_axis and canvas.width >= _MIN_WIDTH_FOR_Y_AXIS
    y_labels = _labels(landscape.ys, palette) if has_y_axis else []
    left = max((cell_len(label) + 1 for label in y_labels), default=0)
    area = Region(left, 0, canvas.width - left, canvas.height - has_legend - has_x_axis)
    cell_levels = _draw_bands(canvas, _log_fractions(landscape.losses), palette, area)
    outside = _draw_path(canvas, landscape, palette, area, cell_levels)
    rows = (0, (area.height - 1) // 2, area.height - 1)
    for label, row in zip(reversed(y_labels), rows, strict=False):
        canvas.put(left - 1 - cell_len(label), row, label, palette.style("dim"))
    if has_x_axis:
        _draw_x_axis(canvas, landscape, palette, left, area.height)
    if has_legend:
        _draw_legend(canvas, landscape, palette, outside)
    return canvas.strips()


def _log_fractions(losses: Array) -> Array:
    """Return losses as fractions 0 to 1 of their range on a log scale, same shape; NaN stays, infinity is 1."""
    finite = losses[np.isfinite(losses)]
    positive = finite[finite > 0]
    if not positive.size:
        return np.where(np.isfinite(losses), 0.0, np.where(np.isnan(losses), np.nan, 1.0))
    high = np.log10(float(positive.max()))
    low = max(np.log10(float(positive.min())), high - _MAX_DECADES)
    with np.errstate(all="ignore"):
        fractions = (np.log10(np.maximum(losses, 0.0)) - low) / (high - low if high > low else 1.0)
    return np.where(np.isnan(losses), np.nan, np.clip(fractions, 0.0, 1.0))


def _draw_bands(canvas: Canvas, fractions: Array, palette: Palette, area: Region) -> NDArray[np.intp]:
    """Fill ``area`` with the bands.

    Args:
        canvas: The canvas.
        fractions: The losses as fractions 0 to 1, on the grid of the landscape.
        palette: Colours and characters.
        area: The cells to fill.

    Returns:
        The level of each cell in the palette's sequential ramp, (height, width).
    """
    rows_per_line = 2 if palette.has_half_blocks else 1
    bands = np.floor(_resample(fractions, area.height * rows_per_line, area.width) * _BANDS) / (_BANDS - 1)
    grid = levels(np.minimum(bands, 1.0), NumberScale("sequential", 1.0))
    ramp = palette.picture_ramp("sequential")
    for line in range(area.height):
        for column in range(area.width):
            level = int(grid[line * rows_per_line, column])
            cell: StyledText = (_shade(level, palette), ramp[level])
            if palette.has_half_blocks:
                cell = half_block(ramp[level], ramp[int(grid[line * rows_per_line + 1, column])], palette)
            canvas.set(area.x + column, area.y + line, *cell)
    return grid[::rows_per_line]


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


def _shade(level: int, palette: Palette) -> str:
    return "?" if level >= LEVELS else palette.glyphs.shade(level / (LEVELS - 1))


def _draw_path(
    canvas: Canvas, landscape: Landscape, palette: Palette, area: Region, cell_levels: NDArray[np.intp]
) -> int:
    """Draw the path and its end, and return how many points of the path lie outside of the slice."""
    outside = 0
    spans = [(float(axis[0]), float(axis[-1] - axis[0]) or 1.0) for axis in (landscape.xs, landscape.ys)]
    path_marker, end_marker = _markers(palette)
    last = len(landscape.path) - 1
    for index, point in enumerate(landscape.path):
        x, y = ((float(value) - low) / span for value, (low, span) in zip(point, spans, strict=True))
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            outside += 1
            continue
        column, row = min(area.width - 1, int(x * area.width)), min(area.height - 1, int((1 - y) * area.height))
        char, style = end_marker if index == last else path_marker
        if index < last and palette.has_color:
            style = palette.picture_ramp("sequential")[int(cell_levels[row, column])]
        canvas.put(area.x + column, area.y + row, char, style)
    return outside


def _markers(palette: Palette) -> tuple[StyledText, StyledText]:
    """Return the marker of a point of the path and that of its end; both are visible on every band."""
    glyphs = palette.glyphs
    path, end = (_ASCII_PATH, _ASCII_END) if glyphs.is_ascii else (glyphs.node, glyphs.current)
    return (path, palette.style("text")), (end, palette.style("selected"))


def _labels(values: Array, palette: Palette) -> list[str]:
    """Return the first, middle and last value of an axis as text."""
    labelled = (values[0], values[len(values) // 2], values[-1])
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
    (path, path_style), (end, end_style) = _markers(palette)
    loss = f"{landscape.loss:.4g}"
    items: list[list[StyledText]] = [[(end, end_style), (f" {loss}", text)]]
    finite = landscape.losses[np.isfinite(landscape.losses)]
    if finite.size:
        items.append(_scale_item(float(finite.min()), float(finite.max()), palette))
    if len(landscape.path) > 1:
        name = tr("path")
        if outside:
            name = tr("path {count} of {total} outside", count=outside, total=len(landscape.path))
        items.append([(path, path_style), (f" {name}", dim)])
    if np.isnan(landscape.losses).any():
        items.append([("?" if not palette.has_color else " ", palette.sequential(np.nan)), (" NaN", dim)])
    items.append([(f"{palette.glyphs.arrow_up} {_axis_name(landscape.names[1], palette)}", text)])
    if put_items(canvas, 0, canvas.height - 1, items) == 0:
        canvas.put(0, canvas.height - 1, clip(loss, canvas.width, palette), text)


def _scale_item(low: float, high: float, palette: Palette) -> list[StyledText]:
    """Return the colour scale between two losses for the legend."""
    dim, ramp = palette.style("dim"), palette.picture_ramp("sequential")
    scale = [
        (" " if palette.has_half_blocks else _shade(level, palette), ramp[level])
        for level in levels(np.linspace(0.0, 1.0, _LEGEND_LEVELS), NumberScale("sequential", 1.0)).tolist()
    ]
    text = tr("loss {low:.2g} {scale} {high:.2g} (log scale)", low=low, high=high, scale=_PICTURE)
    before, _, after = text.partition(_PICTURE)
    return [(before, dim), *scale, (after, dim)]
