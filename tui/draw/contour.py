"""The line where numbers over a plane change their sign."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, on_background
from nn_tui.tui.draw.glyphs import BRAILLE_DOTS, braille
from nn_tui.tui.draw.palette import Palette

_MIN_SIZE = 2  # values along each axis that a slope needs
_FLAT_ANGLE = 25.0  # degrees in which a character of a line is horizontal or vertical
_DOT_ROWS, _DOT_COLUMNS = 4, 2  # dots of a braille character


def draw_zero_line(
    canvas: Canvas,
    offset: tuple[int, int],
    values: Array,
    backgrounds: Sequence[Sequence[Style]],
    palette: Palette,
) -> None:
    """Draw the line where ``values`` change their sign, in dots; in ASCII with characters that show its direction.

    Args:
        canvas: The canvas with the picture.
        offset: The cell (x, y) at the top left of the picture.
        values: One value for each style of the picture (rows, columns).
        backgrounds: The styles of the picture, one or two rows of them in each line.
        palette: Gives the characters and the colour of the line.
    """
    rows_per_line = 2 if palette.has_half_blocks else 1
    lines, columns = len(values) // rows_per_line, values.shape[1]
    if min(lines, columns) < _MIN_SIZE or not np.isfinite(values).all():
        return
    by_line = values.reshape(lines, rows_per_line, columns).mean(axis=1)
    cells = _characters(by_line, palette) if palette.glyphs.is_ascii else _dots(values, lines)
    for (x, y), char in cells.items():
        background = backgrounds[y * rows_per_line][x]
        # A style with a background has a foreground that is readable on it.
        style = background if background.bgcolor and palette.has_half_blocks else palette.style("title")
        canvas.put(offset[0] + x, offset[1] + y, char, on_background(style, background))


def _dots(values: Array, lines: int) -> dict[tuple[int, int], str]:
    """Return the braille character of each cell (x, y) that the line goes through."""
    fine = _resampled(_resampled(values, lines * _DOT_ROWS).T, values.shape[1] * _DOT_COLUMNS).T
    bits: dict[tuple[int, int], int] = {}
    for y, x in np.argwhere(_is_on_line(fine)).tolist():
        cell = (x // _DOT_COLUMNS, y // _DOT_ROWS)
        bits[cell] = bits.get(cell, 0) | BRAILLE_DOTS[y % _DOT_ROWS][x % _DOT_COLUMNS]
    return {cell: braille(dots) for cell, dots in bits.items()}


def _resampled(values: Array, count: int) -> Array:
    """Interpolate the rows of ``values`` (rows, columns) linearly at the middles of ``count`` equal parts."""
    rows = len(values)
    position = np.clip((np.arange(count) + 0.5) / count * rows - 0.5, 0, rows - 1)
    low = np.minimum(position.astype(np.intp), rows - 2)
    part = (position - low)[:, None]
    return np.asarray(values[low] * (1 - part) + values[low + 1] * part)


def _characters(values: Array, palette: Palette) -> dict[tuple[int, int], str]:
    """Return the character of each cell (x, y) that the line goes through."""
    glyphs, found = palette.glyphs, {}
    down, right = (np.asarray(slope) for slope in np.gradient(values))
    for y, x in np.argwhere(_is_on_line(values)).tolist():
        # The angle of the gradient; a cell is about twice as tall as it is wide.
        angle = math.degrees(math.atan2(float(down[y, x]) / 2, float(right[y, x]))) % 180
        if angle < _FLAT_ANGLE / 2 or angle > 180 - _FLAT_ANGLE / 2:
            found[x, y] = glyphs.vline
        elif abs(angle - 90) < _FLAT_ANGLE:
            found[x, y] = glyphs.hline
        else:
            found[x, y] = glyphs.up if angle < 90 else glyphs.down
    return found


def _is_on_line(values: Array) -> NDArray[np.bool_]:
    """Return where ``values`` (rows, columns) change their sign: one place for each crossing.

    A steep line takes one place of each row, a flat one a place of each column; more would draw it twice.
    """
    size, sign = np.abs(values), values >= 0
    down, right = (np.abs(slope) for slope in np.gradient(values))
    on_line = np.zeros(values.shape, dtype=bool)
    for axis, mask in ((0, down > right), (1, down <= right)):
        before, after = (np.delete(size, end, axis) for end in (-1, 0))
        crossed = np.diff(sign, axis=axis)
        padding = [(0, 0), (0, 0)]
        padding[axis] = (0, 1)
        on_line |= mask & np.pad(crossed & (before <= after), padding)
        padding[axis] = (1, 0)
        on_line |= mask & np.pad(crossed & (before > after), padding)
    return on_line
