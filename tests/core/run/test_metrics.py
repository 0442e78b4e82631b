"""Tests of evaluation on the whole data set."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.dataset import load_data
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.metrics import baseline_loss, evaluate, evaluate_state
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, LayerSpec, TrainingSpec
from tests._reference import dataset, experiment, numbers, of


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


RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "regression_metrics.json").read_text())["cases"]


def linear_network(case: dict[str, Any], *, standardize_target: bool) -> tuple[Engine, State]:
    """The network of a recorded case; with standardised targets its outputs, too, are standardised."""
    inputs, targets = (tuple(map(tuple, case[key][: case["train_rows"]])) for key in ("inputs", "targets"))
    data = load_data(DataSpec(inputs, targets, standardize_target=standardize_target), 0, None)
    x_test = np.array(case["inputs"][case["train_rows"] :]).reshape(-1, len(inputs[0]))
    y_test = np.array(case["targets"][case["train_rows"] :]).reshape(-1, len(targets[0]))
    weights, bias = np.array(case["weights"]), np.array(case["bias"])
    if standardize_target:
        weights, bias = weights / data.y_scale[:, None], (bias - data.y_mean) / data.y_scale
        y_test = (y_test - data.y_mean) / data.y_scale
    data = replace(data, x_test=x_test, y_test=y_test)
    layer = LayerSpec(len(bias), "identity", weights=tuple(map(tuple, weights.tolist())), bias=tuple(bias.tolist()))
    engine = Engine(of(data, (layer,), TrainingSpec("mean_squared_error")))
    return engine, engine.initial_state()


@pytest.mark.parametrize("standardize_target", [False, True], ids=["as given", "standardised"])
@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["name"])
def test_r2_and_rmse_are_those_of_scikit_learn(case: dict[str, Any], standardize_target: bool) -> None:
    engine, state = linear_network(case, standardize_target=standardize_target)
    found = evaluate_state(engine, state, None)
    assert found.train_rmse == pytest.approx(case["train"]["rmse"], rel=1e-9)
    assert found.test_rmse == pytest.approx(case["test"]["rmse"], rel=1e-9)
    assert found.train_r2 == pytest.approx(case["train"]["r2"], rel=1e-9)
    assert found.test_r2 == (None if case["test"]["r2"] is None else pytest.approx(case["test"]["r2"], rel=1e-9))


def test_a_network_that_predicts_the_mean_has_an_r2_of_0() -> None:
    engine = Engine(load_experiment(find_preset("sine")))
    state = engine.copy_state(engine.initial_state())
    state.array[0] = 0.0
    y = engine.experiment.data.y
    state.biases[-1][...] = y.mean(axis=0)
    found = evaluate(engine, state, engine.experiment.data.x, y)
    assert found is not None and found.r2 == pytest.approx(0.0, abs=1e-12) and found.rmse == pytest.approx(y.std())


@pytest.mark.parametrize(
    "targets", [((3.0,),), ((3.0,), (3.0,)), ((3.0, 1.0), (3.0, 2.0))], ids=["one row", "constant", "one is constant"]
)
@pytest.mark.parametrize("standardize_target", [False, True], ids=["as given", "standardised"])
def test_r2_is_not_defined_for_one_row_and_for_constant_targets(
    targets: tuple[tuple[float, ...], ...], standardize_target: bool
) -> None:
    case = {"inputs": [[1.0]] * len(targets), "targets": targets, "train_rows": len(targets)}
    outputs = len(targets[0])
    case |= {"weights": [[0.0]] * outputs, "bias": [1.0] * outputs}
    engine, state = linear_network(case, standardize_target=standardize_target)
    found = evaluate(engine, state, engine.experiment.data.x, engine.experiment.data.y)
    assert found is not None and found.accuracy is None and found.r2 is None
    assert found.rmse is not None and found.rmse > 0.0


def test_r2_of_some_rows_is_about_their_own_mean() -> None:
    engine, state = linear_network(RECORDED[0], standardize_target=True)
    data, case = engine.experiment.data, RECORDED[0]
    found = evaluate(engine, state, data.x[:4], data.y[:4])
    y = np.array(case["targets"][:4])
    errors = np.array(case["inputs"][:4]) @ np.array(case["weights"]).T + case["bias"] - y
    assert found is not None
    assert found.r2 == pytest.approx(1.0 - float((errors**2).sum() / ((y - y.mean()) ** 2).sum()), rel=1e-9)
    assert found.rmse == pytest.approx(float(np.sqrt((errors**2).mean())), rel=1e-9)


def test_classes_have_no_r2() -> None:
    engine = Engine(load_experiment(find_preset("iris")))
    found = evaluate_state(engine, engine.initial_state(), None)
    assert found.train_accuracy is not None
    assert (found.train_r2, found.test_r2, found.train_rmse, found.test_rmse) == (None, None, None, None)


def test_the_r2_of_numbers_that_overflow_is_not_finite() -> None:
    case = RECORDED[0] | {"weights": [[1e200]], "bias": [0.0]}
    engine, state = linear_network(case, standardize_target=False)
    found = evaluate_state(engine, state, None)
    assert (found.train_r2, found.train_rmse) == (float("-inf"), float("inf"))
