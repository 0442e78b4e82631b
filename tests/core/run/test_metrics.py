"""Evaluation on the whole data set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.run.run import Run
from tests._reference import dataset, experiment, numbers


def test_a_run_is_evaluated_after_each_epoch() -> None:
    x, y = numbers(1, 6, 2), numbers(2, 6, 2)
    problem = experiment(batch_size=2)
    problem = replace(problem, data=dataset(problem.data.x, problem.data.y, (x, y)))
    run = Run.start(problem)
    run.train(9)
    assert [evaluation.update for evaluation in run.evaluations] == [0, 3, 6, 9]
    first, *rest = run.evaluations
    assert first.gradient_norms == ()
    assert all(len(evaluation.gradient_norms) == 2 for evaluation in rest)
    last = rest[-1]
    trace = run.trace(9)
    assert last.gradient_norms == pytest.approx([np.linalg.norm(dw) for dw in trace.dw])
    assert last.update_ratios == pytest.approx(
        [
            np.linalg.norm(after - before) / np.linalg.norm(before)
            for before, after in zip(trace.before.weights, trace.after.weights, strict=True)
        ]
    )
    assert last.test_loss is not None
    assert last.test_loss != last.train_loss
