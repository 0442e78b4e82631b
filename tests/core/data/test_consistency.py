"""Tests of the check of a data set: what is loaded is consistent, and each part can be wrong alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.consistency import is_consistent
from nn_tui.core.data.dataset import load_data
from nn_tui.core.preset.loader import load_experiment, open_experiment, shipped_presets
from nn_tui.core.spec import DataSpec, Preset
from nn_tui.core.table.values import Layout, TableColumn, TableData, TablePlan

IRIS = open_experiment("iris").data
ROWS, INPUTS = IRIS.x.shape
SALARIES = load_data(
    DataSpec(
        inputs=((1.1,), (2.0,), (3.9,), (10.5,)),
        targets=((39343.0,), (43525.0,), (63218.0,), (121872.0,)),
        standardize_target=True,
        test_fraction=0.25,
    ),
    0,
    None,
)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.id)
def test_shipped_data_are_consistent(preset: Preset) -> None:
    assert is_consistent(load_experiment(preset).data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": IRIS.x[:-1]},
        {"x": IRIS.x[0]},
        {"x": np.full_like(IRIS.x, np.nan)},
        {"y_test": IRIS.y_test[:, :1]},
        {"points": IRIS.points[:, :1]},
        {"x": IRIS.x[:0], "y": IRIS.y[:0], "points": IRIS.points[:0]},
        {"input_names": ("a",)},
        {"output_names": ()},
        {"classes": ("a", "b")},
        {"features": ("x9",)},
        {"x_mean": np.zeros(1)},
        {"x_scale": np.zeros(INPUTS)},
        {"x_scale": np.full(INPUTS, np.inf)},
        {"image_shape": (3, 3)},
        {"image_shape": (0, 4)},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_wrong_part_is_found(wrong: dict[str, Any]) -> None:
    assert is_consistent(IRIS) and not is_consistent(replace(IRIS, **wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"y_mean": np.zeros(0)},
        {"y_mean": np.zeros(2), "y_scale": np.ones(2)},
        {"y_scale": np.zeros(1)},
        {"y_scale": np.full(1, -1.0)},
        {"y_scale": np.full(1, np.inf)},
        {"y_mean": np.full(1, np.nan)},
        {"targets": SALARIES.targets[:-1]},
        {"targets": np.zeros((0, 0))},
        {"targets_test": np.full_like(SALARIES.targets_test, np.nan)},
        {"classes": ("a", "b")},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_wrong_part_of_standardised_targets_is_found(wrong: dict[str, Any]) -> None:
    assert is_consistent(SALARIES) and not is_consistent(replace(SALARIES, **wrong))


def test_raw_targets_without_standardisation_are_found() -> None:
    assert not is_consistent(replace(IRIS, targets=IRIS.y))
    assert not is_consistent(replace(IRIS, targets_test=IRIS.y_test))
    assert not is_consistent(replace(IRIS, y_scale=np.ones(3)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"y": np.zeros((3, 1))},
        {"y": np.zeros(0), "numbers": np.zeros((0, 4)), "codes": np.zeros((0, 0))},
        {"y": np.full(150, 3.0)},
        {"y": np.full(150, 0.5)},
        {"y": np.zeros(149)},
        {"numbers": np.full((150, 4), np.inf)},
        {"numbers": np.zeros((150, 3))},
        {"codes": np.zeros((150, 1))},
        {"codes": np.zeros((149, 0))},
        {"classes": ("a",)},
        {"classes": ()},
        {"test_rows": 150},
        {"left_out": np.zeros((2, 2))},
        {"left_out": np.array([2.0, 2.0])},
        {"left_out": np.array([1.5])},
        {"left_out": np.array([np.nan])},
        {"left_out": np.array([152.0])},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_wrong_part_of_the_table_is_found(wrong: dict[str, Any]) -> None:
    assert IRIS.table is not None
    assert not is_consistent(replace(IRIS, table=replace(IRIS.table, **wrong)))


COLOURS = TableColumn("colour", "input", "category", categories=("red", "blue"))
WET = TableColumn("wet", "input", "boolean", categories=("no", "yes"))
SIZE = TableColumn("size", "target", "number")


@pytest.mark.parametrize(
    "columns",
    [
        (),
        (SIZE, replace(SIZE, name="z"), COLOURS, WET),
        (COLOURS, WET),
        (COLOURS, SIZE),
        (COLOURS, WET, replace(WET, name="dry"), SIZE),
        (COLOURS, replace(WET, categories=()), SIZE),
        (COLOURS, replace(WET, name="colour"), SIZE),
        (replace(COLOURS, categories=("red",)), WET, SIZE),
    ],
)
def test_columns_that_do_not_fit_the_arrays_are_found(columns: tuple[TableColumn, ...]) -> None:
    table = TableData(
        layout=Layout("utf-8", ",", ".", True),
        plan=TablePlan((COLOURS, WET, SIZE), "numbers"),
        numbers=np.array([[0.0], [1.0], [np.nan]]),
        codes=np.array([[0.0], [1.0], [-1.0]]),
        y=np.array([0.5, 1.5, 2.5]),
    )
    data = replace(IRIS, table=table, fill=np.zeros(1))
    assert is_consistent(data)
    assert not is_consistent(replace(data, table=replace(table, plan=replace(table.plan, columns=columns))))
    assert not is_consistent(replace(data, table=replace(table, codes=table.codes + 0.5)))
    assert not is_consistent(replace(data, table=replace(table, codes=table.codes - 1)))
    assert not is_consistent(replace(data, fill=np.zeros(2)))
    assert not is_consistent(replace(data, fill=np.full(1, np.nan)))


@pytest.mark.parametrize("shape", [(1, 3), (0, 4)])
def test_a_table_with_an_image_of_another_size_is_found(shape: tuple[int, int]) -> None:
    assert IRIS.table is not None
    plan = replace(IRIS.table.plan, image_shape=shape)
    assert not is_consistent(replace(IRIS, table=replace(IRIS.table, plan=plan)))
