"""Tests of the replay of the first updates: it gives what the training gives, with any learning rate."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.first_updates import FIRST_UPDATES, is_affordable, xavier_length
from nn_tui.core.diagnosis.full_batch import FullBatch
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.engine import Engine
from nn_tui.core.run.run import Run
from tests.core.diagnosis._problems import preset, start_text


def moons(layers: str = "6 tanh, 1 sigmoid") -> Run:
    return start_text(preset("moons samples=60", layers, "half_squared_error adam 1 batch_size=10"))


def losses_after(run: Run, update: int) -> list[float]:
    """Return the losses of the training set after the last five updates."""
    full_batch = FullBatch(run.engine)
    return [full_batch.loss(run.state_after(update - back).parameters) for back in reversed(range(5))]


@pytest.mark.parametrize("start", [0, 7])
def test_the_replay_has_the_losses_of_the_training_with_each_learning_rate(start: int) -> None:
    run = moons()
    run.goto(start)
    run = apply_edit("l2 = 0.001", run, start)
    facts = Facts(run.segments[-1])
    end = start + FIRST_UPDATES
    for rate in (1.0, 0.03):
        changed = run if rate == 1.0 else apply_edit(f"eta = {rate}", run, start)
        changed.goto(end)
        replay = facts.first_updates(rate)
        losses = losses_after(changed, end)
        assert replay is not None and (replay.loss, replay.median_loss) == (losses[-1], float(np.median(losses)))


def test_the_longest_step_is_the_one_that_changes_the_weights_most() -> None:
    run = moons()
    replay = Facts(run.segments[0]).first_updates(1.0)
    assert replay is not None
    run.goto(FIRST_UPDATES)
    ratios = []
    for update in range(1, FIRST_UPDATES + 1):
        old, new = (run.state_after(number).weights[replay.layer] for number in (update - 1, update))
        ratios.append(float(np.linalg.norm(new - old)) / max(float(np.linalg.norm(old)), xavier_length(old)))
    assert replay.longest == int(np.argmax(ratios)) + 1
    assert replay.ratio == pytest.approx(max(ratios))


def test_a_run_that_diverges_has_an_infinite_loss() -> None:
    run = start_text(preset("plane samples=60", "1 identity", "mean_squared_error sgd 1e9"))
    replay = Facts(run.segments[0]).first_updates(1e9)
    assert replay is not None and replay.loss == np.inf


def test_the_updates_of_a_wide_network_are_not_replayed() -> None:
    run = moons("2 * 500 tanh, 1 sigmoid")
    wide = Engine(run.experiment)
    assert not is_affordable(wide)
    assert Facts(run.segments[0]).first_updates(0.1) is None
