"""Tests of the checks of the steps."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.observation import Observation, observe
from nn_tui.core.diagnosis.step_checks import check_learning_rate_high
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.curves import Evaluation
from tests.core.diagnosis._presets import start


def seen(losses: list[float]) -> Observation:
    """Return an observation of a run whose evaluations have these losses."""
    run = start(find_preset("plane"))
    run.goto(1)
    observation = observe(run, run.trace(1), 1, Facts(run.segments[0]))
    evaluations = [Evaluation(update, loss, None, None, None, (), ()) for update, loss in enumerate(losses)]
    return Observation(observation.facts, observation.trace, observation.state, evaluations, len(losses) - 1)


FALLING = [float(loss) for loss in np.geomspace(1.0, 0.3, 30)]


@pytest.mark.parametrize("at", [1, 5, 28, 29])
@pytest.mark.parametrize("factor", [1.5, 3.0, 50.0])
def test_one_rising_step_alone_is_no_high_learning_rate(at: int, factor: float) -> None:
    losses = FALLING.copy()
    losses[at] *= factor
    assert check_learning_rate_high(seen(losses)) == []
    assert check_learning_rate_high(seen([0.3, 0.3 * factor])) == []


def test_a_loss_that_grows_or_jumps_over_several_updates_is_one() -> None:
    (grows,) = check_learning_rate_high(seen([1.0, 1.6, 3.0, 7.0, 15.0, 40.0]))
    assert grows.kind == "learning_rate_high" and "has grown from 1 to 7" in str(grows.symptom)
    (jumps,) = check_learning_rate_high(seen([1.0, *[0.5, 1.0] * 12]))
    assert "The loss jumps: it rose 10 times in the last 19 evaluations" in str(jumps.symptom)
    (far,) = check_learning_rate_high(seen([0.3, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0]))
    assert "has grown from 0.3 to 60" in str(far.symptom)


def test_a_loss_that_falls_is_none() -> None:
    assert check_learning_rate_high(seen(FALLING)) == []
