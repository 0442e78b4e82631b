"""The quantities of a pass: a step by unit and by layer, the largest magnitude, and what is computed once per pass."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.engine.quantities import extent, extent_of, quantity, step_of, step_of_unit
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.tui.session import stepping
from tests._app import experiment
from tests._moves import session_after_passes
from tests._reference import RATES
from tests._reference import experiment as problem
from tests.tui.views._printed import (
    PARTS,
    WITH_STATE,
    with_optimizer,
)


@pytest.mark.parametrize("optimizer", RATES)
def test_the_step_of_one_unit_is_a_row_of_the_layers_step(optimizer: str) -> None:
    run = Run.start(problem(optimizer=optimizer, sizes=(3, 9, 2), frozen_biases=(1,)))
    run.train(6)
    trace = run.trace(6)
    for layer, units in enumerate(run.engine.sizes[1:]):
        rows = [step_of_unit(run.engine, trace, layer, unit) for unit in range(units)]
        assert not trace.steps.get(layer, np.zeros(0)).size, "one row is computed without the others"
        assert np.array_equal(np.stack(rows), step_of(run.engine, trace, layer))
        assert step_of_unit(run.engine, trace, layer, 0).tobytes() == rows[0].tobytes()
    with pytest.raises(IndexError):
        step_of_unit(run.engine, trace, 0, 9)


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
    assert found == extent_of(first.before.weights[0]) and first.extents == {("w", 0): found}
    first.extents["w", 0] = (1e9, True)
    assert extent(run.engine, first, "w", 0) == (1e9, True), "the weights are not searched again"
    assert extent(run.engine, second, "w", 0) == extent_of(second.before.weights[0])


def test_a_step_that_another_reader_drops_while_it_is_computed_is_returned() -> None:
    run = Run.start(experiment("iris"))
    trace = run.trace(1)
    trace.holders += 1
    engine = run.engine

    class Dropped(dict[int, Array]):
        """The steps of a pass that another reader gives back right after one was stored."""

        def __setitem__(self, layer: int, step: Array) -> None:
            super().__setitem__(layer, step)
            engine.drop(trace)

    trace.steps = Dropped()
    assert step_of(engine, trace, 0).shape == (10, 5)
    run.release(trace)


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_new_state_is_the_state_after_the_pass(optimizer: str) -> None:
    session = session_after_passes(with_optimizer(optimizer), 3)
    engine, trace = session.engine, session.trace
    for index, slot in enumerate(engine.optimizer.slots):
        for part, arrays in zip(PARTS, trace.after.slot(index, engine.sizes), strict=True):
            for at, array in enumerate(arrays):
                found = quantity(engine, trace, f"m:{slot}:{part}_after", at)
                assert found.shape == array.shape and np.array_equal(found, array)
                assert not np.array_equal(found, quantity(engine, trace, f"m:{slot}:{part}", at))


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_state_after_a_pass_is_the_state_before_the_next(optimizer: str) -> None:
    session = session_after_passes(with_optimizer(optimizer), 2)
    left = {
        (slot, part, at): quantity(session.engine, session.trace, f"m:{slot}:{part}_after", at).copy()
        for slot in session.engine.optimizer.slots
        for part in PARTS
        for at in range(2)
    }
    session = stepping.forward(session)
    for (slot, part, at), array in left.items():
        assert np.array_equal(array, quantity(session.engine, session.trace, f"m:{slot}:{part}", at))
