"""Tests of the checks of the steps."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.observation import Observation, observe
from nn_tui.core.diagnosis.step_checks import (
    MIN_UPDATE_RATIO,
    check_learning_rate_high,
    check_update_size,
)
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.curves import Evaluation
from tests.core.diagnosis._presets import start
from tests.core.diagnosis._problems import preset, start_text


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


def test_one_finding_names_all_layers_with_too_long_steps() -> None:
    run = start(find_preset("exploding"))
    run.goto(1)
    with np.errstate(all="ignore"):
        (finding,) = check_update_size(observe(run, run.trace(1), 1, Facts(run.segments[0])))
    assert (finding.kind, finding.layer) == ("update_large", 6)
    assert "of layer 7 by " in str(finding.symptom) and "and those of layers" in str(finding.symptom)


def test_short_steps_that_are_too_long_all_the_same_need_no_larger_learning_rate() -> None:
    """Adagrad has divided η = 3 by a long history: the steps are short, and longer ones lead uphill."""
    layers, training = "2 * 6 gelu init=he_uniform, 1 identity", "mean_squared_error adagrad 3 batch_size=10"
    run = start_text(preset("sine samples=60", layers, training))
    run.goto(300)
    trace = run.trace(300)
    change = float(np.linalg.norm(trace.after.weights[2] - trace.before.weights[2]))
    assert change < MIN_UPDATE_RATIO * float(np.linalg.norm(trace.before.weights[2]))
    assert check_update_size(observe(run, trace, 300, Facts(run.segments[0]))) == []
