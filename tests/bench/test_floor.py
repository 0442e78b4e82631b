"""Check that the floor of the benchmark computes everything that a trace contains, for a fair comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench._floor import Floor
from nn_tui.core.run.run import Run
from tests._reference import Combination, experiment

TANH = Combination("tanh", "sigmoid", "half_squared_error")
RELU = Combination("relu", "softmax", "cross_entropy")


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("updates", [6, 7])  # its two states change places with each update
@pytest.mark.parametrize(
    ("combination", "sizes"), [(TANH, (2, 4, 1)), (TANH, (3, 5, 4, 2)), (RELU, (4, 6, 3)), (RELU, (3, 40, 30, 3))]
)
def test_the_floor_computes_the_pass_of_the_trainer(
    combination: Combination, sizes: tuple[int, ...], updates: int, optimizer: str
) -> None:
    problem = experiment(combination, sizes, 9, optimizer=optimizer)
    run = Run.start(problem)
    floor = Floor(problem, run.state.parameters.copy())
    run.train(updates - 1)
    trace = run.trace(updates)
    floor.train(2)
    floor.train(updates - 2)  # it can continue
    after, before = floor.states
    pairs: list[tuple[Any, Any]] = [
        (after, trace.after.array), (before, trace.before.array), (floor.terms, trace.terms.T),
        (floor.gradient[0], trace.gradient), (floor.losses[-1], trace.loss),
    ]  # fmt: skip
    for layer in range(len(sizes) - 1):
        pairs += [(floor.z[layer], trace.z[layer].T), (floor.a[layer], trace.a[layer].T)]
        pairs += [(floor.dz[layer], trace.dz[layer].T)]
        if layer < len(sizes) - 2 or run.engine.loss.acts_on == "a":
            pairs += [(floor.da[layer], trace.da[layer].T)]
    for actual, expected in pairs:
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-15)
