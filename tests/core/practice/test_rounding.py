"""Significant digits."""

from __future__ import annotations

import pytest

from nn_tui.core.practice.rounding import answer_text, half_unit, is_printed_exactly, round_to


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.02713, 3, "0.0271"),
        (-0.5, 4, "-0.5000"),
        (0.99996, 4, "1.000"),
        (1234.5, 4, "1234"),
        (12345.0, 4, "1.234e+04"),
        (2.7e-7, 4, "2.700e-07"),
        (0.0, 4, "0.0000"),
        (float("inf"), 4, "inf"),
    ],
)
def test_a_number_is_written_with_its_significant_digits(value: float, digits: int, text: str) -> None:
    assert answer_text(value, digits) == text


@pytest.mark.parametrize(("value", "half"), [(0.02713, 5e-6), (0.99996, 5e-4), (1234.0, 0.5), (0.0, 5e-5)])
def test_half_a_unit_in_the_last_digit(value: float, half: float) -> None:
    assert half_unit(value, 4) == pytest.approx(half)


def test_rounding() -> None:
    assert round_to(0.012345, 3) == 0.0123
    assert is_printed_exactly(0.3, 2) and is_printed_exactly(-1.25, 3) and not is_printed_exactly(1.25, 2)
