"""A student with a pocket calculator: what the screen prints at its usual digits comes out, and is of one moment."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nn_tui.core.refs import Ref
from nn_tui.core.spec import OptimizerSpec
from nn_tui.tui import stepping
from nn_tui.tui.session import Session, begin, select
from nn_tui.tui.views import arithmetic
from tests._app import DARK, experiment
from tests.test_arithmetic_view import computed, lines_of


def passes(preset: str, count: int, optimizer: str | None = None) -> Session:
    """A preset after so many passes, perhaps with another optimiser."""
    made = experiment(preset)
    if optimizer is not None:
        made = replace(made, training=replace(made.training, optimizer=OptimizerSpec(optimizer, 0.05)))
    session = begin(made)
    for _ in range(count):
        session = stepping.whole_pass(session)
    return session


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "adagrad", "nesterov"])
@pytest.mark.parametrize("digits", [4, 6])
def test_a_step_of_small_numbers_comes_out_by_hand_from_what_is_printed(optimizer: str, digits: int) -> None:
    session = replace(passes("xor", 60, optimizer), digits=digits)
    checked = 0
    for unit in range(4):
        here = select(session, Ref("w_after", 0, unit, 1))
        for line in lines_of(here):
            if not line.startswith("  Δ = −"):
                continue
            left, right = (computed(side) for side in line.split(" = ")[-2:])
            assert left is not None and right is not None
            assert left[0] == pytest.approx(right[0], rel=3 * 10.0 ** (1 - digits)), line
            checked += 1
    assert checked == 4


@pytest.mark.parametrize("key", ["z", "dw", "db", "loss", "dz", "w_after", "step_w"])
@pytest.mark.parametrize("optimizer", [None, "adam"])
def test_four_lines_show_the_result_and_that_numbers_are_rounded(key: str, optimizer: str | None) -> None:
    session = select(passes("xor", 3, optimizer), Ref(key, 0, 1, 1 if key in ("dw", "w_after", "step_w") else 0, 2))
    whole = [line.strip() for line in lines_of(session, 78)]
    drawn = [strip.text for strip in arithmetic.draw(session, DARK, 78, 4)]
    results = [line for line in whole[1:] if re.match(r"(z₁|δ₁|∂L/∂\S+ = sum|L = sum|w′ = w|Δ = −)", line)]
    wanted = {"w_after": "w′ = w", "step_w": "Δ = −"}.get(key)
    result = next(line for line in results if wanted is None or line.startswith(wanted))
    text = "\n".join(drawn)
    assert result in text
    assert "≈" in text
    if key in ("dw", "db"):
        assert "▸ sample 3:" in text, "the term of the selected sample"
