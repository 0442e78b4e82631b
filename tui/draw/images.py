"""Small images: the pixels of a sample, or weights arranged like them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.core.display.number_scale import NumberScale, levels
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, clip, half_block
from nn_tui.tui.draw.palette import Palette


def draw_image(
    values: Array,
    palette: Palette,
    width: int,
    height: int,
    *,
    scale: NumberScale,
) -> list[Strip]:
    """Draw an image with square pixels, as large as fits, in the middle of the drawing.

    If not every pixel fits, rows and columns are left out at equal distances.

    Args:
        values: Pixels (rows, columns).
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        scale: The colour scale.
    """
    canvas = Canvas(width, height, palette)
    if values.size:
        _draw_pixels(canvas, values, palette, Region(0, 0, canvas.width, canvas.height), scale)
    return canvas.strips()


def draw_images(
    images: Sequence[Array],
    palette: Palette,
    width: int,
    height: int,
    *,
    names: Sequence[str],
    scale: NumberScale,
    selected: int | None = None,
) -> list[Strip]:
    """Draw several images in rows and columns, as large as fits.

    If not every image fits at one dot a pixel, only a group of them that contains ``selected`` is drawn.

    Args:
        images: Pixels (rows, columns) of each image, all of the same shape.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        names: The name above each image.
        scale: The colour scale.
        selected: Index of the image whose name is highlighted.
    """
    canvas = Canvas(width, height, palette)
    if not images:
        return canvas.strips()
    rows, columns = images[0].shape
    tiles_across, tile_width, tile_height = _tile_size(len(images), rows, columns, canvas.size, palette)
    visible = min(len(images), tiles_across * max(1, canvas.height // tile_height))
    first = (selected or 0) // visible * visible
    for index in range(first, min(first + visible, len(images))):
        row, column = divmod(index - first, tiles_across)
        x, y = column * tile_width, row * tile_height
        style = palette.style("selected" if index == selected else "dim")
        canvas.put(x, y, clip(names[index], tile_width - 1, palette), style)
        area = _image_area(x, y, tile_width, tile_height, canvas.size)
        _draw_pixels(canvas, images[index], palette, area, scale)
    return canvas.strips()


def pixel_at(
    shape: tuple[int, int], palette: Palette, width: int, height: int, x: int, y: int
) -> tuple[int, int] | None:
    """Return (row, column) of the pixel that :func:`draw_image` draws at a cell, the upper one of two; None outside."""
    return _pixel_in(shape, palette, Region(0, 0, max(1, width), max(1, height)), x, y)


def image_at(
    count: int, shape: tuple[int, int], palette: Palette, width: int, height: int, x: int, y: int, *, selected: int = 0
) -> tuple[int, tuple[int, int] | None] | None:
    """Return what :func:`draw_images` draws at a cell.

    Args:
        count: Number of images.
        shape: Shape (rows, columns) of each image.
        palette: As for the drawing.
        width: Width of the drawing in cells.
        height: Height of the drawing in lines.
        x: Column of the cell.
        y: Line of the cell.
        selected: As for the drawing.

    Returns:
        The index of the image and (row, column) of its pixel, or None for its name; None outside of the images.
    """
    size = max(1, width), max(1, height)
    tiles_across, tile_width, tile_height = _tile_size(count, *shape, size, palette)
    visible = min(count, tiles_across * max(1, size[1] // tile_height))
    column, row = x // tile_width, y // tile_height
    position = row * tiles_across + column
    index = selected // visible * visible + position
    if column >= tiles_across or position >= visible or index >= count:
        return None
    left, top = column * tile_width, row * tile_height
    if y == top:
        return index, None
    pixel = _pixel_in(shape, palette, _image_area(left, top, tile_width, tile_height, size), x, y)
    return None if pixel is None else (index, pixel)


def images_that_fit(shape: tuple[int, int], palette: Palette, width: int, height: int) -> int:
    """Return how many images of a shape (rows, columns) :func:`draw_images` draws at one dot a pixel; at least 1."""
    cells_across, rows_per_line = _pixel_size(palette)
    across = (width + 1) // (shape[1] * cells_across + 1)
    return max(1, across) * max(1, height // (math.ceil(shape[0] / rows_per_line) + 1))


def _pixel_size(palette: Palette) -> tuple[int, int]:
    """Return the cells across and the pixel rows in a line of the smallest square pixel."""
    return (1, 2) if palette.has_half_blocks else (2, 1)


def _tile_size(count: int, rows: int, columns: int, size: tuple[int, int], palette: Palette) -> tuple[int, int, int]:
    """Return (images in a row, width, height) of the largest tiles for an image and its name that fit ``size``."""
    width, height = size
    cells_across, rows_per_line = _pixel_size(palette)
    for zoom in range(max(width, height), 0, -1):
        tile_width = columns * cells_across * zoom + 1
        tile_height = math.ceil(rows * zoom / rows_per_line) + 1
        tiles_across = (width + 1) // tile_width
        if tiles_across and tiles_across * (height // tile_height) >= count:
            return min(tiles_across, count), tile_width, tile_height
    tile_width, tile_height = columns * cells_across + 1, math.ceil(rows / rows_per_line) + 1
    return max(1, (width + 1) // tile_width), tile_width, min(tile_height, height)


def _image_area(x: int, y: int, tile_width: int, tile_height: int, size: tuple[int, int]) -> Region:
    """Return the cells of a tile at (x, y) below its name, inside a drawing of ``size`` (width, height)."""
    width, height = size
    return Region(x, y + 1, min(tile_width - 1, width - x), min(tile_height - 1, height - y - 1))


def _draw_pixels(canvas: Canvas, values: Array, palette: Palette, area: Region, scale: NumberScale) -> None:
    """Draw an image in the middle of ``area``."""
    if area.width < 1 or area.height < 1:
        return
    rows, columns = values.shape
    x0, y0, width, dots = _placement(rows, columns, palette, area)
    rows_per_line = _pixel_size(palette)[1]
    column_of = (np.arange(width) * columns // width).clip(0, columns - 1)
    row_of = (np.arange(dots) * rows // dots).clip(0, rows - 1)
    pixels = levels(values[np.ix_(row_of, column_of)], scale)
    ramp, blank = palette.picture_ramp(scale.kind), palette.style("text")
    for line in range(-(-dots // rows_per_line)):
        for column in range(width):
            level = int(pixels[line * rows_per_line, column])
            if rows_per_line == 1:
                canvas.set(x0 + column, y0 + line, palette.picture_character(level, scale.kind), ramp[level])
                continue
            below = line * rows_per_line + 1
            bottom = ramp[int(pixels[below, column])] if below < dots else blank
            canvas.set(x0 + column, y0 + line, *half_block(ramp[level], bottom, palette))


def _placement(rows: int, columns: int, palette: Palette, area: Region) -> tuple[int, int, int, int]:
    """Return (x, y, width in cells, height in pixel rows) of an image in the middle of ``area``."""
    cells_across, rows_per_line = _pixel_size(palette)
    zoom = max(1, min(area.width // (columns * cells_across), area.height * rows_per_line // rows))
    width, dots = min(area.width, columns * cells_across * zoom), min(area.height * rows_per_line, rows * zoom)
    return area.x + (area.width - width) // 2, area.y + (area.height - -(-dots // rows_per_line)) // 2, width, dots


def _pixel_in(shape: tuple[int, int], palette: Palette, area: Region, x: int, y: int) -> tuple[int, int] | None:
    """Return (row, column) of the pixel at a cell of an image in the middle of ``area``."""
    if area.width < 1 or area.height < 1 or not shape[0] or not shape[1]:
        return None
    x0, y0, width, dots = _placement(*shape, palette, area)
    across, down = x - x0, (y - y0) * _pixel_size(palette)[1]
    if not (0 <= across < width and 0 <= down < dots):
        return None
    return down * shape[0] // dots, across * shape[1] // width
