"""Small images: a sample's pixels, and the first layer's weights laid out like them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, StyledText, clip, half_block
from nn_tui.tui.draw.palette import LEVELS, Palette, levels

_SIGNED = "=- +#"


def draw_image(
    values: Array, palette: Palette, width: int, height: int, *, limit: float | None = None, scale: str = "sequential"
) -> list[Strip]:
    """``values`` (rows, columns) as square pixels, as large as fits and in the middle.

    ``limit`` takes full colour (without it: the largest size); ``scale`` is sequential or diverging. Pixels
    that do not fit are left out evenly.
    """
    canvas = Canvas(width, height, palette)
    used = _limit([values], limit)
    if values.size:
        _paint(canvas, values, palette, (0, 0, canvas.width, canvas.height), used, scale)
    return canvas.strips()


def draw_images(
    images: Sequence[Array],
    palette: Palette,
    width: int,
    height: int,
    *,
    limit: float | None = None,
    scale: str = "diverging",
    names: Sequence[str] = (),
    selected: int | None = None,
    counted: bool = True,
) -> list[Strip]:
    """Several images of one shape side by side and below each other, as large as all of them fit.

    ``names`` stand above them. Where not all fit even at one pixel a dot, those around the ``selected`` one are
    shown, and if ``counted`` the last line says which.
    """
    canvas = Canvas(width, height, palette)
    shown = [image for image in images if image.size]
    if not shown:
        return canvas.strips()
    used = _limit(shown, limit)
    rows, columns = shown[0].shape
    across, tile_width, tile_height = _tiles(len(shown), rows, columns, canvas, palette, bool(names))
    down = max(1, canvas.height // tile_height)
    if across * down < len(shown) and counted:
        down = max(1, (canvas.height - 1) // tile_height)
    fits = min(len(shown), across * down)
    first = (selected or 0) // fits * fits
    for index in range(first, min(first + fits, len(shown))):
        place = index - first
        x, y = place % across * tile_width, place // across * tile_height
        if names and index < len(names):
            style = palette.style("selected" if index == selected else "dim")
            canvas.put(x, y, clip(names[index], tile_width - 1, palette), style)
        top = int(bool(names))
        area = (x, y + top, min(tile_width - 1, canvas.width - x), min(tile_height - top, canvas.height - y - top))
        _paint(canvas, shown[index], palette, area, used, scale)
    if fits < len(shown) and counted:
        last = min(first + fits, len(shown))
        note = f"{first + 1} to {last} of {len(shown)}"
        canvas.put(canvas.width - cell_len(note), canvas.height - 1, note, palette.style("dim"))
    return canvas.strips()


def pixel_at(
    shape: tuple[int, int], palette: Palette, width: int, height: int, x: int, y: int
) -> tuple[int, int] | None:
    """The (row, column) of the pixel that :func:`draw_image` has at a cell, the upper one of two; None beside it."""
    return _pixel_in(shape, palette, (0, 0, max(1, width), max(1, height)), x, y)


def image_at(
    count: int, shape: tuple[int, int], palette: Palette, width: int, height: int, x: int, y: int, *, selected: int = 0
) -> tuple[int, tuple[int, int] | None] | None:
    """Which image :func:`draw_images` has at a cell, with names and not counted, and which pixel, None for its name."""
    canvas = Canvas(width, height, palette)
    across, wide, tall = _tiles(count, *shape, canvas, palette, True)
    fits = min(count, across * max(1, canvas.height // tall))
    column, row = x // wide, y // tall
    index = row * across + column
    if column >= across or index >= fits:
        return None
    found = selected // fits * fits + index
    if found >= count:
        return None
    left, top = column * wide, row * tall
    if y == top:
        return found, None
    area = (left, top + 1, min(wide - 1, canvas.width - left), min(tall - 1, canvas.height - top - 1))
    pixel = _pixel_in(shape, palette, area, x, y)
    return None if pixel is None else (found, pixel)


def _limit(images: Sequence[Array], limit: float | None) -> float:
    if limit is not None:
        return limit
    return max((float(np.abs(i[np.isfinite(i)]).max(initial=0.0)) for i in images), default=0.0) or 1.0


def _pixel(palette: Palette) -> tuple[int, int]:
    """Cells across and pixel rows per line of the smallest square pixel: half blocks need colours."""
    return (1, 2) if palette.has_color and not palette.glyphs.is_ascii else (2, 1)


def _tiles(count: int, rows: int, columns: int, canvas: Canvas, palette: Palette, named: bool) -> tuple[int, int, int]:
    """(images a row, cells from one to the next, lines from one to the next) for the largest pixels."""
    across, per_line = _pixel(palette)
    for zoom in range(max(canvas.width, canvas.height), 0, -1):
        wide = columns * across * zoom + 1
        tall = math.ceil(rows * zoom / per_line) + int(named)
        fit = (canvas.width + 1) // wide
        if fit and fit * (canvas.height // tall) >= count:
            return min(fit, count), wide, tall
    wide, tall = columns * across + 1, math.ceil(rows / per_line) + int(named)
    return max(1, (canvas.width + 1) // wide), wide, min(tall, canvas.height)


def _paint(
    canvas: Canvas, values: Array, palette: Palette, area: tuple[int, int, int, int], limit: float, scale: str
) -> None:
    """Fill the area (x, y, width, height) with the image, centred in it."""
    if area[2] < 1 or area[3] < 1:
        return
    rows, columns = values.shape
    x0, y0, wide, tall = _placed(rows, columns, palette, area)
    per_line = _pixel(palette)[1]
    pick_x = (np.arange(wide) * columns // wide).clip(0, columns - 1)
    pick_y = (np.arange(tall) * rows // tall).clip(0, rows - 1)
    pixels = levels(values[np.ix_(pick_y, pick_x)], limit, scale)
    ramp = palette.ramp(scale)
    lines = -(-tall // per_line)
    blank = palette.style("text")
    for line in range(lines):
        for column in range(wide):
            level = int(pixels[line * per_line, column])
            if per_line == 1:
                canvas.set(x0 + column, y0 + line, _character(level, scale, palette), ramp[level])
                continue
            below = line * per_line + 1
            bottom = ramp[int(pixels[below, column])] if below < tall else blank
            cell: StyledText = half_block(ramp[level], bottom, palette)
            canvas.set(x0 + column, y0 + line, *cell)


def _placed(rows: int, columns: int, palette: Palette, area: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Where an image begins that is centred in the area, how many cells wide and how many dots high it is."""
    left, top, width, height = area
    across, per_line = _pixel(palette)
    zoom = max(1, min(width // (columns * across), height * per_line // rows))
    wide, tall = min(width, columns * across * zoom), min(height * per_line, rows * zoom)
    return left + (width - wide) // 2, top + (height - -(-tall // per_line)) // 2, wide, tall


def _pixel_in(
    shape: tuple[int, int], palette: Palette, area: tuple[int, int, int, int], x: int, y: int
) -> tuple[int, int] | None:
    if area[2] < 1 or area[3] < 1 or not shape[0] or not shape[1]:
        return None
    x0, y0, wide, tall = _placed(*shape, palette, area)
    across, down = x - x0, (y - y0) * _pixel(palette)[1]
    if not (0 <= across < wide and 0 <= down < tall):
        return None
    return down * shape[0] // tall, across * shape[1] // wide


def _character(level: int, scale: str, palette: Palette) -> str:
    """What stands for a colour without one: a shade, or a sign where values have signs."""
    if level >= (2 * LEVELS - 1 if scale == "diverging" else LEVELS):
        return "?"
    if scale == "diverging":
        return _SIGNED[round(level / (2 * LEVELS - 2) * (len(_SIGNED) - 1))]
    shades = palette.glyphs.shades
    return shades[round(level / (LEVELS - 1) * (len(shades) - 1))]
