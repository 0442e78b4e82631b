"""Tests of targets and predictions in the units of the data."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.units import (
    has_standardized_targets,
    raw_targets,
    raw_targets_test,
    target_coding,
    to_raw_units,
)
from nn_tui.core.spec import DataSpec

SALARIES = DataSpec(inputs=((1,), (2,), (3,), (4,)), targets=((39343,), (43525,), (63218,), (80001,)))


def test_standardised_targets_come_back_in_the_units_of_the_data() -> None:
    spec = DataSpec(SALARIES.inputs, SALARIES.targets, standardize_target=True, test_fraction=0.25)
    data = load_data(spec, 0, None)
    rows = [value for part in (raw_targets(data), raw_targets_test(data)) for (value,) in part.tolist()]
    assert has_standardized_targets(data) and sorted(rows) == [39343, 43525, 63218, 80001]
    assert to_raw_units(data, data.y) == pytest.approx(raw_targets(data), rel=1e-12)
    assert to_raw_units(data, np.array([[0.0], [1.0]])).tolist() == [
        [data.y_mean[0]],
        [data.y_mean[0] + data.y_scale[0]],
    ]


def test_other_targets_are_in_the_units_of_the_data_already() -> None:
    data = load_data(SALARIES, 0, None)
    outputs = np.array([[0.25]])
    assert not has_standardized_targets(data) and to_raw_units(data, outputs) is outputs
    assert raw_targets(data) is data.y and raw_targets_test(data) is data.y_test


def test_standardised_targets_that_look_like_classes_are_numbers() -> None:
    spec = DataSpec(inputs=((1,), (2,)), targets=((10,), (20,)), standardize_target=True)
    data = load_data(spec, 0, None)
    assert data.y.tolist() == [[-1.0], [1.0]] and target_coding(data) == "numbers"
    assert target_coding(load_data(DataSpec(spec.inputs, ((-1,), (1,))), 0, None)) == "plus_minus"
