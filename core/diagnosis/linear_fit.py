"""How well a network without a hidden layer can fit the data: the best line, with and without a bias, and with curves.

Classes are fitted by logistic regression. Each of its steps solves the same linear system, whose matrix bounds every
Hessian of the loss, so the loss falls with every step (Böhning and Lindsay 1988, Böhning 1992). Numbers are fitted by
least squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.data.targets import Coding, wrong_rows
from nn_tui.core.spec import Array

MAX_ROWS, MAX_INPUTS, MAX_OUTPUTS = 500, 40, 12  # of larger data no fit is made: it would take more than 20 ms
MAX_NUMBER = 1e50  # the squares and cubes of larger numbers overflow
_STEPS = 300  # of logistic regression
_RIDGE = 1e-6  # of the mean square of the inputs, which are standardised
_MAX_PRODUCT_INPUTS = 6  # of more inputs only squares and cubes are taken, not the products of two inputs
_MIN_ROWS_PER_FEATURE = 3  # a curve through fewer numbers per coefficient fits the noise


@dataclass(frozen=True, slots=True)
class LinearFit:
    """Scores on the training rows: accuracy for classes, R² for numbers.

    Attributes:
        line: The score of the best line (a plane, if there are more inputs).
        through_zero: The same without a bias.
        curve: The score of the best curve: a line in the inputs, their squares, cubes and products.
    """

    line: float
    through_zero: float
    curve: float


def fit_linear(x: Array, y: Array, coding: Coding) -> LinearFit | None:
    """Fit inputs (n, inputs) and targets (n, outputs); None for too much data, huge, constant or a single row."""
    if len(x) < 2 or x.shape[1] > MAX_INPUTS or y.shape[1] > MAX_OUTPUTS or (y == y[0]).all():
        return None
    if not max(np.abs(x).max(), np.abs(y).max()) < MAX_NUMBER:
        return None
    rows = np.linspace(0, len(x) - 1, min(len(x), MAX_ROWS)).astype(np.intp)
    x, y = x[rows], y[rows]
    size = float(np.sqrt(np.square(x).mean())) or 1.0
    deviation = x.std(axis=0)
    standard = (x - x.mean(axis=0)) / np.where(deviation > 0.0, deviation, 1.0)
    ones = np.ones((len(x), 1))
    curved = np.hstack([standard, _curves(standard), ones])
    line = _score(np.hstack([standard, ones]), y, coding)
    can_bend = coding != "numbers" or len(x) >= _MIN_ROWS_PER_FEATURE * curved.shape[1]
    return LinearFit(
        line=line,
        through_zero=_score(x / size, y, coding),
        curve=max(line, _score(curved, y, coding)) if can_bend else line,
    )


def _curves(x: Array) -> Array:
    """Return squares and cubes of the inputs and, of a few inputs, the products of two."""
    products = []
    if x.shape[1] <= _MAX_PRODUCT_INPUTS:
        products = [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i)]
    return np.column_stack([x**2, x**3, *products])


def _score(x: Array, y: Array, coding: Coding) -> float:
    if coding == "numbers":
        return r_squared(x @ np.linalg.lstsq(x, y, rcond=None)[0], y)
    return 1.0 - float(wrong_rows(_logistic(x, y, coding), y, coding).mean())


def _logistic(x: Array, y: Array, coding: Coding) -> Array:
    """Return the predictions of logistic regression: softmax for one-hot rows, else a sigmoid for each output."""
    is_softmax = coding == "one_hot"
    is_plus_minus = coding == "plus_minus"
    target = (y + 1.0) / 2.0 if is_plus_minus else y
    bound = 0.5 if is_softmax else 0.25  # of the second derivative of the loss by z
    moments = bound * (x.T @ x) + _RIDGE * len(x) * np.eye(x.shape[1])
    to_step = np.linalg.solve(moments, x.T)
    weights = np.zeros((x.shape[1], y.shape[1]))
    for _ in range(_STEPS):
        z = x @ weights
        if is_softmax:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            probabilities = e / e.sum(axis=1, keepdims=True)
        else:
            probabilities = 1.0 / (1.0 + np.exp(-np.clip(z, -500.0, 500.0)))
        weights += to_step @ (target - probabilities)
    prediction: Array = 2.0 * probabilities - 1.0 if is_plus_minus else probabilities
    return prediction


def r_squared(prediction: Array, y: Array) -> float:
    """Return R², the mean over the outputs: 1 − the squared errors / those of the mean. NaN for constant targets."""
    total = np.square(y - y.mean(axis=0)).sum(axis=0)
    varying = total > 0.0
    if not varying.any():
        return float("nan")
    errors = np.square(prediction - y).sum(axis=0)
    return float((1.0 - errors[varying] / total[varying]).mean())
