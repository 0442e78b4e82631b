"""Changes of the training: each changes one setting and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nn_tui.core.spec import Experiment
from tests._edits import bits, edit, small_experiment, trained

SETTINGS: list[tuple[str, str, Callable[[Experiment], object], object]] = [
    ("eta = 0.5", "η 0.1 → 0.5", lambda e: e.training.optimizer.learning_rate, 0.5),
    ("momentum=0.8", "momentum 0.9 → 0.8", lambda e: dict(e.training.optimizer.options).get("momentum"), 0.8),
    ("loss = binary_cross_entropy", "loss half_squared_error → binary_cross_entropy",
     lambda e: e.training.loss, "binary_cross_entropy"),
    ("activation 1 = leaky-relu", "activation 1 tanh → leaky_relu", lambda e: e.layers[0].activation, "leaky_relu"),
    ("batch = 16", "batch 5 → 16", lambda e: e.training.batch_size, 16),
    ("batch = full", "batch 5 → full", lambda e: e.training.batch_size, None),
    ("shuffle = off", "shuffle off", lambda e: e.training.shuffle, False),
    ("reduction = sum", "reduction mean → sum", lambda e: e.training.reduction, "sum"),
    ("l1 = 0.001", "l1 0 → 0.001", lambda e: e.training.l1, 0.001),
    ("l2 = 1e-2", "l2 0 → 0.01", lambda e: e.training.l2, 0.01),
    ("freeze b2", "freeze b2", lambda e: e.layers[1].train_bias, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "read", "value"), SETTINGS)
def test_a_setting_changes_and_nothing_else(
    text: str, label: str, read: Callable[[Experiment], object], value: object
) -> None:
    run = trained(small_experiment())
    new = edit(run, text)
    assert new.segments[-1].label == label
    assert read(new.experiment) == value != read(run.experiment)
    assert bits(new.state) == bits(run.state)
    assert new.experiment.data is run.experiment.data


def test_an_optimiser_with_the_same_arrays_keeps_the_state() -> None:
    run = trained(small_experiment())
    same = edit(run, "optimizer = nesterov")
    assert bits(same.state) == bits(run.state)
    assert same.experiment.training.optimizer.learning_rate == 0.1
    adam = edit(run, "optimizer = adam")
    assert np.array_equal(adam.state.array[0], run.state.array[0])
    assert adam.state.array.shape[0] == 3 and not adam.state.array[1:].any() and adam.state.steps == 0
    assert adam.experiment.training.optimizer.learning_rate == 0.001
    adam.train(4)
    tuned = edit(edit(adam, "beta1 = 0.8"), "optimizer = adamw")
    assert bits(tuned.state) == bits(adam.state) and tuned.state.steps == 4
    assert dict(tuned.experiment.training.optimizer.options)["beta1"] == 0.8
    assert not edit(tuned, "optimizer = momentum 0.3").experiment.training.optimizer.options


def test_passes_are_counted_on_after_a_change_of_the_batch_size() -> None:
    new = edit(trained(small_experiment("adam")), "batch = 3")  # 16 rows: 4 passes an epoch before, 6 after
    trace = new.trace(10)
    assert (trace.update, trace.epoch, trace.batches, trace.n, trace.after.steps) == (10, 2, 6, 3, 10)
    new.release(trace)
    full = edit(new, "batch = full", update=9).trace(10)
    assert (full.update, full.epoch, full.n) == (10, 10, 16)
