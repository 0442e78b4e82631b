"""Check that the encoding of all targets decides which rows are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.data.targets import coding_of, wrong_rows


@pytest.mark.parametrize(
    ("rows", "coding"),
    [
        ([[0.0], [1.0]], "zero_one"),
        ([[-1.0], [1.0]], "plus_minus"),
        ([[1.0, 0.0], [0.0, 1.0]], "one_hot"),
        ([[1.0, 1.0], [0.0, 1.0]], "zero_one"),
        ([[0.5], [1.0]], "numbers"),
    ],
)
def test_the_coding_of_targets(rows: list[list[float]], coding: str) -> None:
    assert coding_of(np.array(rows)) == coding


def test_rows_of_one_class_are_judged_by_the_coding_of_all_targets() -> None:
    prediction, y = np.array([[0.2], [-0.2]]), np.array([[1.0], [1.0]])
    assert wrong_rows(prediction, y, "plus_minus").tolist() == [False, True]
    assert wrong_rows(prediction, y, "zero_one").tolist() == [True, True]


def test_a_prediction_with_nan_is_wrong() -> None:
    assert wrong_rows(np.array([[np.nan, 1.0]]), np.array([[0.0, 1.0]]), "one_hot").tolist() == [True]
