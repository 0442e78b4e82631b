"""Tests of the line with the name that an error suggests."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.translation import message
from nn_tui.tui.screens.suggestion import apply_suggestion


@pytest.mark.parametrize(
    ("text", "wrong", "expected"),
    [
        ("optimizer = adm 0.01", "adm", "optimizer = adam 0.01"),
        ("a = adm, madm", "adm", "a = adam, madm"),  # not in the middle of a later word
        ("ADM 1", "adm", "adam 1"),
        ("adm adm", "adm", "adm adam"),
        ("넓이 adm", "adm", "넓이 adam"),
        ("xadmx", "adm", "xadamx"),
        ("other", "adm", ""),
        ("other", "", ""),
    ],
)
def test_the_wrong_name_is_replaced_where_it_stands_alone(text: str, wrong: str, expected: str) -> None:
    error = InputError("not_a_choice", message("it is wrong."), value=wrong, suggestions=("adam", "adamw"))
    assert apply_suggestion(text, error) == expected
