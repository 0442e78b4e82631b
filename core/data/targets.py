"""The coding of targets: how a table writes classes.

All targets of a data set decide it together, because a part of them may look like another coding.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array

Coding = Literal["one_hot", "zero_one", "plus_minus", "numbers"]


def coding_of(y: Array) -> Coding:
    """Return the coding of targets ``y`` (n, outputs): one-hot rows, 0/1, −1/+1, or plain numbers."""
    if np.isin(y, (0.0, 1.0)).all():
        return "one_hot" if y.shape[1] > 1 and (y.sum(axis=1) == 1.0).all() else "zero_one"
    return "plus_minus" if np.isin(y, (-1.0, 1.0)).all() else "numbers"


def target_spread(y: Array) -> list[float] | None:
    """Return the squared deviations of targets ``y`` (n, outputs) from their mean, as a sum per output.

    None if R² is not defined: for fewer than two rows, and if an output has the same target in every row.
    """
    if len(y) < 2 or (y == y[0]).all(axis=0).any():
        return None
    with np.errstate(all="ignore"):
        spread: list[float] = np.square(y - y.mean(axis=0)).sum(axis=0).tolist()
    return spread if all(spread) else None  # the squares of tiny deviations underflow to 0


def wrong_rows(prediction: Array, y: Array, coding: Coding) -> NDArray[np.bool_]:
    """Return which rows are classified wrongly, (n,).

    A one-hot row is right if the largest output is that of its class. Any other row is right if each output is on the
    same side of the middle (0.5 or 0) as its target. A row with a NaN is wrong. For plain numbers no row is wrong.

    Args:
        prediction: The outputs of the network, (n, outputs).
        y: The targets, (n, outputs).
        coding: The coding of all targets of the data set.
    """
    if coding == "numbers":
        return np.zeros(len(y), dtype=bool)
    has_nan = np.isnan(prediction).any(axis=1)
    if coding == "one_hot":
        wrong: NDArray[np.bool_] = prediction.argmax(axis=1) != y.argmax(axis=1)
        return has_nan | wrong
    middle = 0.0 if coding == "plus_minus" else 0.5
    wrong = ((prediction >= middle) != (y >= middle)).any(axis=1)
    return has_nan | wrong
