"""The standardisation of a network's inputs and targets, which weights alone do not have."""

from __future__ import annotations

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.spec import Array, Dataset

SCALING = ("x_mean", "x_scale", "y_mean", "y_scale")
"""The names of the arrays."""


def has_standardized_inputs(data: Dataset) -> bool:
    """Return whether the network gets other inputs than those of the data, by a mean or a scale."""
    return bool(data.x_mean.any() or (data.x_scale != 1.0).any())


def scaling_arrays(data: Dataset) -> dict[str, Array]:
    """Return the arrays that a person needs beside the weights; none without standardisation.

    The network takes ``(inputs - x_mean) / x_scale``, and predicts ``output * y_scale + y_mean``. The first two have
    the shape (inputs,), the others (outputs,).
    """
    arrays = {"x_mean": data.x_mean, "x_scale": data.x_scale} if has_standardized_inputs(data) else {}
    if has_standardized_targets(data):
        arrays |= {"y_mean": data.y_mean, "y_scale": data.y_scale}
    return arrays
