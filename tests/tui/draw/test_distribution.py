"""Tests of the distribution of a column in one line."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.tui.draw.distribution import BARS, category_bars, number_bars, number_text
from nn_tui.tui.draw.glyphs import ASCII, UNICODE
from tests.tui.draw._drawing import RANDOM, any_names, any_values


def test_many_numbers_are_a_histogram_with_their_range() -> None:
    numbers = np.concatenate([np.linspace(0, 9.9, 100), np.linspace(0, 0.9, 100), [np.nan]])
    assert number_bars(numbers, UNICODE) == "█▁▁▁▁▁▁▁▁▁ 0 … 9.9"
    assert number_bars(numbers, ASCII) == "#_________ 0 ... 9.9"


def test_few_values_have_a_bar_each() -> None:
    assert number_bars(np.array([1.0, 3.0, 3.0, 3.0, 2.0, np.nan]), UNICODE) == "▃▃█ 1 … 3"
    assert number_bars(np.array([7.5, 7.5]), UNICODE) == "█ 7.5"
    assert number_bars(np.array([np.nan]), UNICODE) == ""


def test_numbers_are_short_and_whole_numbers_exact() -> None:
    texts = {122391.0: "122391", -45.0: "−45", 0.123456: "0.1235", 98765.43: "98765", 1e300: "1e+300", 0.0: "0"}
    assert {value: number_text(value, UNICODE) for value in texts} == texts


def test_categories_are_named_from_the_most_frequent_on() -> None:
    names, counts = ("female", "male"), np.array([314, 577])
    assert category_bars(names, counts, 30, UNICODE) == "█ male  ▅ female"
    assert (
        category_bars(("setosa", "versicolor", "virginica"), np.array([5, 5, 5]), 22, UNICODE)
        == "█ setosa  █ versi…  +1"
    )
    assert category_bars(("a", "b"), np.array([0, 2]), 22, UNICODE) == "█ b", "a category without rows has no bar"


@given(RANDOM, st.integers(0, 30), st.integers(0, 40), st.sampled_from([UNICODE, ASCII]))
def test_any_column_fits(rng: np.random.Generator, count: int, width: int, glyphs: object) -> None:
    assert isinstance(glyphs, type(UNICODE))
    names = tuple(any_names(rng, count))
    text = category_bars(names, rng.integers(0, 5, size=count), width, glyphs)
    assert cell_len(text) <= max(width, 3)
    bars = number_bars(any_values(rng, count), glyphs)
    assert cell_len(bars) <= BARS + 25
    assert not glyphs.is_ascii or (bars.isascii() and text.isascii())
