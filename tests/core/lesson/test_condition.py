"""Tests of conditions: their grammar, and whether they hold at a cursor in a pass."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import parse_condition
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run


def cursor_in(preset: str, update: int = 1, steps: int | None = None) -> PassCursor:
    """Return a cursor in a pass of a shipped preset; at its end if the steps are None."""
    run = Run.start(open_experiment(preset))
    run.goto(update)
    at = PassCursor(run.engine, run.trace(update), 0)
    return PassCursor(run.engine, at.trace, at.steps.end if steps is None else steps)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        # x = 2, w = 0.5, b = −1.5: z = −0.5
        ("z1[1] == -0.5", True),
        ("z1[1] = -0.5", None),
        ("z1[1] == −1/2", True),
        ("z1[1] != -0.5", False),
        ("z1[1] < -0.5", False),
        ("z1[1] ≤ -0.5", True),
        ("z1[1]>=-.5 and x1 == 2", True),
        ("z1[1] >= -0.5 AND x1 > 2", False),
        ("w1[1,1] < w1'[1,1]", True),
        ("updates == 1", True),
        ("learning_rate == 0.5 and dw1[1,1] < 0", True),
        ("train_loss < loss", True),  # the update has made it smaller
        ("0.5 > loss", True),
        ("abs(z1[1]) < x1 / 3", True),
        ("1 < 2", None),
        ("loss <", None),
        ("loss < 0.5 and", None),
        ("loss < 1 < 2", None),
        ("", None),
    ],
)
def test_a_condition_compares_numbers_of_the_run(text: str, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(InputError):
            parse_condition(text)
    else:
        assert parse_condition(text).holds(cursor_in("neuron")) is holds


def test_a_number_that_is_not_computed_cannot_be_compared() -> None:
    condition = parse_condition("loss > 0")
    start = cursor_in("neuron", steps=0)
    with pytest.raises(InputError, match='"loss" is not computed yet at this moment'):
        condition.holds(start)
    assert condition.holds(cursor_in("neuron", steps=3))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("los < 1", '"los" is not the name of a number'),
        ("accurcy > 0.5", '"accurcy" is not the name of a number. Did you mean "accuracy"?'),
        ("z3[1] > 0", "the network has only layer 1"),
        ("test_loss > 0", 'this data has no "test_loss"'),
        ("x1 > 1e9 and z1[5] > 0", "layer 1 has only unit 1"),  # also behind a comparison that does not hold
    ],
)
def test_names_that_the_run_does_not_have(text: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        parse_condition(text).holds(cursor_in("neuron"))
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("accuracy = 1", '"accuracy = 1" is not a comparison; write == to compare.'),
        ("train loss < 0.01", '"train loss" is not the name of a number. Did you mean "train_loss"?'),
    ],
)
def test_what_is_nearly_a_condition_names_the_right_one(text: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        parse_condition(text)
    assert str(error.value) == problem
