"""Targets and predictions in the units of the data.

A network learns standardised targets if ``[data]`` has ``standardize_target``. Its outputs, the loss and all arithmetic
are then in standardised units; ``value × y_scale + y_mean`` is the value in the units of the data. Without it both are
the same numbers, and every function here returns its argument.
"""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.targets import Coding, coding_of
from nn_tui.core.spec import Array, Dataset


def has_standardized_targets(data: Dataset) -> bool:
    """Return whether the targets of the network are standardised."""
    return data.y_mean.size > 0


def raw_targets(data: Dataset) -> Array:
    """Return the targets of the training part (samples, outputs) in the units of the data."""
    return data.targets if has_standardized_targets(data) else data.y


def raw_targets_test(data: Dataset) -> Array:
    """Return the targets of the test part (samples, outputs) in the units of the data."""
    return data.targets_test if has_standardized_targets(data) else data.y_test


def to_raw_units(data: Dataset, outputs: Array) -> Array:
    """Return outputs or targets of the network (n, outputs) in the units of the data."""
    if not has_standardized_targets(data):
        return outputs
    with np.errstate(all="ignore"):
        return np.asarray(outputs * data.y_scale + data.y_mean, dtype=np.float64)


def target_coding(data: Dataset) -> Coding:
    """Return the coding of the targets of both parts; standardised targets are numbers, whatever they look like."""
    return "numbers" if has_standardized_targets(data) else coding_of(np.concatenate([data.y, data.y_test]))
