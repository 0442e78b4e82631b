"""Check that printed numbers are rounded exactly and fit their width, and that only zero prints as zero."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.number_text import fmt, fmt_quantity, is_rounded, number_width
from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs

DIGITS = st.sampled_from([2, 4, 6, None])
FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-2, 2) | st.integers(-5, 5).map(float)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 4, "+0.5000"),
        (-0.5, 4, "−0.5000"),
        (0.0, 4, " 0.0000"),
        (-0.0, 4, " 0.0000"),
        (12.345, 2, "+12.35"),
        (-0.26899, 2, "−0.27"),
        (3e-7, 4, "+3.0000e-07"),
        (0.00056341, 4, "+0.0005634"),
        (-0.0563412, 4, "−0.05634"),
        (7.9868e-07, 6, "+7.986800e-07"),
        (0.05, 4, "+0.0500"),
        (0.0563412, 2, "+0.056"),
        (-12345.678, 4, "−1.2346e+04"),
        (0.1 + 0.2, None, "+0.30000000000000004"),
        (1e-9, None, "+1e-09"),
        (math.nan, 4, "nan"),
        (math.inf, 4, "+∞"),
        (-math.inf, None, "−∞"),
    ],
)
def test_full_form(value: float, digits: int | None, text: str) -> None:
    assert fmt(value, digits, glyphs=UNICODE) == text


@pytest.mark.parametrize(
    ("value", "digits", "width", "text"),
    [
        (0.5, 4, 8, " +0.5000"),
        (3e-7, 4, 8, "+3.0e-07"),
        (3e-7, 2, 6, "+3e-07"),
        (0.00056341, 4, 8, "+5.6e-04"),
        (0.00056341, 4, 7, "+5.6e-4"),
        (0.0056341, 4, 8, " +0.0056"),
        (1234.5678, 4, 8, "+1234.57"),
        (123456.0, 4, 8, " +123456"),
        (-1e300, 2, 6, "−1e300"),
        (0.0, 4, 8, "  0.0000"),
        (0.0, 4, 3, "  0"),
        (0.0, 4, 2, " 0"),
        (-0.04, 4, 4, "   …"),
        (math.nan, 4, 8, "     nan"),
        (math.inf, 4, 2, "+∞"),
        (1.0, 4, 0, ""),
    ],
)
def test_narrowed(value: float, digits: int | None, width: int, text: str) -> None:
    assert fmt(value, digits, width=width, glyphs=UNICODE) == text


def test_a_number_without_plus_sign_marks_only_minus() -> None:
    assert [fmt(v, 2, sign=False, glyphs=UNICODE) for v in (1.0, 0.0, -1.0)] == ["1.00", "0.00", "−1.00"]


def test_ascii_has_ascii_minus_and_overflow() -> None:
    assert fmt(-1.5, 2, glyphs=ASCII) == "-1.50"
    assert fmt(-1.5, 2, width=1, glyphs=ASCII) == "#"


def _unit(text: str) -> Decimal:
    """Return the value of one unit of the last digit."""
    return Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))


def _ascii(text: str) -> str:
    return text.strip().replace("−", "-")


@given(FINITE, DIGITS, st.none() | st.integers(0, 30), st.booleans(), st.sampled_from([ASCII, UNICODE]))
def test_printed_number_is_the_value_to_the_digits_shown(
    value: float, digits: int | None, width: int | None, sign: bool, glyphs: Glyphs
) -> None:
    text = fmt(value, digits, width=width, sign=sign, glyphs=glyphs)
    if width is not None:
        assert len(text) == width
    shown = _ascii(text)
    if not shown or shown == glyphs.overflow:
        # The overflow mark is allowed only if the shortest text of the number does not fit.
        assert width is not None and width < len("-1e-300")
        return
    assert abs(Decimal(shown) - Decimal(value)) <= _unit(shown) / 2 or float(shown) == value
    assert (Decimal(shown) == 0) == (value == 0)
    assert shown.startswith("-") == (value < 0)
    assert shown.startswith("+") == (sign and value > 0)


@given(FINITE)
def test_all_digits_round_trip_in_their_cell(value: float) -> None:
    assert float(_ascii(fmt(value, None, width=number_width(None), glyphs=UNICODE))) == value


@given(st.floats(1e-290, 0.9), st.sampled_from([2, 4, 6]))
def test_a_small_number_keeps_its_significant_digits_and_more_digits_never_show_fewer(
    value: float, digits: int
) -> None:
    shown = [float(_ascii(fmt(value, count, glyphs=ASCII))) for count in (digits, digits + 2)]
    off = [abs(number - value) / value for number in shown]
    assert off[0] <= 0.5 * 10.0 ** (1 - digits) * (1 + 1e-9)
    assert off[1] <= off[0] + 1e-15


@given(st.floats(0.01, 99.99), st.sampled_from([-1.0, 1.0]), st.sampled_from([2, 4, 6]))
def test_decimal_points_align_in_a_cell(value: float, sign: float, digits: int) -> None:
    text = fmt(sign * value, digits, width=number_width(digits), glyphs=UNICODE)
    assert re.fullmatch(rf" *[+−]\d+\.\d{{{digits}}}", text)


def test_rounded_says_when_digits_are_missing() -> None:
    assert is_rounded(1 / 3, 4)
    assert is_rounded(3.14159e-7, 2)
    assert not is_rounded(0.25, 2)
    assert not is_rounded(1 / 3, None)
    assert not is_rounded(math.nan, 2)
    assert not is_rounded(-math.inf, 2)


@given(FINITE, DIGITS)
def test_rounded_agrees_with_the_text(value: float, digits: int | None) -> None:
    assert is_rounded(value, digits) == (float(_ascii(fmt(value, digits, glyphs=ASCII))) != value)


def test_a_zero_lines_up_with_the_numbers_around_it() -> None:
    assert [fmt(value, 4, width=5, glyphs=UNICODE) for value in (1.14, 0.0, -0.3)] == ["+1.14", " 0.00", "−0.30"]
    assert fmt(0.0, 4, width=1, glyphs=UNICODE) == "0"


@pytest.mark.parametrize(
    ("value", "digits", "size", "text"),
    [
        (80000.0, 2, None, "80,000"),
        (76003.117, 2, None, "76,003"),
        (76003.117, 4, None, "76,003"),
        (76003.117, 6, None, "76,003.12"),
        (76003.117, None, None, "76,003.117"),
        (80000.0, None, None, "80,000"),
        (1234.5, 2, None, "1,234"),
        (1234.56, 4, None, "1,234.6"),
        (-23.4, 2, 80000.0, "−23"),
        (0.3, 2, 80000.0, "0.30"),
        (0.0, 2, 80000.0, "0"),
        (23.456, 2, 50.0, "23.46"),
        (0.0123, 2, None, "0.012"),
        (3e9, 2, None, "3,000,000,000"),
        (3e11, 2, None, "3.00e+11"),
        (math.nan, 2, 80000.0, "nan"),
        (-math.inf, 2, 80000.0, "−∞"),
    ],
)
def test_a_quantity_has_commas_and_the_decimals_of_the_numbers_around_it(
    value: float, digits: int | None, size: float | None, text: str
) -> None:
    assert fmt_quantity(value, digits, size=size, glyphs=UNICODE) == text


@given(FINITE, DIGITS, st.none() | st.floats(0.0, 1e12), st.booleans(), st.sampled_from([ASCII, UNICODE]))
def test_a_quantity_is_the_value_to_the_digits_shown(
    value: float, digits: int | None, size: float | None, sign: bool, glyphs: Glyphs
) -> None:
    shown = _ascii(fmt_quantity(value, digits, size=size, sign=sign, glyphs=glyphs)).replace(",", "")
    assert abs(Decimal(shown) - Decimal(value)) <= _unit(shown) / 2 or float(shown) == value
    assert (Decimal(shown) == 0) == (value == 0)
    assert shown.startswith("-") == (value < 0)
    assert shown.startswith("+") == (sign and value > 0)
