"""Tests of the check of the first updates: steps from which the network does not recover.

Such runs are chaotic: the last bits of a product, which differ between processors, grow to other numbers. The seeds
here show the same with the products of OpenBLAS for Haswell, SkylakeX and Nehalem.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from nn_tui.core.diagnosis.full_batch import FullBatch
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.run import Run
from nn_tui.core.text import two_digits
from tests.core.diagnosis._presets import findings_at, kinds, start
from tests.core.diagnosis._problems import preset, start_text


def dying(optimizer: str, batch: str = "") -> Run:
    layers = "8 relu init=he_uniform, 1 sigmoid"
    return start_text(preset("moons samples=100", layers, f"huber {optimizer}{batch}", 7))


@pytest.mark.parametrize("update", [10, 40, 300])
@pytest.mark.parametrize("optimizer", ["adam 3", "rmsprop 1", "adagrad 30"])
def test_units_that_long_steps_have_killed_are_a_symptom_of_the_learning_rate(optimizer: str, update: int) -> None:
    run = dying(optimizer)
    assert findings_at(run, 0) == ()
    high, *others = findings_at(run, update)
    assert high.kind == "learning_rate_high"
    assert {finding.kind for finding in others} <= {"dead_units", "saturated"} and others
    assert all(finding.emerged for finding in others)


def test_the_losses_are_those_of_the_runs_with_both_learning_rates() -> None:
    run = dying("adam 3")
    finding = findings_at(run, 300)[0]
    assert finding.remedies == ("eta = 0.3",)
    lower = apply_edit("eta = 0.3", run, 0)
    lower.goto(200)
    now, then = two_digits(loss(run, 300)), two_digits(loss(lower, 200))
    assert f"is {now} now, and with η = 0.3 it is {then} after 200 updates." in str(finding.cause)
    early = str(findings_at(run, 40)[0].cause)
    then_with = two_digits(loss(run, 200))
    assert f"after 200 updates the loss of the training set is {then_with}, and with η = 0.3 it is {then}." in early


def loss(run: Run, update: int) -> float:
    with np.errstate(all="ignore"):
        return FullBatch(run.engine).loss(run.state_after(update).parameters)


def test_units_that_were_dead_before_the_first_step_do_not_speak_against_the_learning_rate() -> None:
    layers = "6 relu init=he_uniform bias=[-9,-9,-9,-9,-9,-9], 1 sigmoid"
    run = start_text(preset("circles samples=80", layers, "binary_cross_entropy adam 3"))
    (first, *_) = findings_at(run, 100)
    assert first.kind == "dead_units" and not first.emerged


def test_a_schedule_that_shortens_the_steps_in_time_is_given_that_time() -> None:
    run = start(find_preset("schedule"))
    assert [kinds(findings_at(run, update)) for update in (300, 500, 900)] == [(), (), ()]


def test_long_steps_that_do_no_harm_are_no_problem() -> None:
    run = start_text(preset("blobs samples=90", "2 * 6 elu init=he_uniform, 3 softmax", "cross_entropy adam 1"))
    assert [kinds(findings_at(run, update)) for update in (5, 20, 100, 300)] == [(), (), (), ()]


def test_a_single_spike_of_the_loss_is_no_problem_but_a_run_with_many_is() -> None:
    layers, training = "3 * 24 leaky_relu init=he_uniform, 1 identity", "mean_squared_error sgd 0.3 batch_size=10"
    calm = start_text(preset("sine samples=300", layers, training, 63))
    assert kinds(findings_at(calm, 300)) == ()
    assert loss(calm, 300) > 1.5 * loss(calm, 250)
    wild = start_text(preset("sine samples=60", "4 tanh, 1 identity", "mean_squared_error rmsprop 1", 4))
    assert kinds(findings_at(wild, 1000))[:1] == ("learning_rate_high",)
    losses = [loss(wild, update) for update in range(900, 1001, 4)]
    assert sum(after > 1.5 * before for before, after in pairwise(losses)) > 3
