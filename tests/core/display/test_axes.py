"""Tests of the axes of charts: each has at least two round labels, and no label twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.axes import Axis, linear_axis, log_axis
from nn_tui.tui.draw.glyphs import UNICODE


def number(label: str) -> float:
    return float(label.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("is_log", [False, True])
@given(low=st.floats(1e-6, 1e3), spread=st.floats(1e-4, 1e4), rows=st.integers(4, 40))
def test_an_axis_has_at_least_two_labels_and_none_twice(is_log: bool, low: float, spread: float, rows: int) -> None:
    values = np.array([low, low * (1 + spread)])
    axis = log_axis(values, rows, UNICODE) if is_log else linear_axis(values, max(2, rows // 3), UNICODE)
    labels = [label for _, label in axis.ticks]
    assert 2 <= len(labels) == len(set(labels))
    numbers = [number(label) for label in labels]
    assert numbers == sorted(numbers)
    for (fraction, label), value in zip(axis.ticks, axis.fraction(numbers).tolist(), strict=True):
        assert fraction == pytest.approx(value, abs=0.02), label


@pytest.mark.parametrize("height", [4, 8, 11, 20])
def test_a_loss_that_has_hardly_fallen_has_two_labels(height: int) -> None:
    axis = linear_axis(np.array([0.1240, 0.1255]), max(2, height // 3), UNICODE)
    assert len(axis.ticks) >= 2


def test_the_label_of_one_value_is_short() -> None:
    axis = linear_axis(np.array([0.125514]), 3, UNICODE)
    assert isinstance(axis, Axis) and [label for _, label in axis.ticks] == ["0.1255"]


def test_large_labels_have_commas_where_they_fit() -> None:
    def labels(low: float, high: float) -> list[str]:
        return [label for _, label in linear_axis(np.array([low, high]), 3, UNICODE).ticks]

    assert labels(30000.0, 122000.0) == ["0", "50,000", "100,000"]
    assert labels(0.0, 9000.0) == ["0", "5000"]
    assert labels(0.0, 9e6) == ["0", "5000000"]
