"""A function's curve with one point on it and its tangent there: why the slope is what it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette

_LEAST_REACH, _MOST_REACH = 4.0, 1e6
_TANGENT = 0.3  # of the width, to both sides
# The bit of each dot of a braille character (U+2800 block), by [row][column] in its 4 × 2 dots.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def draw_activation(
    function: Callable[[Array], Array], z: float, a: float, slope: float, palette: Palette, width: int, height: int
) -> list[Strip]:
    """``function`` around 0 and ``z`` in ``height`` lines of ``width`` cells, (z, a) marked, the tangent through it.

    Where the point is not finite, or too far out, only the curve is drawn.
    """
    canvas = Canvas(width, height, palette)
    glyphs, dim = palette.glyphs, palette.style("dim")
    rows = canvas.height - 1
    shown = bool(np.isfinite([z, a, slope]).all()) and abs(z) < _MOST_REACH
    reach = max(_LEAST_REACH, 1.25 * abs(z)) if shown else _LEAST_REACH
    across, down = (1, 1) if glyphs.is_ascii else (2, 4)
    xs = np.linspace(-reach, reach, across * canvas.width)
    ys = function(xs)
    low, high = min(0.0, float(ys.min())), max(0.0, float(ys.max()))
    pad = 0.06 * (high - low or 1.0)
    low, high = low - pad, high + pad

    def column(value: float) -> int:
        return round((value + reach) / (2 * reach) * (canvas.width - 1))

    def lines(values: Array) -> NDArray[np.intp]:
        places = (high - values) / (high - low) * (down * rows - 1)
        return np.rint(np.clip(places, -1, down * rows)).astype(np.intp)

    zero = int(lines(np.zeros(1))[0]) // down
    for x in range(canvas.width):
        canvas.put(x, zero, glyphs.hline_dash, dim)
    for y in range(rows):
        canvas.put(column(0.0), y, glyphs.vline_dash, dim)
    if shown:
        tangent = a + slope * (xs - z)
        near = (np.abs(xs - z) <= 2 * _TANGENT * reach) & (tangent >= low) & (tangent <= high)
        _dots(canvas, xs, lines(tangent), near, palette, palette.style("warn"), joined=False)
    _dots(canvas, xs, lines(ys), np.ones(len(xs), dtype=bool), palette, palette.style("accent"), joined=True)
    if shown:
        canvas.put(column(z), int(lines(np.array([a]))[0]) // down, glyphs.node, palette.style("selected"))
    ends = [fmt(value, 1, glyphs=glyphs).strip() for value in (-reach, reach)]
    canvas.put(0, rows, ends[0], dim)
    canvas.put(canvas.width - cell_len(ends[1]), rows, ends[1], dim)
    canvas.put((canvas.width - 1) // 2, rows, "z", dim)
    return canvas.strips()


def _dots(
    canvas: Canvas, xs: Array, lines: NDArray[np.intp], wanted: NDArray[np.bool_], palette: Palette, style: Style,
    *, joined: bool,
) -> None:  # fmt: skip
    """Dots at ``lines`` for the ``wanted`` columns, ``joined`` by what lies between neighbours."""
    cells: dict[tuple[int, int], int] = {}
    plain = palette.glyphs.is_ascii
    before = int(lines[0])
    for x, (line, keep) in enumerate(zip(lines.tolist(), wanted.tolist(), strict=True)):
        step = 1 if line >= before else -1
        between = range(before + step if joined and line != before else line, line + step, step)
        before = line
        for y in between if keep else ():
            place, bit = ((x, y), 1) if plain else ((x // 2, y // 4), _DOTS[y % 4][x % 2])
            cells[place] = cells.get(place, 0) | bit
    for (x, y), bits in cells.items():
        char = ("*" if joined else ".") if plain else chr(0x2800 + bits)
        if y < canvas.height - 1:
            canvas.put(x, y, char, style)
