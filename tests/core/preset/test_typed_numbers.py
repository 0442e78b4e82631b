"""Tests of numbers, vectors and matrices as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.preset.typed_numbers import join_lines, parse_number, parse_rows


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        (".5", 0.5),
        ("−2e-3", -0.002),
        ("1/3", 1 / 3),
        ("-1 / 3", -1 / 3),
        ("0.5/2", 0.25),
        ("1/0", None),
        ("1/", None),
        ("1/2/3", None),
        ("1_0", None),
        ("١", None),
        ("abc", None),
        ("", None),
    ],
)
def test_a_number_or_a_fraction_is_parsed(text: str, value: float | None) -> None:
    assert parse_number(text) == value


def test_numbers_that_are_not_finite_are_numbers() -> None:
    assert math.isnan(parse_number("nan") or 0.0)
    assert parse_number("-inf") == -math.inf
    assert parse_number("1e999") == math.inf


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1 0 1", ((1, 0, 1),)),
        ("1, 0, 1", ((1, 0, 1),)),
        ("[1 0 1]", ((1, 0, 1),)),
        ("[[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]", ((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2))),
        ("[[0.2 0.4]\n [−0.3 0.1]]", ((0.2, 0.4), (-0.3, 0.1))),
        ("[0.2 0.4; -0.3 0.1]", ((0.2, 0.4), (-0.3, 0.1))),
        ("0.2 0.4\n-0.3 0.1\n", ((0.2, 0.4), (-0.3, 0.1))),
        ("((1, 2), (3, 4))", ((1, 2), (3, 4))),
        ("[[1], [2]]", ((1,), (2,))),
        ("1/2 1 / 4", ((0.5, 0.25),)),
    ],
)
def test_a_vector_or_matrix_is_parsed(text: str, rows: tuple[tuple[float, ...], ...]) -> None:
    assert parse_rows(text) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the numbers are missing."),
        ("[[]]", "the numbers are missing."),
        ("1 x 3", '"x" is not a number.'),
        ("1/0 2", '"1/0" is not a number.'),
        ("nan 1", '"nan" is not a finite number.'),
        ("1e999", '"1e999" is too large; the largest number is about 1.8e308.'),
        ("[[1, 2], [3]]", "row 2 has 1 number, but row 1 has 2."),
        ("1; 2 3", "row 2 has 2 numbers, but row 1 has 1."),
        ("[[1, 2], [3, 4]", 'a closing bracket is missing in "[[1, 2], [3, 4]".'),
        ("1, 2]", 'the brackets in "1, 2]" do not match.'),
        ("1 [2]", 'the brackets in "1 [2]" do not match.'),
    ],
)
def test_what_is_no_matrix_is_rejected_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rows(text)
    assert str(caught.value) == said


@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3), min_size=1))
def test_a_matrix_that_python_prints_is_read_back_exactly(rows: list[list[float]]) -> None:
    assert parse_rows(str(rows)) == tuple(map(tuple, rows))


def test_lines_without_brackets_become_rows() -> None:
    assert join_lines("1 2\r\n3 4\n\n") == "1 2; 3 4"
    assert join_lines("[[1, 2],\n [3, 4]]") == "[[1, 2], [3, 4]]"
