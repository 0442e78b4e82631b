"""The quantities of a pass: a step by unit and by layer, the largest magnitude, and what is computed once per pass."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from nn_tui.core.engine.quantities import extent, extent_of, quantity, step_at, step_of
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, OptimizerSpec
from tests._app import experiment
from tests._reference import RATES
from tests._reference import experiment as problem

WITH_STATE = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam")
STATE: tuple[Quantity, Quantity] = ("state_w", "state_b")


@pytest.mark.parametrize("optimizer", RATES)
def test_the_step_of_one_parameter_is_that_of_the_layer(optimizer: str) -> None:
    run = Run.start(problem(optimizer=optimizer, sizes=(3, 9, 2), frozen_biases=(1,)))
    run.train(6)
    trace = run.trace(6)
    for layer, (inputs, units) in enumerate(pairwise(run.engine.sizes)):
        indices = list(product(range(units), range(inputs)))
        weights = [step_at(run.engine, trace, layer, index) for index in indices]
        biases = [step_at(run.engine, trace, layer, (unit,)) for unit in range(units)]
        assert layer not in trace.steps, "one parameter is computed without the others"
        dw, db = step_of(run.engine, trace, layer)
        assert weights == [dw[index] for index in indices] and biases == db.tolist()
    with pytest.raises(IndexError):
        step_at(run.engine, trace, 0, (9, 0))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0.0, True)),
        ([1.0, -3.0], (3.0, True)),
        ([1.0, float("nan"), -2.0], (2.0, False)),
        ([float("inf"), -2.0, float("-inf")], (2.0, False)),
        ([float("nan")], (0.0, False)),
    ],
)
def test_the_largest_magnitude_leaves_out_numbers_that_are_not_finite(
    values: list[float], expected: tuple[float, bool]
) -> None:
    assert extent_of(np.array(values)) == expected


def test_the_largest_magnitude_of_a_quantity_is_found_once_in_a_pass() -> None:
    run = Run.start(experiment("iris"))
    first, second = run.trace(1), run.trace(2)
    found = extent(run.engine, first, "w", 0)
    assert found == extent_of(first.before.weights[0]) and first.extents == {(QuantityKey("w"), 0): found}
    first.extents[QuantityKey("w"), 0] = (1e9, True)
    assert extent(run.engine, first, "w", 0) == (1e9, True), "the weights are not searched again"
    assert extent(run.engine, second, "w", 0) == extent_of(second.before.weights[0])


def test_a_step_that_another_reader_drops_while_it_is_computed_is_returned() -> None:
    run = Run.start(experiment("iris"))
    trace = run.trace(1)
    trace.refcount += 1
    engine = run.engine

    class Dropped(dict[int, tuple[Array, Array]]):
        """The steps of a pass that another reader gives back right after one was stored."""

        def __setitem__(self, layer: int, step: tuple[Array, Array]) -> None:
            super().__setitem__(layer, step)
            engine.release(trace)

    trace.steps = Dropped()
    assert [part.shape for part in step_of(engine, trace, 0)] == [(10, 4), (10,)]
    run.release(trace)


def run_with_state(optimizer: str) -> Run:
    """Return a run of three updates whose optimiser has state."""
    made = experiment("xor")
    run = Run.start(replace(made, training=replace(made.training, optimizer=OptimizerSpec(optimizer, 0.1))))
    run.train(3)
    return run


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_new_state_is_the_state_after_the_pass(optimizer: str) -> None:
    run = run_with_state(optimizer)
    trace, engine = run.trace(3), run.engine
    for index, slot in enumerate(engine.optimizer.slots):
        for name, arrays in zip(STATE, trace.after.slot(index), strict=True):
            for layer, array in enumerate(arrays):
                found = quantity(engine, trace, QuantityKey(name, slot, after=True), layer)
                assert found.shape == array.shape and np.array_equal(found, array)
                assert not np.array_equal(found, quantity(engine, trace, QuantityKey(name, slot), layer))


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_state_after_a_pass_is_the_state_before_the_next(optimizer: str) -> None:
    run = run_with_state(optimizer)
    second, third = run.trace(2), run.trace(3)
    for slot, name, layer in product(run.engine.optimizer.slots, STATE, range(2)):
        after = quantity(run.engine, second, QuantityKey(name, slot, after=True), layer)
        assert np.array_equal(after, quantity(run.engine, third, QuantityKey(name, slot), layer))


def test_the_caches_of_a_reader_end_with_their_pass() -> None:
    run = Run.start(experiment("xor"))
    engine = run.engine
    passes = engine.passes(engine.initial_state(), 1)
    for _ in range(6):  # the iterator uses the same trace again, which nobody else holds
        trace = next(passes)
        cached = quantity(engine, trace, "step_w", 0).copy(), extent(engine, trace, "dw", 0)
        trace.clear_reader_caches()
        assert np.array_equal(cached[0], quantity(engine, trace, "step_w", 0))
        assert cached[1] == extent(engine, trace, "dw", 0)
