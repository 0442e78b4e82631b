"""Tests of the texts of lessons: numbers in place of their names."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.state import run_of
from nn_tui.core.lesson.text import fields_of, fill, number_text
from tests.core.lesson._lessons import step_of


def test_numbers_stand_in_the_place_of_their_names() -> None:
    at = run_of(step_of('at = "1.a"'), 0).at
    assert fill("z = {z1[1]}, ŷ ≈ {yhat1:2}, ŷ = {a1[1]}.", at) == "z = −0.5, ŷ ≈ 0.38, ŷ = 0.3775."
    assert fill("{0.001 * x1} and {(z1[1] + 2) / 3:3}, not {-ln(1/3)}", at) == "0.002 and 0.5, not 1.099"
    assert [formula.text for formula in fields_of("z = {z1[1]}, ŷ ≈ {2*yhat1:2}.")] == ["z1[1]", "2*yhat1"]
    with pytest.raises(InputError, match='"loss" is not computed yet'):
        fill("{loss}", at)
    assert fill("{loss}", at, must_be_known=False) == "0.1937"
    with pytest.raises(InputError, match="the network has only layer 1"):
        fill("{z2[1]}", at)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 4, "0.5"),
        (0.50001, 4, "0.5000"),
        (-0.02710999, 3, "−0.0271"),
        (-3.0, 1, "−3"),
        (120000.0, 2, "120000"),
        (12345.678, 4, "1.235e+04"),
        (2.5e-7, 4, "2.5e-07"),
        (float("nan"), 4, "NaN"),
        (float("-inf"), 4, "−∞"),
        (-0.0, 4, "0"),
        (0.1 * 3, 4, "0.3"),
        (0.18000000000000005, 4, "0.18"),
    ],
)
def test_a_number_shows_whether_it_is_rounded(value: float, digits: int, text: str) -> None:
    assert number_text(value, digits) == text
