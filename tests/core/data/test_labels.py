"""Tests of the labels of inputs, targets and predictions: y is always a target, and ŷ a prediction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.labels import (
    class_labels,
    error_labels,
    input_labels,
    output_labels,
    point_labels,
    prediction_labels,
    target_labels,
    unit_labels,
)
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Dataset, DataSpec
from nn_tui.presets import COURSE

DATA = Path(__file__).parents[3] / "presets" / "data"
IRIS = load_data(DataSpec(csv="iris.csv", target="species"), 0, DATA)


def table(*targets: tuple[float, ...], inputs: int = 2) -> Dataset:
    rows = tuple(tuple(float(row + column) for column in range(inputs)) for row in range(len(targets)))
    return load_data(DataSpec(inputs=rows, targets=targets), 0, None)


def test_a_single_output_needs_no_number() -> None:
    data = table((0.5,), (0.1,), inputs=1)
    assert (input_labels(data), target_labels(data), prediction_labels(data)) == (("x",), ("y",), ("ŷ",))
    assert unit_labels(data) == ("ŷ",)


def test_several_inputs_and_outputs_are_numbered() -> None:
    data = table((0.5, 0.2), (0.1, 0.3))
    assert (input_labels(data), target_labels(data)) == (("x₁", "x₂"), ("y₁", "y₂"))
    assert prediction_labels(data) == unit_labels(data) == ("ŷ₁", "ŷ₂")
    assert error_labels(data) == ("ŷ₁−y₁", "ŷ₂−y₂")
    assert output_labels(data) == ("1", "2")


def test_classes_without_names_have_numbers() -> None:
    data = table((1, 0), (0, 1))
    assert class_labels(data) == ("1", "2")
    assert unit_labels(data) == ("ŷ₁", "ŷ₂")


def test_classes_and_columns_keep_their_names() -> None:
    names = ("setosa", "versicolor", "virginica")
    assert unit_labels(IRIS) == output_labels(IRIS) == class_labels(IRIS) == names
    assert target_labels(IRIS) == tuple(f"y {name}" for name in names)
    assert prediction_labels(IRIS) == tuple(f"ŷ {name}" for name in names)
    assert error_labels(IRIS) == tuple(f"ŷ−y {name}" for name in names)
    assert input_labels(IRIS)[0] == "sepal_length"


def test_a_column_to_predict_is_y() -> None:
    data = replace(IRIS, output_names=("petal_width",))
    assert (target_labels(data), unit_labels(data)) == (("y",), ("ŷ",))


def test_features_are_formulas() -> None:
    features = ("x1", "x2^2", "x1*x2", "sin(x1)")
    data = load_data(DataSpec(inputs=((1, 2), (3, 4)), targets=((0.5,), (0.1,)), features=features), 0, None)
    assert input_labels(data) == ("x₁", "x₂²", "x₁·x₂", "sin(x₁)")
    assert point_labels(data) == ("x₁", "x₂")


@pytest.mark.parametrize("name", COURSE)
def test_no_label_stands_for_two_things(name: str) -> None:
    data = open_experiment(name).data
    labels = [*input_labels(data), *target_labels(data), *prediction_labels(data), *error_labels(data)]
    assert len(set(labels)) == len(labels)
    assert not set(unit_labels(data)) & set(target_labels(data))
    counts = [len(each(data)) for each in (target_labels, prediction_labels, unit_labels, output_labels)]
    assert counts == [data.y.shape[1]] * 4
