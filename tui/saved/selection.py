"""The selected number in the file of a session, where its quantity is one word: ``w_after``, ``m:velocity:w``."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.refs import QUANTITIES, STATE_LETTERS, UPDATED, QuantityKey, Ref
from nn_tui.core.saved.codec import invalid_value


@dataclass(frozen=True, slots=True)
class SavedRef:
    """An address in a file: ``key`` is a word of the file, and the other fields are those of :class:`Ref`."""

    key: str
    layer: int
    unit: int
    input: int
    sample: int


def save_ref(ref: Ref) -> SavedRef:
    """Return an address as files store it."""
    return SavedRef(_word(ref.key), ref.layer, ref.unit, ref.input, ref.sample)


def restore_ref(saved: SavedRef) -> Ref:
    """Return the address in a file; it need not exist in the network.

    Raises:
        InputError: No address has that word.
    """
    key = _KEYS.get(saved.key)
    if key is None:
        raise invalid_value("view", "ref")
    return key.at(saved.layer, saved.unit, saved.input, saved.sample)


def _word(key: QuantityKey) -> str:
    """Return the word of a key in files."""
    quantity = key.quantity
    word = f"m:{key.slot}:{'w' if key.is_weight else 'b'}" if key.is_optimizer_state else quantity
    return f"{word}_after" if key.after else word


def _all_keys() -> list[QuantityKey]:
    return [
        QuantityKey(quantity, slot, after)
        for quantity in QUANTITIES
        for slot in (STATE_LETTERS if quantity in ("state_w", "state_b") else ("",))
        for after in ((False, True) if quantity in UPDATED else (False,))
    ]


_KEYS = {_word(key): key for key in _all_keys()}
