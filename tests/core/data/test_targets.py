"""How targets are coded is a property of all of them, and decides what counts as a mistake."""

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
def test_a_coding_is_read_off_all_targets(rows: list[list[float]], coding: str) -> None:
    assert coding_of(np.array(rows)) == coding


def test_a_part_with_one_class_only_is_judged_by_the_coding_of_the_whole() -> None:
    answer, y = np.array([[0.2], [-0.2]]), np.array([[1.0], [1.0]])
    assert wrong_rows(answer, y, "plus_minus").tolist() == [False, True]
    assert wrong_rows(answer, y, "zero_one").tolist() == [True, True]


def test_an_answer_that_is_not_a_number_is_wrong() -> None:
    assert wrong_rows(np.array([[np.nan, 1.0]]), np.array([[0.0, 1.0]]), "one_hot").tolist() == [True]
