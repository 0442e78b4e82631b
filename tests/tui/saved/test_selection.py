"""Tests of the selected number in the file of a session."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.refs import QUANTITIES, STATE_LETTERS, UPDATED, QuantityKey, Ref
from nn_tui.tui.saved.selection import SavedRef, restore_ref, save_ref


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("w", QuantityKey("w")),
        ("b_after", QuantityKey("b", after=True)),
        ("step_w", QuantityKey("step_w")),
        ("loss", QuantityKey("loss")),
        ("m:velocity:w", QuantityKey("state_w", "velocity")),
        ("m:sum of squares:b_after", QuantityKey("state_b", "sum of squares", after=True)),
    ],
)
def test_the_words_in_files_stay(word: str, key: QuantityKey) -> None:
    saved = SavedRef(word, 1, 2, 3, 4)
    assert restore_ref(saved) == key.at(1, 2, 3, 4)
    assert save_ref(key.at(1, 2, 3, 4)) == saved


def test_every_address_comes_back() -> None:
    words = set()
    for quantity in QUANTITIES:
        for slot in STATE_LETTERS if quantity in ("state_w", "state_b") else ("",):
            for after in {False, quantity in UPDATED}:
                ref = Ref(quantity, 2, 1, 0, 3, slot, after)
                assert restore_ref(save_ref(ref)) == ref
                words.add(save_ref(ref).key)
    assert len(words) == 18 - 2 + 2 + 4 * len(STATE_LETTERS)


@pytest.mark.parametrize("word", ["", "q", "z_after", "m:velocity", "m:momentum:w", "state_w", "m:m:z"])
def test_a_word_that_no_file_has_is_rejected(word: str) -> None:
    with pytest.raises(InputError, match=r"^view\.ref: "):
        restore_ref(SavedRef(word, 0, 0, 0, 0))
