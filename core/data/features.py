"""The seven input features of a two-input problem, and the steps from raw points to network inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_choice
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.translation import message

Feature = Callable[[Array, Array], Array]

FEATURES: dict[str, Feature] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}


def check_features(features: Sequence[str], inputs: int) -> None:
    """Raise InputError unless each feature exists and is listed once, and the data has two inputs.

    Args:
        features: The names of the features.
        inputs: The number of input columns of the data.
    """
    path = ("data", "features")
    if features and inputs != 2:
        problem = message("features need data with two inputs, but this data has {inputs}.", inputs=inputs)
        raise InputError("conflict", problem, path=path, value=features)
    for index, name in enumerate(features):
        check_choice(name, (*path, index), FEATURES, message("a feature"))
        if name in features[:index]:
            problem = message('"{name}" is listed twice; list it once.', name=name)
            raise InputError("duplicate", problem, path=(*path, index), value=name)


def expand_features(points: Array, features: Sequence[str]) -> Array:
    """Compute the columns of ``features`` (n, features) from ``points`` (n, 2); no features return the points.

    Values that overflow become infinite, with no warning.

    Raises:
        InputError: As :func:`check_features` does.
    """
    if not features:
        return points
    check_features(features, points.shape[1])
    with np.errstate(all="ignore"):
        return np.column_stack([FEATURES[name](points[:, 0], points[:, 1]) for name in features])


def network_inputs(dataset: Dataset, points: Array) -> Array:
    """Return the network inputs (n, inputs) of raw ``points`` (n, columns): features, then standardisation.

    The result has the same bits as the inputs of the training rows, so that a decision region fits its points.
    """
    return standardize(expand_features(points, dataset.features), dataset.x_mean, dataset.x_scale)


def standardize(x: Array, mean: Array, scale: Array) -> Array:
    """Return ``(x - mean) / scale`` by column; ``x`` itself if the statistics are empty."""
    if not mean.size:
        return x
    with np.errstate(all="ignore"):
        result: Array = np.subtract(x, mean, dtype=np.float64)
        return np.divide(result, scale, out=result)
