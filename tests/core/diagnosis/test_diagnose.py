"""Tests of diagnosis of the shipped presets, of plateaus and of divergence, and the remedies of all findings."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import OptimizerSpec
from nn_tui.presets import COURSE
from tests.core.diagnosis._presets import HEALTHY, TROUBLED, findings_at, kinds, start
from tests.core.diagnosis._problems import preset, start_text


def test_every_shipped_preset_is_in_one_of_the_tables() -> None:
    assert sorted([*HEALTHY, *TROUBLED]) == sorted(COURSE)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_preset_that_learns_has_no_findings(name: str) -> None:
    healthy = find_preset(name)
    assert healthy.expect is not None
    run, end = start(healthy), healthy.expect.updates
    moments = {0, 1, min(10, end), end // 2, end, *range(0, end, 100)} if end <= 2000 else {0, 1, 10, end // 2, end}
    actual = {at: kinds(findings_at(run, at)) for at in sorted(moments)}
    assert actual == dict.fromkeys(actual, ())


@pytest.mark.parametrize("name", TROUBLED)
def test_a_preset_with_problems_has_their_findings(name: str) -> None:
    run = start(find_preset(name))
    assert {at: kinds(findings_at(run, at)) for at in TROUBLED[name]} == TROUBLED[name]
    expect = find_preset(name).expect
    assert expect is not None and expect.updates == max(TROUBLED[name])


def test_a_tiny_learning_rate_is_named_from_the_start_and_when_the_loss_is_flat() -> None:
    plane = find_preset("plane")
    slow = replace(plane, training=replace(plane.training, optimizer=OptimizerSpec("sgd", 1e-7)))
    run = start(slow)
    assert kinds(findings_at(run, 0)) == ("learning_rate_low",)
    (finding,) = findings_at(run, 300)
    assert finding.kind == "learning_rate_low"
    assert str(finding.cause).startswith("The steps go the right way, but they are short: η may grow about ")


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


def test_a_flat_loss_of_biases_alone_is_no_minimum() -> None:
    run = one_unit("[[9.0], [5.0]]", "weights = [[1.0]]\ntrain_weights = false", 'name = "sgd"\nlearning_rate = 1e-7')
    (finding,) = findings_at(run, 300)
    assert (finding.kind, finding.layer) == ("learning_rate_low", None)


def one_weight(optimizer: str) -> Run:
    """Return a run of L = ½(w − 3)² from w = 9 with an optimiser."""
    return one_unit("[[3.0], [-3.0]]", "weights = [[9.0]]\ntrain_bias = false", optimizer)


def test_a_loss_that_is_flat_because_of_short_steps_needs_a_larger_eta() -> None:
    run = one_weight("learning_rate = 2e-5")  # changes w by a little more than 1e-5 of it
    (finding,) = findings_at(run, 300)
    assert finding.kind == "learning_rate_low" and "the steps go the right way" in str(finding.cause).lower()
    assert finding.remedies == ("eta = 0.2",)  # a tenth of 2/λ, with λ = 1


def test_updates_that_undo_each_other_exactly_are_a_cycle() -> None:
    run = one_weight("learning_rate = 2.0")  # from 9 to −3 and back for ever
    for update in (2, 3, 300):
        (finding,) = [finding for finding in findings_at(run, update) if finding.kind != "update_large"]
        assert finding.kind == "cycle" and "exactly those of 2 updates ago" in str(finding.symptom)
        assert str(finding.advice) == "Lower η."
    assert "cycle" not in kinds(findings_at(run, 1))


@pytest.mark.parametrize("update", [9, 10, 11, 12, 155, 4001])
def test_the_cycle_of_a_perceptron_is_found_at_once_and_means_that_no_line_separates_the_classes(update: int) -> None:
    run = start(find_preset("xor-perceptron"))
    line, finding = findings_at(run, update)
    assert line.kind == "single_layer" and finding.kind == "cycle"
    assert np.array_equal(run.state_after(update).array, run.state_after(update - 4).array)
    assert "exactly those of 4 updates ago" in str(finding.symptom)
    assert re.search(r"[123] of 4 predictions are wrong", str(finding.symptom))
    assert "no line separates these classes" in str(finding.cause)


def test_steps_of_momentum_uphill_are_not_called_too_short() -> None:
    run = one_weight('name = "momentum"\nmomentum = 1.0\nlearning_rate = 0.01')
    found = {kind for at in range(300, 430, 3) for kind in kinds(findings_at(run, at))}
    assert "learning_rate_low" not in found and "local_minimum" not in found


def test_a_network_that_has_learned_has_no_findings() -> None:
    exploding = find_preset("exploding")
    slow = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-3)))
    run = start(slow)
    findings_at(run, 1000)
    assert [sample.train_accuracy for sample in run.evaluations][-1] == 1.0
    assert findings_at(run, 1000) == ()
    # Nor is a δ that grows on its way back a trouble then.
    slower = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-4)))
    run = start(slower)
    assert "exploding" in kinds(findings_at(run, 0))
    assert findings_at(run, 1000) == () and [sample.train_accuracy for sample in run.evaluations][-1] == 1.0


def test_a_divergence_names_the_update_and_the_number() -> None:
    run = start(find_preset("too-fast"))
    (finding,) = findings_at(run, 1000)
    assert run.divergence is not None
    assert str(finding.symptom) == f"The run diverged at {run.divergence.sentence}."
    assert kinds(findings_at(run, run.divergence.update - 1))[0] == "learning_rate_high"
    assert findings_at(run, 2) == ()


def test_numbers_that_are_not_finite_raise_nothing() -> None:
    run = start(find_preset("too-fast"))
    run.goto(340, past_divergence=True)
    trace = run.trace(340)
    assert not np.isfinite(trace.loss)
    assert kinds(diagnose(run, trace, 340)) == ("diverged",)
    run.release(trace)


def test_an_edit_starts_a_new_curve() -> None:
    run = start(find_preset("local-minimum-full"))
    assert kinds(findings_at(run, 300)) == ("local_minimum",)
    after = run.edited(300, run.experiment, Change("text", "η"))
    assert findings_at(after, 301) == ()
    assert kinds(findings_at(after, 500)) == ("local_minimum",)


def test_a_class_without_rows_has_no_findings() -> None:
    text = """
title = "t"
summary = "s"
[data]
inputs = [[0.0], [1.0], [2.0]]
targets = [[1, 0, 0], [1, 0, 0], [0, 1, 0]]
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""
    run = start(parse_preset(text, id="t", file="t.toml", folder=None))
    assert findings_at(run, 0) == () == findings_at(run, 50)


def test_a_finding_that_follows_another_one_proposes_its_change_first() -> None:
    first, saturated = findings_at(start(find_preset("penguins-raw")), 300)
    assert (first.kind, saturated.kind) == ("inputs_unscaled", "saturated")
    assert saturated.remedies[0] == first.remedies[0] == "standardize = on"


def test_no_later_finding_proposes_what_the_first_one_calls_useless() -> None:
    """With pixels from 0 to 255 a lower η only delays the problem, although it is the usual help for dead units."""
    run = start_text(preset("images 60 5", "16 relu init=he_uniform, 3 softmax", "cross_entropy sgd 0.1"))
    first, dead = findings_at(run, 40)
    assert (first.kind, dead.kind, dead.emerged) == ("inputs_unscaled", "dead_units", True)
    assert "a lower η or smaller initial weights would only delay the problem" in str(first.advice)
    assert dead.remedies == ("standardize = on", "activation 1 = leaky_relu")
    assert str(dead.advice) == "Solve this problem first: unscaled inputs."


def test_what_follows_from_the_first_finding_is_left_out() -> None:
    """Two units with targets out of range stand still at a loss that other weights or more units do not lower."""
    run = start_text(preset("sine samples=60", "8 tanh, 1 sigmoid", "half_squared_error sgd 0.5"))
    assert kinds(findings_at(run, 3000)) == ("target_out_of_range",)
    deep = start_text(preset("circles samples=100", "2 * 6 softplus, 1 sigmoid", "binary_cross_entropy nesterov 3"))
    assert kinds(findings_at(deep, 1000)) == ("learning_rate_high",)  # and not that the gradient vanishes, too
