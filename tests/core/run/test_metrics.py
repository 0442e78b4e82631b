"""Tests of evaluation on the whole data set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.engine.engine import Engine
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.metrics import baseline_loss, evaluate
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


@pytest.mark.parametrize("name", ["sine", "moons", "iris", "xor", "plane", "autoencoder"])
def test_the_baseline_is_the_loss_of_a_network_that_predicts_the_mean(name: str) -> None:
    experiment = load_experiment(find_preset(name))
    data, engine = experiment.data, Engine(experiment)
    state = engine.copy_state(engine.initial_state())
    state.array[0] = 0.0
    mean = data.y.mean(axis=0)
    before = {"identity": lambda: mean, "sigmoid": lambda: np.log(mean / (1.0 - mean)), "softmax": lambda: np.log(mean)}
    state.biases[-1][...] = before[experiment.layers[-1].activation]()
    found = evaluate(engine, state, data.x, data.y)
    assert found is not None and baseline_loss(engine, data.y) == pytest.approx(found.loss)


def test_a_perceptron_has_no_baseline() -> None:
    experiment = load_experiment(find_preset("xor-perceptron"))
    assert baseline_loss(Engine(experiment), experiment.data.y) is None
