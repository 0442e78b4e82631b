"""Straight lines between two columns of cells, solid or dashed, as braille dots or as ASCII characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.style import Style

from nn_tui.tui.draw.canvas import Canvas, StyledText
from nn_tui.tui.draw.glyphs import BRAILLE_DOTS, braille

_DOTS = np.array(BRAILLE_DOTS)
_ASCII_DASH = 3  # characters of a dash with its gap


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from row ``start`` at the left to row ``end`` at the right.

    Attributes:
        start: The row at the left.
        end: The row at the right.
        style: The style.
        heavy: Whether the line is twice as thick.
        dashed: Whether it is dashed.
        thin: Whether it has only half of its dots, so that it stands back.
    """

    start: int
    end: int
    style: Style
    heavy: bool
    dashed: bool = False
    thin: bool = False


def draw_edges(canvas: Canvas, x: int, width: int, edges: Iterable[Edge], *, ascii_only: bool) -> None:
    """Draw lines through ``width`` cells from ``x`` on; a later edge gives its style to the cells that it shares."""
    if width < 1:
        return
    cells: dict[tuple[int, int], StyledText] = {}
    dots: dict[tuple[int, int], int] = {}
    styles: dict[tuple[int, int], Style] = {}
    for edge in edges:
        if ascii_only:
            cells.update(_ascii_line(edge, width))
            continue
        line = _braille_line(edge.start, edge.end, width, edge.heavy, edge.dashed, edge.thin)
        styles.update(dict.fromkeys(line, edge.style))
        for cell, bits in line.items():
            dots[cell] = dots.get(cell, 0) | bits
    cells.update((cell, (braille(bits), styles[cell])) for cell, bits in dots.items())
    for (column, row), (char, style) in cells.items():
        if 0 <= x + column < canvas.width and 0 <= row < canvas.height:
            canvas.set(x + column, row, char, style)


def edge_cells(start: int, end: int, width: int, *, ascii_only: bool) -> frozenset[tuple[int, int]]:
    """Return the cells (column, row) of a heavy line through ``width`` cells."""
    if ascii_only:
        return frozenset(_ascii_line(Edge(start, end, Style.null(), heavy=True), width))
    return frozenset(_braille_line(start, end, width, True, False, False))


@lru_cache(maxsize=4096)
def _braille_line(
    start: int, end: int, width: int, heavy: bool, dashed: bool, thin: bool
) -> Mapping[tuple[int, int], int]:
    """Return the dots of a line as bits by (column, row)."""
    steps = max(2 * width, 4 * abs(end - start)) * 2
    t = np.linspace(0.0, 1.0, steps + 1)
    xs = np.rint(t * (2 * width - 1)).astype(np.intp)
    # The middle of a cell lies between its second and third dot; a light line takes the second.
    ys = np.rint(4.0 * start + 1.0 + t * 4.0 * (end - start)).astype(np.intp)
    along = xs if 2 * width >= 4 * abs(end - start) else ys  # the longer side of the line
    if dashed or thin:
        # Two dots and two gaps, or a dot and a gap.
        drawn = along % 4 < (2 if not thin else 1) if dashed else along % 2 == 0
        xs, ys = xs[drawn], ys[drawn]
    if heavy:
        xs, ys = np.concatenate([xs, xs]), np.concatenate([ys, ys + 1])
    cells: dict[tuple[int, int], int] = {}
    bits = _DOTS[ys % 4, xs % 2].tolist()
    for column, row, bit in zip((xs // 2).tolist(), (ys // 4).tolist(), bits, strict=True):
        cells[column, row] = cells.get((column, row), 0) | bit
    return cells


def _ascii_line(edge: Edge, width: int) -> dict[tuple[int, int], StyledText]:
    """Return the characters of a line by (column, row): one in each step along its longer side."""
    rise = edge.end - edge.start
    steps = max(width - 1, abs(rise))
    points = [(k * (width - 1) / max(1, steps), edge.start + k * rise / max(1, steps)) for k in range(steps + 1)]
    cells: dict[tuple[int, int], StyledText] = {}
    straight = ("=" if edge.heavy else "-") if steps == width - 1 else "|"
    slanted = "\\" if rise > 0 else "/"
    previous = None
    for k, (x, y) in enumerate(points):
        column, row = round(x), round(y)
        is_straight = previous is None or column == previous[0] or row == previous[1]
        if not edge.dashed or k % _ASCII_DASH < _ASCII_DASH - 1:
            cells[column, row] = (straight if is_straight else slanted, edge.style)
        previous = column, row
    return cells
