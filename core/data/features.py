"""The seven input features of a two-input problem, and the steps from raw points to network inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.fields import closest_names
from nn_tui.core.spec import Array, Dataset

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


def check_features(features: Sequence[str], inputs: int, file: str = "") -> None:
    """Raise InputError unless each feature exists and is listed once, and the data has two inputs.

    Args:
        features: The names of the features.
        inputs: The number of input columns of the data.
        file: The preset's file, for the message.
    """
    prefix = f"{file}: " if file else ""
    if features and inputs != 2:
        raise InputError(f"{prefix}data.features: they need data with two inputs, and this data has {inputs}.")
    for position, name in enumerate(features, 1):
        if name not in FEATURES:
            nearest = closest_names(name, FEATURES, cutoff=0.0)[0]
            raise InputError(
                f"{prefix}data.features, entry {position}: there is no feature {name[:40]!r}; "
                f"the nearest is {nearest!r}, and all are {', '.join(FEATURES)}."
            )
        if name in features[: position - 1]:
            raise InputError(f"{prefix}data.features, entry {position}: {name!r} is listed twice; list it once.")


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
        return np.asarray((x - mean) / scale, dtype=np.float64)
