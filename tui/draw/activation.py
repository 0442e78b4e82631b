"""The curve of an activation function, with a marked point and the tangent through it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.glyphs import BRAILLE_DOTS, braille
from nn_tui.tui.draw.palette import Palette

_MIN_RANGE = 4.0  # z is drawn at least from −4 to 4
_MAX_Z = 1e6
_TANGENT = 0.3  # of the width, on each side of the point
_MARGIN = 0.06  # of the range of the values, above and below them


def draw_activation(
    function: Callable[[Array], Array], z: float, a: float, slope: float, palette: Palette, width: int, height: int
) -> list[Strip]:
    """Draw an activation function around 0 and ``z``.

    The point (z, a) and its tangent are drawn only if they are finite and |z| is less than a million.

    Args:
        function: Maps an array of z to the activations, same shape.
        z: The pre-activation to mark.
        a: The activation at ``z``.
        slope: The derivative at ``z``.
    """
    canvas = Canvas(width, height, palette)
    glyphs, dim = palette.glyphs, palette.style("dim")
    rows = canvas.height - 1
    has_point = bool(np.isfinite([z, a, slope]).all()) and abs(z) < _MAX_Z
    z_max = max(_MIN_RANGE, 1.25 * abs(z)) if has_point else _MIN_RANGE
    dots_x, dots_y = (1, 1) if glyphs.is_ascii else (2, 4)
    xs = np.linspace(-z_max, z_max, dots_x * canvas.width)
    ys = function(xs)
    low, high = min(0.0, float(ys.min())), max(0.0, float(ys.max()))
    margin = _MARGIN * (high - low or 1.0)
    low, high = low - margin, high + margin

    def column_of(value: float) -> int:
        return round((value + z_max) / (2 * z_max) * (canvas.width - 1))

    def dot_rows(values: Array) -> NDArray[np.intp]:
        positions = (high - values) / (high - low) * (dots_y * rows - 1)
        return np.rint(np.clip(positions, -1, dots_y * rows)).astype(np.intp)

    axis_row = int(dot_rows(np.zeros(1))[0]) // dots_y
    for x in range(canvas.width):
        canvas.put(x, axis_row, glyphs.hline_dash, dim)
    for y in range(rows):
        canvas.put(column_of(0.0), y, glyphs.vline_dash, dim)
    if has_point:
        tangent = a + slope * (xs - z)
        near = (np.abs(xs - z) <= 2 * _TANGENT * z_max) & (tangent >= low) & (tangent <= high)
        _draw_dots(canvas, dot_rows(tangent), near, palette, palette.style("dim"), joined=False)
    everywhere = np.ones(len(xs), dtype=bool)
    _draw_dots(canvas, dot_rows(ys), everywhere, palette, palette.style("accent"), joined=True)
    if has_point:
        point_row = int(dot_rows(np.array([a]))[0]) // dots_y
        canvas.put(column_of(z), point_row, glyphs.node, palette.style("selected"))
    left, right = (fmt(value, 1, glyphs=glyphs).strip() for value in (-z_max, z_max))
    canvas.put(0, rows, left, dim)
    canvas.put(canvas.width - cell_len(right), rows, right, dim)
    canvas.put((canvas.width - 1) // 2, rows, "z", dim)
    return canvas.strips()


def _draw_dots(
    canvas: Canvas, dot_rows: NDArray[np.intp], mask: NDArray[np.bool_], palette: Palette, style: Style, *, joined: bool
) -> None:
    """Draw one dot for each column of dots in ``mask``, or a ``joined`` line through them."""
    cells: dict[tuple[int, int], int] = {}
    is_ascii = palette.glyphs.is_ascii
    previous = int(dot_rows[0])
    for x, (row, is_drawn) in enumerate(zip(dot_rows.tolist(), mask.tolist(), strict=True)):
        step = 1 if row >= previous else -1
        rows = range(previous + step if joined and row != previous else row, row + step, step)
        previous = row
        for y in rows if is_drawn else ():
            cell, bit = ((x, y), 1) if is_ascii else ((x // 2, y // 4), BRAILLE_DOTS[y % 4][x % 2])
            cells[cell] = cells.get(cell, 0) | bit
    for (x, y), bits in cells.items():
        if y < canvas.height - 1:
            canvas.put(x, y, ("*" if joined else ".") if is_ascii else braille(bits), style)
