"""Tests of rows as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.typed_cells import join_cells, parse_number, typed_cells
from nn_tui.core.table.values import RawValue


@pytest.mark.parametrize(
    ("text", "count", "cells"),
    [
        ("1,0,1", 3, ["1", "0", "1"]),
        (" 1 , 0.5 ", 2, ["1", "0.5"]),
        ("1 0 −1", 3, ["1", "0", "−1"]),
        ("1,5; 2,5", 2, ["1,5", "2,5"]),
        ("1,5", 1, ["1,5"]),
        ("1\ttwo words", 2, ["1", "two words"]),
        ('"Smith, A.", 3', 2, ["Smith, A.", "3"]),
        ('"say ""hi; you""", 3', 2, ['say "hi; you"', "3"]),
        ("two words, 3", 2, ["two words", "3"]),
        ("1,,3", 3, ["1", "", "3"]),
        ("", 2, [""]),
        ('5" pipe, 3', 2, ['5" pipe', "3"]),
    ],
)
def test_a_row_is_split_into_its_cells(text: str, count: int, cells: list[str]) -> None:
    found = typed_cells(text, count)
    assert [cell.text for cell in found] == cells
    assert all(cell.text.replace('"', "") in text[cell.start : cell.end].replace('"', "") for cell in found)


CELLS = (
    st.none()
    | st.integers(-9999, 9999).map(float)
    | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")))
)


@given(st.lists(CELLS, min_size=2, max_size=5), st.sampled_from([".", ","]))
def test_what_is_joined_is_split_into_the_same_cells(cells: list[RawValue], decimal: str) -> None:
    expected = ["" if cell is None else f"{cell:g}" if isinstance(cell, float) else cell.strip() for cell in cells]
    found = [cell.text.strip() for cell in typed_cells(join_cells(cells, decimal), len(cells))]
    assert found == expected


@pytest.mark.parametrize(
    ("number", "text"), [(5.0, "5"), (5.1, "5.1"), (0.4967141530112327, "0.496714"), (1e-12, "1e-12")]
)
def test_numbers_are_written_short(number: float, text: str) -> None:
    assert join_cells([number]) == text


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "0x10", "", "1 2", "١"])
def test_only_numbers_are_numbers(text: str) -> None:
    assert parse_number(text) is None


@given(st.text(st.sampled_from(' ",;\t1ab.-\n\x00é'), max_size=30), st.integers(1, 5))
def test_any_text_is_split_into_parts_in_their_order(text: str, count: int) -> None:
    cells = typed_cells(text, count)
    places = [place for cell in cells for place in (cell.start, cell.end)]
    assert cells and places == sorted(places) and places[0] >= 0 and places[-1] <= len(text)
