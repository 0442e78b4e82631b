"""How targets are coded, read off all of them at once: a part of them may look like another coding."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array

Coding = Literal["one_hot", "zero_one", "plus_minus", "numbers"]


def coding_of(y: Array) -> Coding:
    """The coding of targets (n, outputs): classes as one-hot rows, as 0/1 or as −1/+1 marks, or plain numbers."""
    if np.isin(y, (0.0, 1.0)).all():
        return "one_hot" if y.shape[1] > 1 and (y.sum(axis=1) == 1.0).all() else "zero_one"
    return "plus_minus" if np.isin(y, (-1.0, 1.0)).all() else "numbers"


def wrong_rows(answer: Array, y: Array, coding: Coding) -> NDArray[np.bool_]:
    """Which rows (n, outputs) are classified wrongly: by the largest output if one-hot, else by the halfway mark.

    A row with a NaN in its answer is wrong. Of plain numbers none is right or wrong: all False.
    """
    if coding == "numbers":
        return np.zeros(len(y), dtype=bool)
    bad = np.isnan(answer).any(axis=1)
    if coding == "one_hot":
        wrong: NDArray[np.bool_] = answer.argmax(axis=1) != y.argmax(axis=1)
        return bad | wrong
    middle = 0.0 if coding == "plus_minus" else 0.5
    wrong = ((answer >= middle) != (y >= middle)).any(axis=1)
    return bad | wrong
