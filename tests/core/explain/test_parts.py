"""Tests of the shared parts of explanations: the line of the penalty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.explain.parts import Numbers, penalty_line
from nn_tui.core.run.run import Run
from tests._app import experiment
from tests._explanations import known, numbers_in


def test_the_sums_of_a_penalty_are_computed_once_in_a_pass() -> None:
    made = experiment("digits")
    run = Run.start(replace(made, training=replace(made.training, l1=0.01, l2=0.1)))
    trace = run.trace(1)

    def sums() -> list[float]:
        numbers = numbers_in(penalty_line(Numbers(run.engine, trace)))
        return [known(number) for number in numbers if not number.is_exact][:2]

    weights = np.concatenate([layer.ravel() for layer in trace.before.weights])
    assert sums() == pytest.approx([np.abs(weights).sum(), np.square(weights).sum()])
    assert trace.weight_sums == dict(zip((1, 2), sums(), strict=True))
    for power in trace.weight_sums:
        trace.weight_sums[power] = 3.0
    assert sums() == [3.0, 3.0], "the weights are not summed again"
