"""Answers as people type them."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.practice.answer import parse_answer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.0271", 0.0271),
        (" -2.71e-2 ", -0.0271),
        ("1/37", 1 / 37),
        ("-1 / 8", -0.125),
        ("−0.5", -0.5),
        ("–.5", -0.5),
        ("+3.", 3.0),
        ("２.５", 2.5),
        ("2.71E−2", 0.0271),
        ("1e-3/2", 0.0005),
        ("0", 0.0),
    ],
)
def test_a_number_is_read(text: str, number: float) -> None:
    assert parse_answer(text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a number, such as 0.0271, -2.71e-2 or 1/37."),
        ("0,0271", "Write a point, not a comma: 0.0271."),
        ("1,000,000", "Write one number without commas, such as 0.0271."),
        ("1,000.5", "Write one number without commas, such as 0.0271."),
        ("1/0", "A fraction cannot have 0 below its line."),
        ("1e999", '"1e999" is too large a number.'),
        ("x1", '"x1" is not a number; type one such as 0.0271, -2.71e-2 or 1/37.'),
        ("nan", '"nan" is not a number; type one such as 0.0271, -2.71e-2 or 1/37.'),
        ("1/2/3", '"1/2/3" is not a number; type one such as 0.0271, -2.71e-2 or 1/37.'),
        ("--1", '"--1" is not a number; type one such as 0.0271, -2.71e-2 or 1/37.'),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_answer(text)
    assert caught.value.sentence == sentence


def test_a_text_of_any_length_is_refused_briefly() -> None:
    with pytest.raises(InputError) as caught:
        parse_answer("1" * 100_000)
    assert len(caught.value.sentence) < 200
