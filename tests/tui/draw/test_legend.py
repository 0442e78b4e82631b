"""Tests of a legend: its items fill the lines in their order, and the last ones are left out without room."""

from __future__ import annotations

from nn_tui.tui.draw.legend import LegendItem, draw_legend, legend_rows
from tests.tui.draw._drawing import DARK, assert_size, lines

ITEMS: list[LegendItem] = [[(text, DARK.style("text"))] for text in ("one", "two", "three", "four and more")]


def test_items_fill_the_lines_in_their_order() -> None:
    assert [len(row) for row in legend_rows(ITEMS, DARK, 15)] == [3, 1]
    strips = draw_legend(ITEMS, DARK, 15, 2)
    assert_size(strips, DARK, 15, 2)
    assert [line.rstrip() for line in lines(strips)] == ["one  two  three", "four and more"]


def test_what_does_not_fit_is_left_out_or_cut() -> None:
    assert lines(draw_legend(ITEMS, DARK, 8, 1)) == ["one  two"]
    assert lines(draw_legend(ITEMS[3:], DARK, 8, 1)) == ["four an…"]
