"""Tests of the list of a table's columns, and of the first rows of a file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.table_columns import (
    ColumnLine,
    column_line_at,
    draw_columns,
    draw_first_rows,
    name_width,
    scroll_to,
)
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_names, assert_size, cells, lines

LINES = [
    ColumnLine("survived", "target", "classes", 0, lambda width: "█ 0 ▅ 1", "accent"),
    ColumnLine("age", "input", "number", 177, lambda width: "▁▃█▅ 0.42 … 80"),
    ColumnLine("PassengerId", "ignored", "identifier", 0, lambda width: "█████ 1 … 891", "dim"),
]


def test_each_column_has_a_line() -> None:
    drawn = lines(draw_columns(LINES, DARK, 60, 4, names=11, count=3, selected=1))
    assert [line.rstrip() for line in drawn] == [
        "  column       role     kind        missing  values",
        "  survived     target   classes           ·  █ 0 ▅ 1",
        "▸ age          input    number          177  ▁▃█▅ 0.42 … 80",
        "  PassengerId  ignored  identifier        ·  █████ 1 … 891",
    ]


def test_lines_that_do_not_fit_are_counted() -> None:
    drawn = lines(draw_columns(LINES[1:2], ASCII, 76, 2, names=11, count=10_000, first=4999, selected=4999))
    assert drawn[0].endswith("5,000 to 5,000 of 10,000")
    assert drawn[1].startswith("> age")


@pytest.mark.parametrize(
    ("first", "selected", "count", "room", "expected"),
    [(0, 3, 10, 5, 0), (0, 5, 10, 5, 1), (7, 2, 10, 5, 2), (9, 9, 10, 5, 5), (0, 0, 3, 5, 0), (0, 2, 3, 1, 2)],
)
def test_the_marked_line_is_in_view(first: int, selected: int, count: int, room: int, expected: int) -> None:
    assert scroll_to(first, selected, count, room) == expected


def test_a_click_finds_the_line() -> None:
    assert [column_line_at(y, 4, 7, 5) for y in range(6)] == [None, 4, 5, 6, None, None]


def test_the_first_rows_begin_where_the_marked_column_fits() -> None:
    names = [f"c{index}" for index in range(10)]
    rows = [[f"{row}-{index}" for index in range(10)] for row in range(5)]
    drawn = draw_first_rows(names, rows, DARK, 20, 3, styles=lambda column: "text", selected=0)
    assert lines(drawn) == ["  c0   c1   c2     ▸", "  0-0  0-1  0-2     ", "  1-0  1-1  1-2     "]
    assert cells(drawn)[2, 1][1] == DARK.style("accent")
    drawn = draw_first_rows(names, rows, DARK, 20, 3, styles=lambda column: "text", selected=9)
    assert lines(drawn) == ["◂ c6   c7   c8   c9 ", "  0-6  0-7  0-8  0-9", "  1-6  1-7  1-8  1-9"]


@given(RANDOM, ANY_PALETTE, st.integers(1, 12), SIZE["width"], SIZE["height"])
def test_any_table_fits(rng: np.random.Generator, palette: Palette, count: int, width: int, height: int) -> None:
    names = any_names(rng, count)
    selected = int(rng.integers(count))
    some = [ColumnLine(name, "입력", "수", int(rng.integers(9**6)), lambda width: "█" * width) for name in names]
    drawn = draw_columns(some, palette, width, height, names=name_width(names, width), count=count, selected=selected)
    assert_size(drawn, palette, width, height)
    drawn = draw_first_rows(names, [names] * 3, palette, width, height, styles=lambda column: "dim", selected=selected)
    assert_size(drawn, palette, width, height)
