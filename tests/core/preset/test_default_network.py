from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.preset.default_network import default_network, default_network_text, default_test_fraction
from nn_tui.core.table.values import Layout, TableColumn, TableData, TablePlan


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
        "The first network has 8 tanh units and the output softmax; it trains with adam, η = 0.01, in batches of 16 "
        "rows, and the loss cross_entropy."
    )
