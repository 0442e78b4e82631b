"""Tests of predictions for rows of raw inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.data.input_rows import own_rows, row_positions, typed_rows
from nn_tui.core.engine.engine import Engine
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run import metrics
from nn_tui.core.run.metrics import evaluate, predict
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from tests._app import experiment


def sigmoid(z: float) -> float:
    return float(1.0 / (1.0 + np.exp(-z)))


def test_a_prediction_is_that_of_the_sum_done_by_hand() -> None:
    mazur = Run.start(experiment("mazur"))
    found = predict_rows(mazur.engine, mazur.state, typed_rows(mazur.experiment.data, [["1", "-2"]]))
    h1, h2 = sigmoid(0.15 * 1 + 0.20 * -2 + 0.35), sigmoid(0.25 * 1 + 0.30 * -2 + 0.35)
    o1, o2 = sigmoid(0.40 * h1 + 0.45 * h2 + 0.60), sigmoid(0.50 * h1 + 0.55 * h2 + 0.60)
    assert found.outputs[0] == pytest.approx([o1, o2], rel=1e-15)
    assert (found.output_names, found.classes, found.targets) == (("y1", "y2"), (), ())


def test_rows_of_the_data_get_the_bits_of_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    iris = experiment("iris")
    run = Run.start(iris)
    run.train(5)
    monkeypatch.setattr(metrics, "MAX_CHUNK_ROWS", 32)
    seen: list[np.ndarray] = []
    real = metrics.run_forward

    def recorded(engine: Engine, state: object, x: np.ndarray) -> object:
        result = real(engine, state, x)  # type: ignore[arg-type]
        seen.append(result[2])
        return result

    monkeypatch.setattr(metrics, "run_forward", recorded)
    for x, y in ((iris.data.x, iris.data.y), (iris.data.x_test, iris.data.y_test)):
        assert evaluate(run.engine, run.state, x, y)
    evaluated = np.concatenate(seen)
    numbers = [150, 1, 77, 3, 77, *range(20, 40)]
    found = predict_rows(run.engine, run.state, own_rows(iris, numbers))
    positions = row_positions(iris)
    assert found.outputs.tobytes() == evaluated[positions[np.array(numbers) - 1]].tobytes()


def test_classes_and_targets_have_their_names() -> None:
    iris = experiment("iris")
    run = Run.start(iris)
    run.train(200)
    found = predict_rows(run.engine, run.state, own_rows(iris, [1, 51, 101]))
    assert found.targets == (("setosa",), ("versicolor",), ("virginica",))
    assert [found.classes[index] for index in found.predicted] == ["setosa", "versicolor", "virginica"]
    assert found.is_probability and found.outputs.sum(axis=1) == pytest.approx(np.ones(3))
    assert np.array_equal(found.confidence(), found.outputs.max(axis=1))


def test_a_single_output_is_that_of_the_second_class() -> None:
    run = Run.start(experiment("xor"))
    run.train(500)
    found = predict_rows(run.engine, run.state, own_rows(run.experiment, [1, 2, 3, 4]))
    assert found.outputs.shape == (4, 1) and found.classes == ("0", "1")
    assert found.predicted.tolist() == [0, 1, 1, 0] and found.targets == (("0",), ("1",), ("1",), ("0",))
    assert np.array_equal(found.confidence(), np.abs(found.outputs[:, 0] - np.array([1, 0, 0, 1])))


def test_a_perceptron_predicts_the_step_of_z() -> None:
    run = Run.start(experiment("and"))
    run.train(40)
    found = predict_rows(run.engine, run.state, own_rows(run.experiment, [1, 2, 3, 4]))
    assert set(found.outputs[:, 0].tolist()) <= {0.0, 1.0} and not found.is_probability
    assert found.outputs[:, 0].tolist() == found.predicted.tolist() == [0, 0, 0, 1]


def test_targets_of_minus_one_and_one_have_their_middle_at_0(tmp_path: Path) -> None:
    (tmp_path / "signs.toml").write_text(
        "[data]\ninputs = [[1.0], [-1.0]]\ntargets = [[1.0], [-1.0]]\n"
        '[[layers]]\nunits = 1\nactivation = "tanh"\nweights = [[0.3]]\n[training]\nloss = "half_squared_error"\n'
    )
    run = Run.start(open_experiment(str(tmp_path / "signs.toml")))
    found = predict_rows(run.engine, run.state, typed_rows(run.experiment.data, [["1"], ["-1"], ["0.1"]]))
    assert found.outputs[:, 0] == pytest.approx(np.tanh([0.3, -0.3, 0.03]))
    assert [found.classes[index] for index in found.predicted] == ["1", "-1", "1"] and not found.is_probability


def test_an_output_that_is_not_a_number_has_no_class() -> None:
    run = Run.start(experiment("xor"))
    state = run.engine.copy_state(run.state)
    state.array[0] = np.nan
    assert predict_rows(run.engine, state, own_rows(run.experiment, [1])).predicted.tolist() == [-1]


def test_typed_rows_are_predicted_as_the_engine_does() -> None:
    moons = Run.start(experiment("moons"))
    moons.train(20)
    rows = typed_rows(moons.experiment.data, [["0.25", "-0.5"]])
    assert np.array_equal(
        predict_rows(moons.engine, moons.state, rows).outputs,
        predict(moons.engine, moons.state, np.array([[0.25, -0.5]])),
    )


def test_standardised_targets_are_predicted_in_their_own_units(tmp_path: Path) -> None:
    (tmp_path / "pay.toml").write_text(
        "[data]\ninputs = [[1.0], [2.0], [3.0], [4.0]]\ntargets = [[40000.1], [50000.0], [60000.0], [70000.1]]\n"
        "standardize = true\nstandardize_target = true\n[[layers]]\nunits = 1\nweights = [[1.0]]\nbias = [0.5]\n"
        '[training]\nloss = "mean_squared_error"\n'
    )
    run = Run.start(open_experiment(str(tmp_path / "pay.toml")))
    own = predict_rows(run.engine, run.state, own_rows(run.experiment, [1, 4]))
    typed = predict_rows(run.engine, run.state, typed_rows(run.experiment.data, [["10"]]))
    pay = np.array([40000.1, 50000.0, 60000.0, 70000.1])
    deviation = np.sqrt(1.25)  # of 1, 2, 3, 4
    assert own.targets == ((40000.1,), (70000.1,))
    assert own.outputs[:, 0] == pytest.approx(pay.mean() + pay.std() * (np.array([-1.5, 1.5]) / deviation + 0.5))
    assert typed.outputs[:, 0] == pytest.approx(pay.mean() + pay.std() * (7.5 / deviation + 0.5))
