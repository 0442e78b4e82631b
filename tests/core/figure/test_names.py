"""Tests of shortened names."""

from __future__ import annotations

import pytest

from nn_tui.core.figure.names import fit_names
from nn_tui.core.figure.svg import text_width


@pytest.mark.parametrize(
    "names",
    [
        ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"),
        ("a" * 60 + "b" + "c" * 60, "a" * 60 + "x" + "c" * 60),
        ("x₁", "x₂"),
    ],
)
def test_long_names_fit_and_stay_different(names: tuple[str, ...]) -> None:
    short = fit_names(names, 60, 10)
    assert len(set(short)) == len(names)
    assert all(text_width(name, 10) <= 60 for name in short)


def test_the_words_of_a_long_name_keep_their_starts() -> None:
    assert fit_names(("sepal_length_cm", "x"), 60, 10) == ("se_le_cm", "x")
    assert fit_names(("a\nb", "c\x1b"), 90) == ("a b", r"c\x1b")
