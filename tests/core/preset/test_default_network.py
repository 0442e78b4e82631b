from __future__ import annotations

import json

import numpy as np
import pytest

from nn_tui.core.preset.default_network import default_network, default_network_text, default_test_fraction
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.table.values import Layout, TableColumn, TableData, TablePlan
from tests.core.preset._first_networks import CASES, RECORDED, SEEDS, Case, train_score


def table(
    rows: int, inputs: int, classes: int = 0, *, test_rows: int = 0, shape: tuple[int, int] | None = None
) -> TableData:
    columns = [TableColumn(f"x{index}", "input", "number") for index in range(inputs)]
    target = TableColumn("y", "target", "number")
    plan = TablePlan((*columns, target), "classes" if classes else "numbers", image_shape=shape)
    y = np.arange(float(rows)) % classes if classes else np.arange(float(rows))
    names = tuple(f"c{index}" for index in range(classes))
    numbers = np.zeros((rows, inputs))
    layout = Layout("utf-8", ",", ".", True)
    return TableData(layout, plan, numbers, np.zeros((rows, 0)), y, names, test_rows=test_rows)


@pytest.mark.parametrize(
    ("data", "layers", "loss", "batch", "rate"),
    [
        (table(30, 1), [(8, "tanh"), (1, "identity")], "mean_squared_error", 4, 0.01),
        (table(5, 2), [(8, "tanh"), (1, "identity")], "mean_squared_error", 4, 0.01),
        (table(150, 4, 3), [(8, "tanh"), (3, "softmax")], "cross_entropy", 16, 0.01),
        (table(569, 30, 2), [(8, "tanh"), (1, "sigmoid")], "binary_cross_entropy", 32, 0.01),
        (table(100_000, 20), [(8, "tanh"), (1, "identity")], "mean_squared_error", 256, 0.01),
        (table(20_000, 20, 40), [(40, "tanh"), (40, "softmax")], "cross_entropy", 64, 0.01),
        (table(1_000, 20, 200), [(64, "tanh"), (200, "softmax")], "cross_entropy", 32, 0.01),
        (table(1_000, 64, 10, shape=(8, 8)), [(32, "tanh"), (10, "softmax")], "cross_entropy", 32, 0.01),
        (table(20, 784), [(8, "tanh"), (1, "identity")], "mean_squared_error", 4, 0.003),
    ],
)
def test_the_network_follows_from_rows_inputs_and_classes(
    data: TableData, layers: list[tuple[int, str]], loss: str, batch: int, rate: float
) -> None:
    found, training = default_network(data)
    assert [(layer.units, layer.activation) for layer in found] == layers
    assert (training.loss, training.batch_size) == (loss, batch)
    assert (training.optimizer.name, training.optimizer.learning_rate) == ("adam", rate)


@pytest.mark.parametrize(
    ("data", "share"),
    [
        (table(20, 1), 0.3),
        (table(19, 1), 0.0),
        (table(150, 4, 3), 0.3),
        (table(25, 4, 24), 0.0),  # each class keeps a row for training
        (table(60, 4, 20), 0.3),
        (table(150, 4, 3, test_rows=50), 0.0),
    ],
)
def test_three_in_ten_rows_are_for_testing_if_there_are_enough(data: TableData, share: float) -> None:
    assert default_test_fraction(data) == share


def test_the_network_is_said_in_one_sentence() -> None:
    assert str(default_network_text(*default_network(table(150, 4, 3)))) == (
        "The first network has 8 hidden units (tanh) and the output activation softmax; it trains with adam, η = 0.01, "
        "batches of 16 rows and the loss cross_entropy."
    )


LINEAR = json.loads(RECORDED.read_text(encoding="utf-8"))["scores"]


def test_each_table_has_its_recorded_figures() -> None:
    assert [str(case) for case in CASES] == list(LINEAR)
    assert all(len(scores) == len(SEEDS) for scores in LINEAR.values())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_first_network_is_no_worse_than_a_linear_model(case: Case, seed: int) -> None:
    assert train_score(case.open(seed)) >= LINEAR[str(case)][seed] - 0.05


def numbers_table(x: Array, y: Array, seed: int, **changes: object) -> Experiment:
    """Return the experiment of a table of numbers with the target last."""
    names = ",".join([*(f"a{index}" for index in range(x.shape[1])), "y"])
    lines = [",".join(map(repr, row)) for row in np.column_stack([x, y]).tolist()]
    source = "\n".join([names, *lines]).encode()
    return open_experiment("-", seed, changes={"target": "y", "target_kind": "numbers", **changes}, source=source)


def linear_score(experiment: Experiment) -> float:
    """Return R² of the best straight plane through the training part."""
    x, y = experiment.data.x, experiment.data.y
    ones = np.column_stack([np.ones(len(x)), x])
    errors = y - ones @ np.linalg.lstsq(ones, y, rcond=None)[0]
    return float(1.0 - (errors**2).sum() / ((y - y.mean()) ** 2).sum())


RNG = np.random.default_rng(1)
X3, X785 = RNG.normal(size=(300, 3)), RNG.normal(size=(20, 785))
PLANE = X3 @ np.array([1.0, -2.0, 0.5]) + RNG.normal(0, 0.3, 300)
TAILS = np.exp(2.0 * RNG.normal(size=(300, 3)))
SERIES = np.arange(60.0)
QUANTITIES = {
    "five rows": (np.arange(5.0)[:, None] * 1.5, np.array([1.1, 3.3, 2.2, 5.5, 4.4])),
    "more inputs than rows": (X785, RNG.normal(size=20)),
    "millions": (X3, 1e6 * PLANE + 5e7),
    "millionths": (1e-6 * X3, 1e-6 * PLANE + 3.0),
    "targets with a heavy tail": (X3, np.exp(PLANE)),
    "inputs with heavy tails": (TAILS, TAILS @ np.array([1.0, 0.5, 2.0]) + RNG.normal(size=300)),
    "one outlier": (np.vstack([X3[:100], [[1e3, 1e3, 1e3]]]), np.append(PLANE[:100], 1e3)),
    "inputs that nearly repeat each other": (
        X3[:, :1] + 1e-2 * RNG.normal(size=(300, 4)),
        X3[:, 0] + 0.1 * RNG.normal(size=300),
    ),
    "a trend and a season": (SERIES[:, None] + 0.5, SERIES + 9 * np.sin(SERIES)),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", QUANTITIES)
def test_extreme_quantities_are_learnt_no_worse_than_by_a_plane(name: str, seed: int) -> None:
    experiment = numbers_table(*QUANTITIES[name], seed)
    assert train_score(experiment) >= linear_score(experiment) - 0.05


CLASSES = {
    "few of a class": (X3, (PLANE > 3.5) * 1.0),
    "more inputs than rows": (X785, (RNG.random(20) < 0.5) * 1.0),
    "four rows": (np.array([[0.5, 0.1], [0.5, 1.1], [1.5, 0.1], [1.5, 1.1]]), np.array([0.0, 0.0, 0.0, 1.0])),
    "thirty classes": (np.arange(300.0)[:, None] // 10 * [1.0, -1.0] + 0.5, np.arange(300.0) // 10),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CLASSES)
def test_classes_that_can_be_told_apart_are_learnt(name: str, seed: int) -> None:
    assert train_score(numbers_table(*CLASSES[name], seed, target_kind="classes")) >= 0.95


def test_many_rows_are_learnt_in_few_updates() -> None:
    x = RNG.normal(size=(10_000, 5))
    experiment = numbers_table(x, x @ np.array([1.0, 2.0, -1.0, 0.5, 0.1]), 0)
    assert train_score(experiment, epochs=5) >= 0.95
