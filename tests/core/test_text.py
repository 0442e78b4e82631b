"""Tests of plain text: parsing and writing numbers, quoted values, plurals, ASCII spelling and line wrapping."""

from __future__ import annotations

import pytest

from nn_tui.core.text import (
    ascii_text,
    one_line,
    parse_int,
    plain_number,
    plain_numbers,
    quote,
    shorten_path,
    superscript,
    two_digits,
    wrap_lines,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("000", 0), ("007", 7), (" 5 ", 5), ("+5", 5), ("1_000", 1000), ("0_0_7", 7), ("1000", 1000),
        ("0" * 5000 + "5", 5), ("0" * 5000, 0), ("0" * 16 + "999", 999),
        ("", None), ("-1", None), ("1001", None), ("1.5", None), ("1_", None), ("_1", None), ("٣", None),
        ("9" * 5000, None), ("0" * 12 + "2999999", None),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_whole_number_is_parsed_within_its_bounds(text: str, number: int | None) -> None:
    assert parse_int(text, 0, 1000) == number
    assert parse_int(text, 8, 1000) == (number if number is None or number >= 8 else None)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.593269992107, 6, "0.59327"),
        (-0.5, 6, "−0.5"),
        (-0.0, 6, "0"),
        (1e-7, 6, "1e-07"),
        (2.0, None, "2"),
        (0.1, None, "0.1"),
        (float("nan"), 6, "NaN"),
        (float("-inf"), None, "−∞"),
    ],
)
def test_a_number_is_written_to_significant_digits(value: float, digits: int | None, text: str) -> None:
    assert plain_number(value, digits) == text


def test_a_number_is_written_with_two_digits() -> None:
    numbers = (0.7, 4.09, 65_432.0, 3e-7, 2.94e119, float("inf"), 0.0)
    assert [two_digits(number) for number in numbers] == ["0.7", "4.1", "65000", "3e-7", "2.9e119", "∞", "0"]


def test_an_exponent_is_spelled_in_ascii() -> None:
    assert superscript(12) == "¹²" and ascii_text(f"1 − 0.9{superscript(120)}, g²") == "1 - 0.9^120, g^2"


def test_text_from_files_is_printed_safely_on_one_line() -> None:
    assert one_line("a\x1b[31m b\n\tc\u202e") == "a\\x1b[31m b c\\u202e"
    assert one_line("한글 δ") == "한글 δ"


def test_long_lines_break_at_spaces_and_are_indented() -> None:
    assert wrap_lines("  one two three\n\nfour", 10) == "  one two\n      three\n\nfour"


def test_a_long_list_of_numbers_is_cut_and_counted() -> None:
    assert plain_numbers([1.0, 2.5, -3.0]) == "1, 2.5, −3"
    assert plain_numbers([0.0] * 1500, max_count=2) == "0, 0, … 1,498 more"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"), (3, "3"), (0.5, "0.5"), ("a\nb", '"a\\nb"'), ([1], "a list"), ({}, "a table"),
        ("x" * 61, '"' + "x" * 59 + '…"'), (10**5000, "a number of thousands of digits"),
    ],
    ids=lambda value: str(type(value)),
)  # fmt: skip
def test_a_quoted_value_is_short_and_printable(value: object, text: str) -> None:
    assert str(quote(value)) == text


def test_a_long_path_keeps_its_end() -> None:
    assert shorten_path("short.toml") == "short.toml"
    assert shorten_path("/" * 200 + "name.toml") == "…" + "/" * 110 + "name.toml"
