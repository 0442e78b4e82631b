"""Tests of explanations for notebooks: every formula is between dollar signs without a space at its ends."""

from __future__ import annotations

import re

import pytest

from nn_tui.core import Network

NAMES = (
    "z1[1]",
    "a2[1]",
    "loss",
    "l1",
    "da1[1]",
    "dz2[1]",
    "dw1[1,1]",
    "db2[1]",
    "w1[1,1]'",
    "stepw1[1,1]",
    "x1",
    "y1",
)


@pytest.mark.parametrize("preset", ["xor", "iris", "mazur"])
def test_formulas_are_between_dollar_signs(preset: str) -> None:
    seen = Network.open(preset).trace(2)
    for name in NAMES:
        text = seen.explain(name).markdown()
        for line in text.splitlines():
            parts = re.split(r"(?<!\\)\$", line)
            assert len(parts) % 2 == 1, line
            for words, formula in zip(parts[::2], [*parts[1::2], "x"], strict=True):
                assert "\\frac" not in words and "\\partial" not in words, line
                assert formula and formula == formula.strip() and formula.count("{") == formula.count("}"), line
