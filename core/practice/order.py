"""The order in which a pass computes its numbers."""

from __future__ import annotations

from nn_tui.core.refs import Quantity, Ref

_FORWARD: tuple[Quantity, ...] = ("x", "y", "w", "b", "state_w", "state_b", "z", "a", "slope")
_BACKWARD: tuple[Quantity, ...] = ("da", "dz", "dw", "db", "dx")


def pass_order(ref: Ref) -> tuple[int, ...]:
    """Return a key that sorts addresses in the order of a pass; backward begins with the last layer."""
    place = (ref.unit, ref.input, ref.sample)
    if ref.key.is_from_update:
        part = 0 if ref.is_optimizer_state else 1 if ref.key.is_step else 2
        return (3, ref.layer, int(not ref.is_weight), *place, part)
    if ref.quantity in ("term", "loss"):
        return (1, int(ref.quantity == "loss"), 0, *place)
    if ref.quantity in _BACKWARD:
        return (2, -ref.layer, _BACKWARD.index(ref.quantity), *place)
    return (0, ref.layer, _FORWARD.index(ref.quantity), *place)
