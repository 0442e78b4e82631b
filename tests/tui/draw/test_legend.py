"""Tests of a legend: its items fill the lines in their order, and the last ones are left out without room."""

from __future__ import annotations

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.tui.draw.legend import LegendItem, draw_legend, items_width, legend_rows
from nn_tui.tui.draw.scale_legend import scale_item
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


def test_a_scale_without_room_loses_colours_and_keeps_its_ends() -> None:
    item = scale_item("ŷ", NumberScale("diverging", 3.94), DARK)
    for width in (23, 22, 21, 19):
        (row,) = legend_rows([item], DARK, width)
        assert items_width(row) <= width and (row[0][0][0], row[0][-1][0]) == ("ŷ −3.94 ", " +3.94")
