"""Curves of a run, bounded in memory: the loss of every pass, and evaluations on the whole data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from nn_tui.core.spec import Array

MAX_BUCKETS = 4096  # also the number of newest losses that never join a bucket
MAX_EVALUATIONS = 400
_EMPTY: Array = np.zeros(0)


class CurveParts(NamedTuple):
    """The stored form of a loss curve.

    Bucket i holds passes ``i * stride + 1`` to ``(i + 1) * stride``; ``recent`` holds the losses after the last bucket.
    """

    stride: int
    minima: Array
    maxima: Array
    recent: Array


class LossCurve:
    """The batch loss of passes 1, 2, 3, …; old passes share buckets that hold their smallest and largest loss.

    A million passes take as much memory as ten thousand, and no spike is lost. One thread appends. Other threads may
    read at any time, because the parts are replaced in one assignment.
    """

    __slots__ = ("_parts",)

    def __init__(self, stride: int = 1, minima: Array = _EMPTY, maxima: Array = _EMPTY, recent: Array = _EMPTY) -> None:
        self._parts: tuple[int, Array, Array, list[float]] = stride, minima, maxima, recent.tolist()

    def __len__(self) -> int:
        stride, minima, _, recent = self._parts
        return len(minima) * stride + len(recent)

    @property
    def parts(self) -> CurveParts:
        """The buckets and the recent losses, for a file."""
        stride, minima, maxima, recent = self._parts
        return CurveParts(stride, minima, maxima, np.array(recent, dtype=np.float64))

    def append(self, loss: float) -> None:
        """Add the loss of the next pass."""
        self.appender()(loss)

    def appender(self) -> Callable[[float], None]:
        """Return a fast ``append`` for the next ``MAX_BUCKETS`` passes.

        Call this method again after that many: it moves old losses into buckets.
        """
        stride, _, _, recent = self._parts
        if len(recent) >= 2 * MAX_BUCKETS and len(recent) >= MAX_BUCKETS + stride:
            self._compress()
        return self._parts[-1].append

    def _compress(self) -> None:
        """Move all but the newest ``MAX_BUCKETS`` losses into buckets; double the stride when the buckets are full."""
        stride, minima, maxima, recent = self._parts
        losses = np.array(recent)
        while len(losses) >= MAX_BUCKETS + stride:
            if len(minima) == MAX_BUCKETS:
                stride *= 2
                minima = np.fmin(minima[::2], minima[1::2])
                maxima = np.fmax(maxima[::2], maxima[1::2])
                continue
            count = min((len(losses) - MAX_BUCKETS) // stride, MAX_BUCKETS - len(minima))
            chunk = losses[: count * stride].reshape(count, stride)
            minima = np.concatenate([minima, np.fmin.reduce(chunk, 1)])
            maxima = np.concatenate([maxima, np.fmax.reduce(chunk, 1)])
            losses = losses[count * stride :]
        self._parts = stride, minima, maxima, losses.tolist()

    def points(self) -> tuple[Array, Array]:
        """Return pass numbers and losses to draw, both (points,): two points per bucket, then one per recent pass."""
        stride, minima, maxima, recent = self._parts
        latest = np.array(recent, dtype=np.float64)
        middles = (np.arange(len(minima)) + 0.5) * stride
        x = np.concatenate([np.repeat(middles, 2), len(minima) * stride + 1.0 + np.arange(len(latest))])
        return x, np.concatenate([np.column_stack([minima, maxima]).ravel(), latest])

    def truncated(self, passes: int) -> LossCurve:
        """Return the curve of the first ``passes`` passes; losses of a bucket that is cut in two become NaN."""
        stride, minima, maxima, recent = self._parts
        buckets = min(passes // stride, len(minima))
        unknown = min(passes, len(minima) * stride) - buckets * stride
        rest = max(0, passes - len(minima) * stride)
        losses = np.array([float("nan")] * unknown + recent[:rest], dtype=np.float64)
        return LossCurve(stride, minima[:buckets], maxima[:buckets], losses)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures on the whole data set after an update.

    Attributes:
        update: The number of the update; 0 is the start.
        train_loss: The data loss on the training part, without the penalty.
        test_loss: The same on the test part; None without one.
        train_accuracy: From 0 to 1; None for regression.
        test_accuracy: The same on the test part.
        gradient_norms: Per layer the norm of dW in the pass that ended with this update; empty at the start.
        update_ratios: Per layer the norm of the step divided by the norm of W; empty at the start.
        penalty: The penalty on the weights after the update.
        delta_sizes: Per layer the mean of |δ| in that pass; empty at the start.
        train_r2: R² on the training part; None for classes and where it is not defined.
        test_r2: The same on the test part.
        train_rmse: The root mean squared error on the training part in the units of the data; None for classes.
        test_rmse: The same on the test part.
    """

    update: int
    train_loss: float
    test_loss: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    gradient_norms: tuple[float, ...]
    update_ratios: tuple[float, ...]
    penalty: float = 0.0
    delta_sizes: tuple[float, ...] = ()
    train_r2: float | None = None
    test_r2: float | None = None
    train_rmse: float | None = None
    test_rmse: float | None = None


@dataclass(slots=True)
class EvaluationHistory:
    """Evaluations at multiples of a stride, which doubles when there are more than ``MAX_EVALUATIONS``."""

    stride: int = 1
    items: list[Evaluation] = field(default_factory=list)

    def is_due(self, update: int) -> bool:
        """Return whether the run must be evaluated after ``update``."""
        return update % self.stride == 0

    def append(self, evaluation: Evaluation) -> None:
        """Add an evaluation that was due."""
        self.items.append(evaluation)
        if len(self.items) > MAX_EVALUATIONS:
            self.stride *= 2
            self.items = [item for item in self.items if item.update % self.stride == 0]

    def __iter__(self) -> Iterator[Evaluation]:
        return iter(self.items)

    def truncated(self, update: int) -> EvaluationHistory:
        """Return the evaluations up to and including ``update``."""
        return EvaluationHistory(self.stride, [item for item in self.items if item.update <= update])
