"""Tests of changes of the training: each changes one setting and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.training import suggested_learning_rate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, OptimizerSpec, ScheduleSpec, WarmupSpec
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
    ("schedule = cosine T_max=50 per=epoch", "schedule constant → cosine T_max=50 per epoch",
     lambda e: e.training.schedule, ScheduleSpec("cosine", (("T_max", 50.0),), "epoch")),
    ("warmup = 20 start_factor=0.1", "schedule constant → constant, warm-up 20",
     lambda e: e.training.schedule, ScheduleSpec(warmup=WarmupSpec(0.1, 20))),
    ("freeze b2", "freeze b2", lambda e: e.layers[1].train_bias, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "read", "value"), SETTINGS)
def test_a_setting_changes_and_nothing_else(
    text: str, label: str, read: Callable[[Experiment], object], value: object
) -> None:
    run = trained(small_experiment())
    new = edit(run, text)
    assert change_text(new.segments[-1].change) == label
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
    assert adam.experiment.training.optimizer.learning_rate == 0.01
    adam.train(4)
    tuned = edit(edit(adam, "β₁ = 0.8"), "optimizer = adamw")
    assert change_text(edit(adam, "beta1 = 0.8").segments[-1].change) == "β₁ 0.9 → 0.8"
    assert change_text(edit(adam, "ε = 1e-6").segments[-1].change) == "ε 1e-08 → 1e-06"
    assert bits(tuned.state) == bits(adam.state) and tuned.state.steps == 4
    assert dict(tuned.experiment.training.optimizer.options)["beta1"] == 0.8
    assert not edit(tuned, "optimizer = momentum 0.3").experiment.training.optimizer.options


@pytest.mark.parametrize(
    ("old", "name", "rate"),
    [
        (OptimizerSpec("sgd", 2.0), "momentum", 0.2),
        (OptimizerSpec("sgd", 0.2), "adam", 0.01),
        (OptimizerSpec("sgd", 0.2), "adagrad", 0.1),
        (OptimizerSpec("momentum", 0.03), "nesterov", 0.03),
        (OptimizerSpec("nesterov", 0.03), "sgd", 0.3),
        (OptimizerSpec("adam", 0.005), "adamw", 0.005),
        (OptimizerSpec("adam", 0.005), "sgd", 0.1),
        (OptimizerSpec("rmsprop", 0.5), "nadam", 0.01),
    ],
)
def test_a_learning_rate_is_suggested_for_another_optimiser(old: OptimizerSpec, name: str, rate: float) -> None:
    assert suggested_learning_rate(old, name) == rate
    run = edit(trained(small_experiment(old.name, old.learning_rate)), f"optimizer = {name}")
    assert run.experiment.training.optimizer == OptimizerSpec(name, rate)


def rates(run: Run, updates: int) -> list[float]:
    """η of the passes up to ``updates``."""
    found = []
    for update in range(1, updates + 1):
        trace = run.trace(update)
        found.append(trace.learning_rate)
        run.release(trace)
    return found


def test_a_schedule_counts_from_the_start_of_the_run_and_a_new_rate_rescales_it() -> None:
    run = edit(trained(small_experiment(), 4), "schedule = exponential gamma=0.5", update=4)
    assert rates(run, 6) == pytest.approx([0.1] * 4 + [0.1 * 0.5**4, 0.1 * 0.5**5])
    louder = edit(run, "eta = 0.4", update=5)
    assert rates(louder, 6) == pytest.approx([0.1] * 4 + [0.1 * 0.5**4, 0.4 * 0.5**5])
    assert rates(edit(louder, "schedule = constant", update=5), 7)[5:] == [0.4, 0.4]


def test_a_schedule_keeps_its_unit_and_its_warm_up_unless_they_are_named() -> None:
    run = edit(trained(small_experiment(), 2), "schedule = step step_size=2 per=epoch")
    run = edit(run, "warmup = 3")
    run = edit(run, "schedule = exponential gamma=0.9")
    assert run.experiment.training.schedule == ScheduleSpec(
        "exponential", (("gamma", 0.9),), "epoch", WarmupSpec(1 / 3, 3)
    )
    assert edit(run, "warmup = 0").experiment.training.schedule.warmup is None


def test_an_optimiser_with_numbers_of_its_own_starts_anew() -> None:
    adam = trained(small_experiment("adam"), 4)
    nadam = edit(adam, "optimizer = nadam")
    assert nadam.state.steps == 0 and nadam.state.scalars == (1.0,) and not nadam.state.array[1:].any()
    nadam.train(3)
    assert 0.0 < nadam.state.scalars[0] < 0.2
    assert edit(nadam, "w1[1,1] = 0.5").state.scalars == nadam.state.scalars
    assert edit(nadam, "add 1 unit to layer 1").state.scalars == nadam.state.scalars
    back = edit(nadam, "optimizer = adam")
    assert back.state.scalars == () and back.state.steps == 0


def test_passes_are_counted_on_after_a_change_of_the_batch_size() -> None:
    new = edit(trained(small_experiment("adam")), "batch = 3")  # 16 rows: 4 passes an epoch before, 6 after
    trace = new.trace(10)
    assert (trace.update, trace.epoch, trace.batches, trace.n, trace.after.steps) == (10, 2, 6, 3, 10)
    new.release(trace)
    full = edit(new, "batch = full", update=9).trace(10)
    assert (full.update, full.epoch, full.n) == (10, 10, 16)
