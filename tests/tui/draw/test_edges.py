"""Check that the lines of the network drawing read as lines in ASCII."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.edges import Edge, draw_edges, edge_cells
from tests.tui.draw._drawing import ASCII, lines

HEIGHT = 9


def drawn(start: int, end: int, width: int, *, heavy: bool = False, dashed: bool = False) -> dict[tuple[int, int], str]:
    """Return the characters of one line by (column, row)."""
    canvas = Canvas(width, HEIGHT, ASCII)
    draw_edges(canvas, 0, width, [Edge(start, end, ASCII.style("text"), heavy, dashed)], ascii_only=True)
    text = lines(canvas.strips())
    return {(x, y): text[y][x] for y, x in product(range(HEIGHT), range(width)) if text[y][x] != " "}


@pytest.mark.parametrize("width", [1, 2, 3, 5, 12, 30])
@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 1), (0, 8), (8, 0), (5, 3), (4, 8)])
def test_an_ascii_line_has_no_gaps_and_shows_its_direction(start: int, end: int, width: int) -> None:
    cells = drawn(start, end, width)
    assert {(0, start), (width - 1, end)} <= set(cells)
    assert set(cells) == edge_cells(start, end, width, ascii_only=True)
    path = sorted(cells, key=lambda cell: (abs(cell[1] - start), cell[0]))
    assert all(max(abs(x - u), abs(y - v)) == 1 for (x, y), (u, v) in pairwise(path))
    assert set(cells.values()) <= ({"-", "\\", "|"} if end > start else {"-", "/", "|"})


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize(("start", "end", "width"), [(2, 2, 12), (0, 8, 3), (6, 2, 12)])
def test_a_dashed_ascii_line_has_gaps_of_one_character(start: int, end: int, width: int, heavy: bool) -> None:
    whole, dashed = drawn(start, end, width, heavy=heavy), drawn(start, end, width, heavy=heavy, dashed=True)
    assert len(dashed) < len(whole)
    assert all(whole[cell] == char for cell, char in dashed.items())
    path = sorted(whole, key=lambda cell: (abs(cell[1] - start), cell[0]))
    gaps = [k for k, cell in enumerate(path) if cell not in dashed]
    assert all(after - before > 1 for before, after in pairwise(gaps))
