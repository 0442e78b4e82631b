"""Straight lines between two columns of cells, whole or dashed, as braille dots or as ASCII strokes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.style import Style

from nn_tui.tui.draw.canvas import Canvas

# The bit of each dot of a braille character (U+2800 block), by [row][column] in its 4 × 2 dots.
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from row ``start`` at the left to row ``end`` at the right; ``heavy`` doubles it, ``dashed`` breaks it."""

    start: int
    end: int
    style: Style
    heavy: bool
    dashed: bool = False


def draw_edges(canvas: Canvas, x: int, width: int, edges: Iterable[Edge], *, ascii_only: bool) -> None:
    """Draw lines through the cells from ``x``, ``width`` of them; later edges take the cells they cross."""
    if width < 1:
        return
    cells: dict[tuple[int, int], tuple[str, Style]] = {}
    dots: dict[tuple[int, int], int] = {}
    styles: dict[tuple[int, int], Style] = {}
    for edge in edges:
        if ascii_only:
            cells.update(_strokes(edge, width))
            continue
        found = _braille(edge.start, edge.end, width, edge.heavy, edge.dashed)
        styles.update(dict.fromkeys(found, edge.style))
        for place, bits in found.items():
            dots[place] = dots.get(place, 0) | bits
    cells.update((place, (chr(0x2800 + bits), styles[place])) for place, bits in dots.items())
    for (column, row), (char, style) in cells.items():
        if 0 <= x + column < canvas.width and 0 <= row < canvas.height:
            canvas.set(x + column, row, char, style)


@lru_cache(maxsize=4096)
def _braille(start: int, end: int, width: int, heavy: bool, dashed: bool) -> Mapping[tuple[int, int], int]:
    """The dots of a line, by (column, row)."""
    steps = max(2 * width, 4 * abs(end - start)) * 2
    part = np.linspace(0.0, 1.0, steps + 1)
    xs = np.rint(part * (2 * width - 1)).astype(np.intp)
    # The middle of a cell lies between its second and third dot; a light line takes the second.
    ys = np.rint(4.0 * start + 1.0 + part * 4.0 * (end - start)).astype(np.intp)
    if dashed:
        # Two dots and two gaps along the way that the line mostly goes.
        drawn = (xs if 2 * width >= 4 * abs(end - start) else ys) % 4 < 2
        xs, ys = xs[drawn], ys[drawn]
    if heavy:
        xs, ys = np.concatenate([xs, xs]), np.concatenate([ys, ys + 1])
    out: dict[tuple[int, int], int] = {}
    bits = _DOTS[ys % 4, xs % 2].tolist()
    for column, row, bit in zip((xs // 2).tolist(), (ys // 4).tolist(), bits, strict=True):
        out[column, row] = out.get((column, row), 0) | bit
    return out


def _strokes(edge: Edge, width: int) -> dict[tuple[int, int], tuple[str, Style]]:
    rise = edge.end - edge.start
    places = [round(edge.start + rise * k / max(1, width - 1)) for k in range(width)]
    out: dict[tuple[int, int], tuple[str, Style]] = {}
    slant = "\\" if rise > 0 else "/"
    flat, steep = "=" if edge.heavy else "-", "|"
    if edge.dashed:
        flat = slant = steep = ":" if edge.heavy else "."
    for column, row in enumerate(places):
        before = places[column - 1] if column else row
        if row == before:
            out[column, row] = (flat, edge.style)
            continue
        step = 1 if row > before else -1
        for between in range(before + step, row, step):
            out[column, between] = (steep, edge.style)
        out[column, row] = (slant, edge.style)
    return out
