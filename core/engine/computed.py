"""Which numbers of a pass have been computed at a cursor."""

from __future__ import annotations

from nn_tui.core.engine.steps import Operation, steps_of
from nn_tui.core.refs import Quantity, QuantityLike, Ref, to_key

# The operation that computes each quantity; values after the update are not listed. A quantity that is missing here is
# known from the start of the pass.
COMPUTED_BY: dict[Quantity, Operation] = {
    "z": "z", "a": "a", "slope": "a", "loss": "loss", "term": "loss", "da": "da", "dz": "dz", "dw": "dw", "db": "db",
    "dx": "dz", "step_w": "update", "step_b": "update",
}  # fmt: skip


def operation_of(key: QuantityLike) -> Operation | None:
    """Return the operation that computes a quantity, None if it is known from the start of the pass."""
    key = to_key(key)
    return "update" if key.after else COMPUTED_BY.get(key.quantity)


def known_units(sizes: tuple[int, ...], cursor: int, key: QuantityLike, layer: int) -> int:
    """Return how many units of a quantity a pass has computed at a cursor.

    Args:
        sizes: Units per layer, the inputs first.
        cursor: The number of steps that are done.
        key: The quantity. For one that is known from the start of the pass, all units count.
        layer: The layer, from 0.
    """
    operation = operation_of(key)
    if operation is None:
        return sizes[layer + 1]
    count = steps_of(sizes[1:]).units_done(operation, layer, cursor)
    return sizes[-1] * count if to_key(key).quantity == "term" else count


def is_known(sizes: tuple[int, ...], cursor: int, ref: Ref) -> bool:
    """Return whether a pass has computed the number at an address at a cursor.

    Args:
        sizes: Units per layer, the inputs first.
        cursor: The number of steps that are done.
        ref: The address.
    """
    if operation_of(ref.key) is None:
        return True
    if ref.quantity == "dx":  # a sum over the units of its layer
        return known_units(sizes, cursor, "dx", ref.layer) == sizes[ref.layer + 1]
    return known_units(sizes, cursor, ref.key, ref.layer) > (0 if ref.quantity == "loss" else ref.unit)
