"""Tests of arithmetic with the numbers of a run."""

from __future__ import annotations

import math

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.formula import parse_formula

NUMBERS = {"a": 2.0, "b": -3.0, "w2[1,3]": 0.5, "∂L/∂w₂[1,3]": 7.0, "z1[2]@3": 11.0, "w1'[1,1]": 13.0, "ŷ₁": 17.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", 2.0),
        ("-a + b", -5.0),
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("8 / 4 / 2", 1.0),
        ("8 - 4 - 2", 2.0),
        ("(1 + 2) × 3 · -1", -9.0),
        ("- - 3", 3.0),
        ("w2[1,3]*2", 1.0),
        ("∂L/∂w₂[1,3] − ŷ₁", -10.0),
        ("z1[2]@3 - w1'[1,1]", -2.0),
        ("1e-3 + .5", 0.501),
        ("abs(b) + sqrt(4) + exp(0)", 6.0),
        ("LN(1/3)", math.log(1 / 3)),
        ("1 / 0", math.inf),
        ("y\u0302₁", 17.0),
    ],
)
def test_the_value_of_a_formula(text: str, value: float) -> None:
    assert parse_formula(text).value(NUMBERS.__getitem__) == value


def test_a_formula_knows_its_names() -> None:
    assert parse_formula("a + abs(b) * a - ln(2)").names == ("a", "b")
    assert parse_formula("a +  b") == parse_formula("a + b")


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "1 2", "(a", "a)", "a +", "* a", "abs a", "abs()", "2a", "a ** b", "a; b", "{a}", "?"]
)
def test_what_is_no_formula(text: str) -> None:
    with pytest.raises(InputError) as error:
        parse_formula(text)
    assert error.value.code == "syntax"


def test_a_long_formula_is_refused() -> None:
    with pytest.raises(InputError, match="a formula has at most 100 characters"):
        parse_formula("(" * 101)
    with pytest.raises(InputError):
        parse_formula("(" * 100)
