"""The line along which a quantity is zero, drawn over a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, on_background
from nn_tui.tui.draw.palette import Palette

_LEAST_FOR_SLOPE = 2
_FLAT = 25.0  # degrees within which a line is drawn level or upright


def draw_zero_line(
    canvas: Canvas, values: Array, papers: Sequence[Sequence[Style]], per_line: int, palette: Palette
) -> None:
    """A line of slanted characters where ``values`` (lines, columns), one a cell, go through zero.

    ``papers`` are the styles below it, ``per_line`` rows of them a line.
    """
    if min(values.shape) < _LEAST_FOR_SLOPE or not np.isfinite(values).all():
        return
    size, sign = np.abs(values), values >= 0
    down, right = (np.asarray(slope) for slope in np.gradient(values))
    on = np.zeros(values.shape, dtype=bool)
    # A steep line has one place a row, a flat one a place a column: more would draw it double.
    for axis, ways in ((0, np.abs(down) > np.abs(right)), (1, np.abs(down) <= np.abs(right))):
        near, far = (np.delete(size, end, axis) for end in (-1, 0))
        crossed = np.diff(sign, axis=axis)
        pad = [(0, 0), (0, 0)]
        pad[axis] = (0, 1)
        on |= ways & np.pad(crossed & (near <= far), pad)
        pad[axis] = (1, 0)
        on |= ways & np.pad(crossed & (near > far), pad)
    glyphs, ink = palette.glyphs, palette.style("title")
    for y, x in np.argwhere(on).tolist():
        # A cell is about twice as tall as it is wide.
        slope = math.degrees(math.atan2(float(down[y, x]) / 2, float(right[y, x]))) % 180
        upright = slope < _FLAT / 2 or slope > 180 - _FLAT / 2
        glyph = glyphs.vline if upright else glyphs.hline if abs(slope - 90) < _FLAT else ""
        glyph = glyph or (glyphs.up if slope < 90 else glyphs.down)
        canvas.put(x, y, glyph, on_background(ink, papers[y * per_line][x]))
