"""The seven input features of a two-input problem, and the way from raw points to network inputs."""

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


def check_features(features: Sequence[str], inputs: int, where: str = "") -> None:
    """Raise InputError unless every name is known, none comes twice, and the data has two inputs."""
    at = f"{where}: " if where else ""
    if features and inputs != 2:
        raise InputError(f"{at}data.features: they need data with two inputs, and this data has {inputs}.")
    for position, name in enumerate(features, 1):
        if name not in FEATURES:
            near = closest_names(name, FEATURES, cutoff=0.0)[0]
            raise InputError(
                f"{at}data.features, entry {position}: there is no feature {name[:40]!r}; "
                f"the nearest is {near!r}, and all are {', '.join(FEATURES)}."
            )
        if name in features[: position - 1]:
            raise InputError(f"{at}data.features, entry {position}: {name!r} is listed twice; list it once.")


def expand(points: Array, features: Sequence[str]) -> Array:
    """The (n, features) columns computed from (n, 2) ``points``; ``points`` itself without features.

    Values that overflow become infinite, with no warning. Raises InputError as :func:`check_features`.
    """
    if not features:
        return points
    check_features(features, points.shape[1])
    with np.errstate(all="ignore"):
        return np.column_stack([FEATURES[name](points[:, 0], points[:, 1]) for name in features])


def inputs_for(dataset: Dataset, points: Array) -> Array:
    """The network inputs (n, inputs) for raw ``points`` (n, raw inputs): features, then standardisation.

    Takes the same path as the training rows, bit for bit, so that a decision region fits its points.
    """
    return standardized(expand(points, dataset.features), dataset.x_mean, dataset.x_scale)


def standardized(x: Array, mean: Array, scale: Array) -> Array:
    """``(x - mean) / scale`` by column; ``x`` itself where no statistics were kept (size 0)."""
    if not mean.size:
        return x
    with np.errstate(all="ignore"):
        return np.asarray((x - mean) / scale, dtype=np.float64)
