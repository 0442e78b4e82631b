"""Tests of the check of a data set: what is loaded is consistent, and each part can be wrong alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.consistency import is_consistent
from nn_tui.core.preset.loader import load_experiment, open_experiment, shipped_presets
from nn_tui.core.spec import Preset

IRIS = open_experiment("iris").data
ROWS, INPUTS = IRIS.x.shape


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
        {"y": np.zeros((3, 1))},
        {"y": np.zeros(0), "points": np.zeros((0, 4))},
        {"y": np.full(150, 3.0)},
        {"y": np.full(150, 0.5)},
        {"y": np.zeros(149)},
        {"points": np.full((150, 4), np.inf)},
        {"classes": ("a",)},
        {"input_names": ()},
        {"image_shape": (1, 3)},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_wrong_part_of_the_table_is_found(wrong: dict[str, Any]) -> None:
    assert IRIS.table is not None
    assert not is_consistent(replace(IRIS, table=replace(IRIS.table, **wrong)))
