"""How good a network is on a set of samples: the data loss; the accuracy for classes; R² and RMSE for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nn_tui.core.data.targets import target_spread, wrong_rows
from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import ForwardArrays, append_ones
from nn_tui.core.nn.losses import penalty, scale
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.evaluation_sample import evaluation_sample
from nn_tui.core.spec import Array

# A large data set is evaluated in chunks, so that it needs no large buffers.
MAX_CHUNK_ROWS = 4096
MAX_CHUNK_VALUES = 4_000_000  # rows × units


@dataclass(frozen=True, slots=True)
class Metrics:
    """The quality of a network on a set of samples.

    Attributes:
        loss: The data loss with the reduction of the training (mean or sum), without the penalty.
        accuracy: From 0 to 1; None for regression.
        mistakes: The number of wrong rows; None for regression.
        r2: R², the part of the variance of the targets that the predictions explain: 1 at best, 0 for a network that
            always predicts the mean. The mean over the outputs, as ``sklearn.metrics.r2_score``. None for classes, and
            where it is not defined: for fewer than two rows, and if an output has the same target in every row.
        rmse: The root of the mean squared error, in the units of the data: the mean over the outputs, as
            ``sklearn.metrics.root_mean_squared_error``. None for classes.
    """

    loss: float
    accuracy: float | None
    mistakes: int | None
    r2: float | None = None
    rmse: float | None = None


def predict(engine: Engine, state: State, x: Array) -> Array:
    """Return the predictions (n, outputs) for the rows ``x`` (n, inputs); for a perceptron they are step(z)."""
    chunk = chunk_rows(engine)
    if len(x) <= chunk:
        return run_forward(engine, state, x)[2]
    parts = [run_forward(engine, state, x[start : start + chunk])[2] for start in range(0, len(x), chunk)]
    return np.concatenate(parts)


def run_forward(engine: Engine, state: State, x: Array) -> tuple[list[Array], list[Array], Array]:
    """Run a forward pass for the rows ``x`` (n, inputs).

    Returns:
        z of every layer and a of every layer, each (n, units), and the predictions (n, outputs).
    """
    arrays = ForwardArrays(engine.sizes, append_ones(x))
    with np.errstate(all="ignore"):
        engine.forward(state, arrays)
        prediction = engine.loss.prediction(arrays.z[-1], arrays.a[-1])
    return arrays.z, arrays.a, prediction


def chunk_rows(engine: Engine) -> int:
    """Return how many rows are evaluated at once."""
    return max(1, min(MAX_CHUNK_ROWS, MAX_CHUNK_VALUES // sum(engine.sizes)))


def evaluate(engine: Engine, state: State, x: Array, y: Array) -> Metrics | None:
    """Return the metrics over all rows of ``x`` (n, inputs) and ``y`` (n, outputs); None without rows."""
    rows, columns = y.shape
    if rows == 0:
        return None
    total = 0.0
    mistakes = 0
    is_regression = engine.coding == "numbers"
    squared_errors = np.zeros(columns)
    chunk = chunk_rows(engine)
    with np.errstate(all="ignore"):
        for start in range(0, rows, chunk):
            targets = y[start : start + chunk]
            zs, activations, prediction = run_forward(engine, state, x[start : start + chunk])
            total += float(engine.loss.terms(zs[-1], activations[-1], targets).sum())
            if is_regression:
                errors = prediction - targets
                errors *= errors
                squared_errors += np.add.reduce(errors, axis=0)
            else:
                mistakes += int(wrong_rows(prediction, targets, engine.coding).sum())
    loss = total * scale(engine.loss, engine.experiment.training.reduction, rows, columns)
    if is_regression:
        squares: list[float] = squared_errors.tolist()  # of a few outputs, plain numbers are faster than arrays
        return Metrics(loss, None, None, _r_squared(engine, y, squares), _root_mean_square(engine, squares, rows))
    return Metrics(loss, (rows - mistakes) / rows, mistakes)


def _r_squared(engine: Engine, y: Array, squares: Sequence[float]) -> float | None:
    """Return R² from the squared errors (outputs,), summed over the rows of ``y``; None if it is not defined."""
    data = engine.experiment.data
    if y is data.y:
        spread = engine.train_spread
    elif y is data.y_test:
        spread = engine.test_spread
    else:
        spread = target_spread(y)
    if spread is None:
        return None
    return sum(1.0 - error / total for error, total in zip(squares, spread, strict=True)) / len(squares)


def _root_mean_square(engine: Engine, squares: Sequence[float], rows: int) -> float:
    """Return the root mean squared error in the units of the data from the squared errors (outputs,)."""
    data = engine.experiment.data
    roots = [sqrt(error / rows) for error in squares]
    if has_standardized_targets(data):
        roots = [root * deviation for root, deviation in zip(roots, data.y_scale.tolist(), strict=True)]
    return sum(roots) / len(roots)


def batch_mistakes(engine: Engine, trace: Trace) -> int:
    """Return how many samples of a pass's batch are classified wrongly; 0 for regression."""
    prediction = engine.loss.prediction(trace.z[-1], trace.a[-1])
    return int(wrong_rows(prediction, trace.y, engine.coding).sum())


def baseline_loss(engine: Engine, y: Array) -> float | None:
    """Return the data loss of a network that always predicts the mean of the targets ``y`` (n, outputs).

    None for a perceptron, and where this loss is 0 or not finite.
    """
    if engine.loss.is_mistake_driven:
        return None
    with np.errstate(all="ignore"):
        mean = np.broadcast_to(y.mean(axis=0), y.shape).copy()
        z = mean
        if engine.loss.logits is not None:  # they would be infinite for a class without rows
            z = engine.loss.logits(np.clip(mean, 1e-12, 1 - 1e-12))
        terms = engine.loss.terms(z, mean, y)
        total = float(terms.sum() * scale(engine.loss, engine.experiment.training.reduction, *y.shape))
    return total if np.isfinite(total) and total > 1e-12 else None


def mean_size(values: Array) -> float:
    """Return the mean of the absolute values."""
    with np.errstate(all="ignore"):
        return float(np.abs(values).mean())


def evaluate_state(engine: Engine, state: State, trace: Trace | None) -> Evaluation:
    """Evaluate ``state`` on the whole data set, or on a sample of a large one (:func:`evaluation_sample`).

    Args:
        engine: The engine of the run.
        state: The parameters to evaluate.
        trace: The pass that ended in ``state``, for norms and ratios; None at the start of a run.
    """
    data, training = engine.experiment.data, engine.experiment.training
    train = evaluate(engine, state, *evaluation_sample(data.x, data.y))
    test = evaluate(engine, state, *evaluation_sample(data.x_test, data.y_test))
    norms: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()
    deltas: tuple[float, ...] = ()
    with np.errstate(all="ignore"):
        if trace is not None:
            norms = tuple(float(np.linalg.norm(dw)) for dw in trace.dw)
            ratios = tuple(
                float(np.linalg.norm(new - old) / np.linalg.norm(old))
                for old, new in zip(trace.before.weights, trace.after.weights, strict=True)
            )
            deltas = tuple(map(mean_size, trace.dz))
        state_penalty = penalty(state.weights, training.l1, training.l2)
    return Evaluation(
        update=0 if trace is None else trace.update,
        train_loss=train.loss if train else float("nan"),
        test_loss=test.loss if test else None,
        train_accuracy=train.accuracy if train else None,
        test_accuracy=test.accuracy if test else None,
        gradient_norms=norms,
        update_ratios=ratios,
        penalty=state_penalty,
        delta_sizes=deltas,
        train_r2=train.r2 if train else None,
        test_r2=test.r2 if test else None,
        train_rmse=train.rmse if train else None,
        test_rmse=test.rmse if test else None,
    )
