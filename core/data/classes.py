"""The classes of data: of each row, their names, and the line between two of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.labels import class_labels, output_labels
from nn_tui.core.spec import Array, Dataset


def has_classes(data: Dataset) -> bool:
    """Return whether each row of the data has one class: by a one-hot row, or by an output with two values."""
    return bool(data.classes) and (data.y.shape[1] == 1 or _is_one_hot(data.y))


def _is_one_hot(y: Array) -> bool:
    """Return whether every row of targets has one 1 among zeros."""
    return y.shape[1] > 1 and bool(np.isin(y, (0.0, 1.0)).all() and (y.sum(axis=1) == 1.0).all())


def threshold(y: Array) -> float:
    """Return the value halfway between the two targets of a single output."""
    return 0.0 if (y < 0).any() else 0.5


def class_indices(y: Array) -> NDArray[np.intp]:
    """Return the class of every row of targets."""
    return np.asarray(y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0] > threshold(y), dtype=np.intp)


def class_names(data: Dataset) -> tuple[str, ...]:
    """Return the names of the classes."""
    if len(data.classes) == max(2, data.y.shape[1]):
        return class_labels(data)
    if data.y.shape[1] == 1:
        return ("−1", "1") if (data.y < 0).any() else ("0", "1")
    return output_labels(data)
