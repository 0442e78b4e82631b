"""The order of the numbers of a pass."""

from __future__ import annotations

from nn_tui.core.practice.order import pass_order
from nn_tui.core.refs import QuantityKey, Ref


def test_numbers_are_sorted_as_a_pass_computes_them() -> None:
    order = [
        Ref("x"), Ref("z", 0), Ref("a", 0), Ref("z", 1), Ref("a", 1), Ref("term"), Ref("loss"),
        Ref("da", 1), Ref("dz", 1), Ref("dw", 1), Ref("db", 1), Ref("da", 0), Ref("dz", 0), Ref("dw", 0),
        QuantityKey("state_w", "m", after=True).at(0), Ref("step_w", 0), Ref("w", 0, after=True),
        Ref("step_b", 0), Ref("b", 0, after=True), Ref("w", 1, after=True),
    ]  # fmt: skip
    assert sorted(set(order), key=pass_order) == order
