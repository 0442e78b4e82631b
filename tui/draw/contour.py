"""The contour line along which a quantity is zero, drawn over a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, on_background
from nn_tui.tui.draw.palette import Palette

_MIN_SIZE = 2  # values along each axis that a slope needs
_FLAT_ANGLE = 25.0  # degrees in which the line is drawn as horizontal or vertical


def draw_zero_line(
    canvas: Canvas, values: Array, backgrounds: Sequence[Sequence[Style]], rows_per_line: int, palette: Palette
) -> None:
    """Draw the line where ``values`` change their sign, with characters that show its direction.

    Args:
        canvas: The canvas with the picture.
        values: One value for each cell (lines, columns).
        backgrounds: The styles of the picture, ``rows_per_line`` rows of them in each line.
        rows_per_line: 1, or 2 if the picture is drawn in half blocks.
        palette: Gives the characters and the colour of the line.
    """
    if min(values.shape) < _MIN_SIZE or not np.isfinite(values).all():
        return
    size, sign = np.abs(values), values >= 0
    down, right = (np.asarray(slope) for slope in np.gradient(values))
    on_line = np.zeros(values.shape, dtype=bool)
    # A steep line takes one cell of each row, a flat one a cell of each column; more would draw it twice.
    for axis, mask in ((0, np.abs(down) > np.abs(right)), (1, np.abs(down) <= np.abs(right))):
        before, after = (np.delete(size, end, axis) for end in (-1, 0))
        crossed = np.diff(sign, axis=axis)
        padding = [(0, 0), (0, 0)]
        padding[axis] = (0, 1)
        on_line |= mask & np.pad(crossed & (before <= after), padding)
        padding[axis] = (1, 0)
        on_line |= mask & np.pad(crossed & (before > after), padding)
    glyphs, style = palette.glyphs, palette.style("title")
    for y, x in np.argwhere(on_line).tolist():
        # The angle of the gradient; a cell is about twice as tall as it is wide.
        angle = math.degrees(math.atan2(float(down[y, x]) / 2, float(right[y, x]))) % 180
        if angle < _FLAT_ANGLE / 2 or angle > 180 - _FLAT_ANGLE / 2:
            glyph = glyphs.vline
        elif abs(angle - 90) < _FLAT_ANGLE:
            glyph = glyphs.hline
        else:
            glyph = glyphs.up if angle < 90 else glyphs.down
        canvas.put(x, y, glyph, on_background(style, backgrounds[y * rows_per_line][x]))
