"""How well the data can be predicted at all: the score of the nearest neighbour.

A class cannot be predicted better than its overlap with others allows. In the limit of many rows the nearest neighbour
makes at most twice the unavoidable errors (Cover and Hart 1967), so a network that makes fewer errors has learned what
there is to learn. For numbers, half the mean squared difference of nearest neighbours estimates the variance of the
noise (the Delta test, Pi and Peterson 1994).
"""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.targets import Coding, wrong_rows
from nn_tui.core.spec import Array

MIN_ROWS = 20  # among fewer rows the nearest neighbour is not near
MAX_ROWS = 500


def neighbour_score(x: Array, y: Array, coding: Coding) -> float | None:
    """Return the score that the nearest neighbour allows to expect: accuracy for classes, R² for numbers.

    Args:
        x: The inputs (n, inputs).
        y: The targets (n, outputs).
        coding: The coding of the targets.

    Returns:
        The score; None for few rows or constant targets.
    """
    if len(x) < MIN_ROWS or (y == y[0]).all():
        return None
    rows = np.linspace(0, len(x) - 1, min(len(x), MAX_ROWS)).astype(np.intp)
    deviation = x.std(axis=0)
    x, y = (x[rows] - x.mean(axis=0)) / np.where(deviation > 0.0, deviation, 1.0), y[rows]
    squares = np.square(x).sum(axis=1)
    distances = squares[:, None] + squares[None, :] - 2.0 * (x @ x.T)
    np.fill_diagonal(distances, np.inf)
    neighbour = y[distances.argmin(axis=1)]
    if coding != "numbers":
        return 1.0 - float(wrong_rows(neighbour, y, coding).mean())
    variance = y.var(axis=0)
    varying = variance > 0.0
    noise = 0.5 * np.square(neighbour - y).mean(axis=0)
    return float((1.0 - noise[varying] / variance[varying]).mean())
