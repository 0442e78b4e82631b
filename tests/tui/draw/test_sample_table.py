"""Tests of the table of samples: exact text, blank outputs, and the marked sample in view."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_table import draw_sample_table, lines_per_sample, table_row_at
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_names, any_values, assert_size, lines


def test_truth_table_exactly() -> None:
    x = np.array([[0.0, 0.0], [0.0, 1.0]])
    strips = draw_sample_table(
        ("x1", "x2"), x, ("y",), np.array([[0.0], [1.0]]), np.array([[0.1], [0.25]]), ASCII, 34, 3, cursor=1
    )
    assert lines(strips) == [
        "  x1  x2  target     y  error     ",
        "   0   0       0  0.10  +0.10     ",
        ">  0   1       1  0.25  -0.75     ",
    ]


def test_a_table_without_outputs_is_blank_there_and_keeps_the_cursor_in_view() -> None:
    x = np.arange(50.0)[:, None]
    text = lines(draw_sample_table(("x",), x, ("y",), x, None, DARK, 40, 6, cursor=30))
    assert any(line.startswith("▸") and "30" in line for line in text)
    assert "·" in text[2] and text[-1].strip() == "more: 28 above, 18 below"


@settings(max_examples=120, deadline=None)
@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_the_marked_sample_of_any_values_is_found_in_its_line_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator
) -> None:
    outputs, count = int(rng.integers(1, 12)), int(rng.integers(1, 30))
    names, cursor = any_names(rng, outputs), int(rng.integers(0, count))
    x, y, predictions = (any_values(rng, count, outputs) for _ in range(3))
    strips = draw_sample_table(names, x, names, y, predictions, palette, width, height, cursor=cursor)
    assert_size(strips, palette, width, height)
    stacked = lines_per_sample(count, outputs, width, height)
    at = 6 if stacked > 1 else 0  # a table with a line for each output has their names at the left
    marked = [k for k, line in enumerate(strips) if line.crop(at, at + 1).text == palette.glyphs.arrow]
    if height >= 3:
        assert [table_row_at(count * stacked, height, cursor * stacked, k) for k in marked] == [cursor * stacked]
