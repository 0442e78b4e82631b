"""Tests of diagnosis of the shipped presets, of plateaus and of divergence, and the remedies of all badges."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from nn_tui.core.analysis.badge import KINDS, Kind
from nn_tui.core.analysis.health import diagnose
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import OptimizerSpec
from nn_tui.presets import COURSE
from tests.core.analysis._badges import HEALTHY, TROUBLED, badges_at, kinds, start


def test_every_shipped_preset_is_in_one_of_the_tables() -> None:
    assert sorted([*HEALTHY, *TROUBLED]) == sorted(COURSE)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_preset_that_learns_has_no_badges(name: str) -> None:
    preset = find_preset(name)
    assert preset.expect is not None
    run, end = start(preset), preset.expect.updates
    actual = {at: kinds(badges_at(run, at)) for at in sorted({0, 1, min(10, end), min(100, end), end // 2, end})}
    assert actual == {at: set() for at in actual}


@pytest.mark.parametrize("name", TROUBLED)
def test_a_preset_with_problems_has_their_badges(name: str) -> None:
    run = start(find_preset(name))
    assert {at: kinds(badges_at(run, at)) for at in TROUBLED[name]} == TROUBLED[name]
    expect = find_preset(name).expect
    assert expect is not None and expect.updates == max(TROUBLED[name])


def test_every_kind_of_badge_occurs_in_a_shipped_preset() -> None:
    assert {kind for table in TROUBLED.values() for badges in table.values() for kind in badges} == set(KINDS)


def test_a_tiny_learning_rate_makes_short_steps_and_a_plateau() -> None:
    plane = find_preset("plane")
    slow = replace(plane, training=replace(plane.training, optimizer=OptimizerSpec("sgd", 1e-7)))
    run = start(slow)
    assert kinds(badges_at(run, 0)) == {"update_small"}
    badges = badges_at(run, 300)
    assert kinds(badges) == {"update_small", "plateau"}
    assert str(badges[1].cause) == "The steps are too short to get anywhere."


def one_unit(targets: str, layer: str, optimizer: str) -> Run:
    """Return a run of ½(w·x + b − y)² for the inputs 1 and −1.

    Args:
        targets: The targets, as in a preset.
        layer: The weight, and which of weight and bias is frozen.
        optimizer: The optimiser and its options.
    """
    text = f"""
[data]
inputs = [[1.0], [-1.0]]
targets = {targets}
[[layers]]
units = 1
{layer}
[training]
loss = "half_squared_error"
[training.optimizer]
{optimizer}
"""
    return start(parse_preset(text, id="t", file="t.toml", folder=None))


def test_a_plateau_of_biases_alone_is_no_minimum() -> None:
    run = one_unit("[[9.0], [5.0]]", "weights = [[1.0]]\ntrain_weights = false", 'name = "sgd"\nlearning_rate = 1e-7')
    (plateau,) = (badge for badge in badges_at(run, 300) if badge.kind == "plateau")
    assert str(plateau.cause) == "The steps are too short to get anywhere."


def one_weight(optimizer: str) -> Run:
    """Return a run of L = ½(w − 3)² from w = 9 with an optimiser."""
    return one_unit("[[3.0], [-3.0]]", "weights = [[9.0]]\ntrain_bias = false", optimizer)


def test_a_plateau_is_due_to_steps_that_are_too_short() -> None:
    run = one_weight("learning_rate = 2e-5")  # changes w by a little more than 1e-5 of it
    (badge,) = badges_at(run, 300)
    assert badge.kind == "plateau" and "The steps are too short" in str(badge.cause)
    assert str(badge.advice).startswith("Raise η")


def test_updates_that_undo_each_other_exactly_are_a_cycle() -> None:
    run = one_weight("learning_rate = 2.0")  # from 9 to −3 and back for ever
    for update in (2, 3, 300):
        (badge,) = [badge for badge in badges_at(run, update) if badge.kind != "update_large"]
        assert badge.kind == "cycle" and "exactly those of 2 updates ago" in str(badge.symptom)
        assert str(badge.advice) == "Lower η."
    assert "cycle" not in kinds(badges_at(run, 1))


@pytest.mark.parametrize("update", [9, 10, 11, 12, 155, 4001])
def test_the_cycle_of_a_perceptron_is_found_at_once_and_means_that_no_line_separates_the_classes(update: int) -> None:
    run = start(find_preset("xor-perceptron"))
    (badge,) = badges_at(run, update)
    assert np.array_equal(run.state_after(update).array, run.state_after(update - 4).array)
    assert "exactly those of 4 updates ago" in str(badge.symptom)
    assert re.search(r"[123] of 4 predictions are wrong", str(badge.symptom))
    assert "no line separates these classes" in str(badge.cause)


def test_steps_of_momentum_uphill_are_not_called_too_short() -> None:
    run = one_weight('name = "momentum"\nmomentum = 1.0\nlearning_rate = 0.01')
    causes = {str(badge.cause) for at in range(300, 430, 3) for badge in badges_at(run, at) if badge.kind == "plateau"}
    assert causes == {"The gradient is not 0, but the updates undo each other."}


def test_a_network_that_has_learned_has_no_badges() -> None:
    exploding = find_preset("exploding")
    slow = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-3)))
    run = start(slow)
    badges_at(run, 1000)
    assert [sample.train_accuracy for sample in run.evaluations][-1] == 1.0
    assert badges_at(run, 1000) == ()
    # Nor is a δ that grows on its way back a trouble then.
    slower = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-4)))
    run = start(slower)
    assert "exploding" in kinds(badges_at(run, 0))
    assert badges_at(run, 1000) == () and [sample.train_accuracy for sample in run.evaluations][-1] == 1.0


def test_a_divergence_names_the_update_and_the_number() -> None:
    run = start(find_preset("too-fast"))
    (badge,) = badges_at(run, 1000)
    assert run.divergence is not None
    assert str(badge.symptom) == f"The run diverged at {run.divergence.sentence}."
    assert "divergence" in kinds(badges_at(run, run.divergence.update - 1))
    assert badges_at(run, 2) == ()


def test_numbers_that_are_not_finite_raise_nothing() -> None:
    run = start(find_preset("too-fast"))
    run.goto(340, past_divergence=True)
    trace = run.trace(340)
    assert not np.isfinite(trace.loss)
    assert kinds(diagnose(run, trace, 340)) == {"divergence"}
    run.release(trace)


def test_an_edit_starts_a_new_curve() -> None:
    run = start(find_preset("local-minimum-full"))
    assert kinds(badges_at(run, 300)) == {"plateau"}
    after = run.edited(300, run.experiment, Change("text", "η"))
    assert badges_at(after, 301) == ()
    assert kinds(badges_at(after, 500)) == {"plateau"}


def test_a_class_without_rows_has_no_badges() -> None:
    text = """
title = "t"
summary = "s"
[data]
inputs = [[0.0], [1.0], [2.0]]
targets = [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""
    run = start(parse_preset(text, id="t", file="t.toml", folder=None))
    assert badges_at(run, 0) == () == badges_at(run, 50)


class Remedy(NamedTuple):
    """The expected badge of a preset, and changes that follow its advice and remove it."""

    kind: Kind
    preset: str
    update: int
    layer: int | None
    units: tuple[int, ...]
    cause: str  # a part of it
    advice: str  # a part of it
    changed_at: int  # the update at which the changes are made
    changes: tuple[str, ...]
    remaining: frozenset[Kind] = frozenset()  # kinds of other badges that may remain


FOUR, EIGHT = (0, 1, 2, 3), tuple(range(8))
TO_RELU = (*(f"activation {layer} = relu" for layer in range(1, 7)), "init = he_uniform")
REMEDIES = (
    Remedy("divergence", "too-fast", 5, None, (), "overshoot", "Step back, and try a tenth of η", 2, ("eta = 0.2",)),
    Remedy("divergence", "too-fast", 1000, None, (), "numbers overflow", "try a tenth of η", 0, ("eta = 0.2",)),
    Remedy("divergence", "exploding", 10, None, (), "numbers overflow", "or smaller initial weights", 0,
           ("init = he_normal",)),
    Remedy("exploding", "exploding", 0, 0, (), "large weights", "smaller initial weights (xavier or he)", 0,
           ("init = he_normal",)),
    Remedy("exploding", "exploding", 0, 0, (), "large weights", "smaller initial weights (xavier or he)", 0,
           ("init = xavier_uniform",)),
    Remedy("exploding", "too-fast", 10, 0, (), "ever steeper", "Lower η", 2, ("eta = 0.2",)),
    Remedy("vanishing", "vanishing", 100, 0, (), "a slope and weights that are below 1", "Try relu with he_uniform", 0,
           TO_RELU, frozenset({"dead"})),
    Remedy("vanishing", "vanishing", 100, 0, (), "a slope and weights that are below 1", "fewer layers", 100,
           ("remove layer 2",) * 4, frozenset({"stuck_at_mean"})),  # the sigmoids that are left learn slowly
    Remedy("symmetric", "xor-zeros", 100, 0, FOUR, "Equal units get equal gradients", "with xavier_uniform", 100,
           ("init = xavier_uniform",), frozenset({"stuck_at_mean"})),  # at first, with an η of 0.5
    Remedy("dead", "dying-relu", 10, 0, (0, 1, 2, 3, 4, 5), "the slope is 0", "Lower η", 0, ("eta = 0.7",)),
    Remedy("dead", "dying-relu", 10, 0, (0, 1, 2, 3, 4, 5), "the slope is 0", "try leaky_relu", 10,
           ("activation 1 = leaky_relu",)),
    Remedy("saturated", "penguins-raw", 100, 0, EIGHT, "The inputs are about 2100", "Write standardize = on", 100,
           ("standardize = on",)),
    Remedy("update_large", "too-fast", 0, 0, (), "too large for this gradient", "Try a third of η", 0, ("eta = 0.67",)),
    Remedy("update_large", "local-minimum-full", 0, 0, (), "too large for this gradient", "Try a third of η", 0,
           ("eta = 0.67",), frozenset({"plateau"})),
    Remedy("update_large", "dying-relu", 0, 1, (), "too large for this gradient", "or a tenth", 0, ("eta = 0.7",)),
    Remedy("update_small", "too-slow", 100, 0, (), "the learning rate is", "ten or a hundred times η", 100,
           ("eta = 0.0001",), frozenset({"plateau"})),  # ten times more is not too much yet
    Remedy("stuck_at_mean", "penguins-raw", 300, None, (), "whatever the input is",
           "Solve this problem first: saturated.", 300, ("standardize = on",)),
    Remedy("stuck_at_mean", "dying-relu", 200, None, (), "whatever the input is",
           "Solve this problem first: dead ReLU.", 0, ("eta = 0.7",)),
    Remedy("stuck_at_mean", "vanishing", 1000, None, (), "whatever the input is",
           "Solve this problem first: vanishing gradient.", 1000, TO_RELU, frozenset({"dead"})),
    Remedy("plateau", "too-slow", 1000, None, (), "steps are too short", "Raise η.", 1000, ("eta = 0.01",)),
    Remedy("plateau", "local-minimum-full", 300, None, (), "a minimum, perhaps only a local one",
           "Try a hidden layer, smaller batches or training the frozen biases.", 300, ("batch = 1",),
           frozenset({"update_large"})),
    Remedy("plateau", "local-minimum-full", 300, None, (), "a minimum, perhaps only a local one",
           "Try a hidden layer, smaller batches or training the frozen biases.", 300, ("add layer 1 4 tanh",)),
    Remedy("plateau", "xor-221-stuck", 2000, None, (), "The gradient is nearly 0", "Try new initial weights", 2000,
           ("seed",)),
    Remedy("plateau", "xor-221-stuck", 2000, None, (), "The gradient is nearly 0", "more hidden units", 2000,
           ("add 2 units to layer 1",)),
    Remedy("cycle", "xor-perceptron", 200, None, (), "no line separates these classes", "Try a hidden layer.", 200,
           ("add layer 1 4 tanh",)),
)  # fmt: skip


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: f"{remedy.preset}-{remedy.kind}-{remedy.changes[0]}")
def test_the_advice_of_a_badge_removes_it(remedy: Remedy) -> None:
    run = start(find_preset(remedy.preset))
    badge = next(badge for badge in badges_at(run, remedy.update) if badge.kind == remedy.kind)
    assert (badge.layer, badge.units) == (remedy.layer, remedy.units)
    assert remedy.cause in str(badge.cause)
    assert remedy.advice in str(badge.advice)
    for change in remedy.changes:
        run = apply_edit(change, run, remedy.changed_at)
    for after in (0, 1, 10, 100, 300):
        update = remedy.changed_at + after
        assert kinds(badges_at(run, update)) <= remedy.remaining, update


def test_every_kind_of_badge_has_a_tested_remedy() -> None:
    assert {remedy.kind for remedy in REMEDIES} == set(KINDS)
