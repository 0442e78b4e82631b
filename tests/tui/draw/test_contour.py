"""Tests of the line where numbers over a plane change their sign."""

from __future__ import annotations

import numpy as np

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.contour import draw_zero_line
from nn_tui.tui.draw.palette import Palette
from tests.tui.draw._drawing import ASCII, DARK, cells


def line_cells(values: Array, palette: Palette) -> dict[tuple[int, int], str]:
    """Draw the line on a blank canvas, one cell to the right and one line down, and return its cells."""
    rows, columns = values.shape
    lines = rows // (2 if palette.has_half_blocks else 1)
    canvas = Canvas(columns + 1, lines + 1, palette)
    draw_zero_line(canvas, (1, 1), values, [[palette.style("text")] * columns] * rows, palette)
    return {(x - 1, y - 1): char for (x, y), (char, _) in cells(canvas.strips()).items() if char != " "}


def slope(rows: int, columns: int, x: float, y: float) -> Array:
    """Return x·column + y·row, with 0 in the middle."""
    row, column = np.mgrid[:rows, :columns]
    return np.asarray(x * (column - (columns - 1) / 2) + y * (row - (rows - 1) / 2), dtype=np.float64)


def test_a_vertical_line_in_ascii_takes_one_cell_of_each_line() -> None:
    assert line_cells(slope(7, 21, 1.0, 0.0), ASCII) == {(10, y): "|" for y in range(7)}


def test_a_line_in_dots_takes_a_dot_of_each_row_or_column() -> None:
    dots = line_cells(slope(8, 9, 1.0, 0.0), DARK)
    assert {x for x, _ in dots} == {4} and len(dots) == 4
    assert all(bin(ord(char) - 0x2800).count("1") == 4 for char in dots.values())
    dots = line_cells(slope(8, 8, 1.0, 1.0), DARK)
    count = sum(bin(ord(char) - 0x2800).count("1") for char in dots.values())
    assert count == 15, "the first of the 16 rows, at the left, has none"
    assert all(abs((x + 0.5) - (8 - 2 * (y + 0.5))) <= 2 for x, y in dots), "along the diagonal"


def test_no_line_is_drawn_without_a_change_of_sign_or_with_nan() -> None:
    assert line_cells(np.ones((8, 8)), DARK) == {}
    assert line_cells(np.full((8, 8), np.nan), DARK) == {}
