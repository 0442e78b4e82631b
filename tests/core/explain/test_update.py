"""Tests of explanations of updates and of the optimiser's state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import STATE_LETTERS, QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, OptimizerSpec, TrainingSpec
from tests._explanations import addresses_of, build, known, words_of


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_a_division_by_zero_gives_nan_and_no_error(name: str) -> None:
    optimizer = OptimizerSpec(name, 0.1, (("eps", 0.0),))
    run = Run.start(build(((0.0,),), ((1.0,),), (LayerSpec(1),), TrainingSpec(optimizer=optimizer)))
    # The input is 0, so that the gradient of the weight is 0, and 0/0 follows.
    assert np.isnan(known(explain(run.engine, run.trace(1), Ref("w", after=True))))


@pytest.mark.parametrize(
    ("ref", "value"),
    [(Ref("w", after=True), 3.0), (Ref("step_w"), 0.0), (Ref("b", after=True), 2.0), (Ref("step_b"), 0.0)],
)
def test_a_frozen_parameter_is_called_frozen_and_keeps_its_value(ref: Ref, value: float) -> None:
    layers = (LayerSpec(1, weights=((3.0,),), bias=(2.0,), train_weights=False, train_bias=False),)
    run = Run.start(build(((1.0,),), ((0.0,),), layers, TrainingSpec()))
    explanation = explain(run.engine, run.trace(1), ref)
    assert "frozen" in words_of(explanation)
    assert explanation.value == value


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_the_optimisers_state_has_addresses_and_explanations(optimizer: str) -> None:
    layers = (LayerSpec(2, "tanh"), LayerSpec(1))
    training = TrainingSpec(optimizer=OptimizerSpec(optimizer, 0.1))
    run = Run.start(build(((1.0, 2.0),), ((1.0,),), layers, training))
    run.goto(1)
    trace, slots = run.trace(2), run.engine.optimizer.slots
    for slot in slots:
        for ref in (Ref("state_w", 0, 1, 1, slot=slot), Ref("state_b", 1, 0, slot=slot)):
            assert parse_ref(ref.symbol, (2, 2, 1), 0, slots) == ref
            value = value_of(run.engine, trace, ref)
            assert explain(run.engine, trace, ref).value == value
            used = explain(run.engine, trace, ref.with_key(QuantityKey(ref.parameter.value, after=True)))
            assert (value, ref) in addresses_of(used)
            after = replace(ref, after=True)
            assert parse_ref(after.symbol, (2, 2, 1), 0, slots) == after
            value = value_of(run.engine, trace, after)
            assert explain(run.engine, trace, after).value == value != value_of(run.engine, trace, ref)
            assert (value, after) in addresses_of(used)
            assert (value, after) in addresses_of(explain(run.engine, trace, after))
    missing = next(letter for letter in "smv" if letter not in [STATE_LETTERS[slot] for slot in slots])
    with pytest.raises(InputError, match="has no state" if not slots else slots[0]):
        parse_ref(f"{missing}1[1]", (2, 2, 1), 0, slots)
