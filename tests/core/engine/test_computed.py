"""Tests of which numbers a pass has computed at a cursor."""

from __future__ import annotations

import pytest

from nn_tui.core.engine.computed import is_known, known_units, operation_of
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.refs import QuantityKey, Ref

SIZES = (2, 3, 1)
STEPS = steps_of(SIZES[1:])  # z and a of layer 1 (6 steps), z and a of layer 2, the loss, backward, update


@pytest.mark.parametrize(
    ("ref", "first"),
    [
        (Ref("x"), 0),
        (Ref("w", 1), 0),
        (Ref("z", 0, 2), 3),
        (Ref("slope", 0, 1), 5),
        (Ref("a", 1), 8),
        (Ref("loss"), 9),
        (Ref("term"), 9),
        (Ref("dz", 1), 11),
        (Ref("dw", 0, 0, 1), 20),
        (Ref("dx", 0), 19),
        (Ref("step_w", 0, 2), STEPS.end - 1),
        (Ref("w", 1, after=True), STEPS.end),
    ],
)
def test_a_number_is_known_from_one_step_on(ref: Ref, first: int) -> None:
    known = [cursor for cursor in range(STEPS.end + 1) if is_known(SIZES, cursor, ref)]
    assert known == list(range(first, STEPS.end + 1))


def test_units_are_computed_one_after_the_other() -> None:
    assert [known_units(SIZES, cursor, "z", 0) for cursor in range(5)] == [0, 1, 2, 3, 3]
    assert known_units(SIZES, 0, "b", 0) == 3


def test_the_update_computes_values_after_it() -> None:
    assert operation_of(QuantityKey("b", after=True)) == "update"
    assert operation_of("b") is None
    assert operation_of("db") == "db"
