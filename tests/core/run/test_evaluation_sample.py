"""Tests of the rows on which a run is evaluated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.run.evaluation_sample import MAX_EVALUATED_ROWS, evaluated_rows, evaluation_sample, is_sampled
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from tests._reference import dataset, experiment

rng = np.random.default_rng(1)
X = rng.standard_normal((40_000, 2))
Y = (X[:, :1] + 0.5 * rng.standard_normal((40_000, 1)) > 0.0).astype(np.float64)


def test_a_part_of_usual_size_is_evaluated_as_a_whole() -> None:
    x, y = X[:MAX_EVALUATED_ROWS], Y[:MAX_EVALUATED_ROWS]
    assert evaluation_sample(x, y) == (x, y)
    assert not is_sampled(dataset(x, y, (x, y)))


def test_a_large_part_is_evaluated_on_the_same_different_rows_each_time() -> None:
    numbers = np.arange(70_000.0)[:, None]
    x, y = evaluation_sample(numbers, -numbers)
    assert len(x) == evaluated_rows(70_000) == MAX_EVALUATED_ROWS
    assert np.array_equal(y, -x) and (np.diff(x[:, 0]) > 0).all()
    assert np.array_equal(x, evaluation_sample(numbers, numbers)[0])
    counts = np.histogram(x, bins=10, range=(0, 70_000))[0]
    assert counts.min() > 330, "from all parts of the file"
    weekdays = np.bincount(x[:, 0].astype(int) % 7)
    assert weekdays.min() > 500, "rows that repeat a pattern are all there"


def test_the_figures_of_a_large_set_are_near_those_of_all_its_rows() -> None:
    problem = experiment(sizes=(2, 3, 1), batch_size=32, optimizer="adam")
    problem = replace(problem, data=dataset(X[:30_000], Y[:30_000], (X[30_000:], Y[30_000:])))
    assert is_sampled(problem.data)
    run = Run.start(problem)
    run.train(512)
    last = run.evaluations.items[-1]
    assert last.update == 512 and last.train_accuracy is not None and last.test_accuracy is not None
    train = evaluate(run.engine, run.state, problem.data.x, problem.data.y)
    test = evaluate(run.engine, run.state, problem.data.x_test, problem.data.y_test)
    assert train is not None and test is not None
    assert last.train_loss == pytest.approx(train.loss, rel=0.03) and last.train_loss != train.loss
    assert last.test_loss == pytest.approx(test.loss, rel=0.03)
    assert last.train_accuracy == pytest.approx(train.accuracy, abs=0.02)
    assert last.test_accuracy == pytest.approx(test.accuracy, abs=0.02)
