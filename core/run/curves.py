"""Curves of a run, bounded in memory: the loss of every pass, and evaluations on the whole data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from nn_tui.core.spec import Array

MAX_BUCKETS = 4096  # also the number of newest losses that never join a bucket
MAX_EVALUATIONS = 400
LONG_EPOCH = 64  # updates; in a longer epoch there are evaluations before its end
# Between two evaluations the training does at least this many times their work, measured in rows: an update costs the
# rows of its batch, and about as much as this number of rows on top. Training a row takes three times as long as
# evaluating it in a wide network; in a small one activations and copies take most of the time of both.
_MIN_WORK_RATIO, _UPDATE_ROWS = 16, 32
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

    def extend(self, losses: Array) -> None:
        """Add the losses of the next passes, (passes,)."""
        for start in range(0, len(losses), MAX_BUCKETS):
            add = self.appender()
            for loss in losses[start : start + MAX_BUCKETS].tolist():
                add(loss)

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
    """Figures on the whole data set after an update; of a large set on a sample of its rows.

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
    """Evaluations at regular updates, and in a long epoch at more of them: after updates 1, 2, 4, 8, … of the run.

    The regular updates are the first at or after each multiple of ``stride / parts``. This distance doubles when there
    are more than ``MAX_EVALUATIONS``. Which updates are evaluated depends on nothing but these numbers, so stepping,
    training, replay and a resumed run give the same curve.

    Attributes:
        stride: A number of updates; at first one epoch, or several of them.
        items: The evaluations.
        parts: In how many parts the stride is divided.
        dense: The powers of two below this update are evaluated, too.
        start: The update of the last edit. The evaluation with the lowest test loss after it is never left out.
    """

    stride: int = 1
    items: list[Evaluation] = field(default_factory=list)
    parts: int = 1
    dense: int = 0
    start: int = 0

    @classmethod
    def for_epoch(cls, batches: int, batch: int, rows: int, *, is_sample: bool = False) -> EvaluationHistory:
        """Return an empty history for a run.

        An epoch of more than ``LONG_EPOCH`` updates is divided as long as the evaluations stay cheap beside the
        training: about 5 % of its time at most, and usually much less.

        Args:
            batches: The number of batches in an epoch.
            batch: The rows of a batch.
            rows: The rows of an evaluation.
            is_sample: Whether they are a sample of a large data set. Then there may be several epochs between two
                evaluations; a smaller set is evaluated after each epoch, whatever it costs.
        """
        stride, parts = batches, 1
        min_distance = _MIN_WORK_RATIO * rows / (batch + _UPDATE_ROWS)
        while is_sample and stride < min_distance:
            stride *= 2
        while stride >= 2 * parts * max(min_distance, LONG_EPOCH):
            parts *= 2
        return cls(stride, parts=parts, dense=-(-stride // parts) if stride > LONG_EPOCH else 0)

    def is_due(self, update: int) -> bool:
        """Return whether the run must be evaluated after ``update``."""
        if update < self.dense and update & (update - 1) == 0:
            return True
        return update * self.parts // self.stride > (update - 1) * self.parts // self.stride

    def next_due(self, update: int) -> int:
        """Return the first update after ``update`` that is due."""
        multiple = update * self.parts // self.stride + 1
        regular, power = -(-multiple * self.stride // self.parts), 1 << update.bit_length()
        return min(regular, power) if power < self.dense else regular

    def spaced_for(self, updates: int) -> EvaluationHistory:
        """Return this history with the distances that the evaluations will have after ``updates`` more of them.

        Evaluations that would be left out later are then not made. The curve is the same only without a test set: the
        evaluation with the lowest test loss is never left out.
        """
        last = self.items[-1].update if self.items else 0
        due, future = last, replace(self, items=list(self.items))
        while (due := future.next_due(due)) <= last + updates:
            future.append(Evaluation(due, float("nan"), None, None, None, (), ()))
        return replace(self, stride=future.stride, parts=future.parts)

    def append(self, evaluation: Evaluation) -> None:
        """Add an evaluation that was due."""
        self.items.append(evaluation)
        if len(self.items) > MAX_EVALUATIONS:
            if self.parts > 1:
                self.parts //= 2
            else:
                self.stride *= 2
            best = self._best()
            self.items = [item for item in self.items if item is best or self.is_due(item.update)]

    def _best(self) -> Evaluation | None:
        """Return the evaluation with the lowest test loss since the last edit, the first of equals."""
        losses = [
            (item.test_loss, item.update, item)
            for item in self.items
            if item.test_loss is not None and isfinite(item.test_loss) and is_since(item.update, self.start)
        ]
        return min(losses, key=itemgetter(0, 1), default=(None, None, None))[2]

    def __iter__(self) -> Iterator[Evaluation]:
        return iter(self.items)

    def truncated(self, update: int) -> EvaluationHistory:
        """Return the evaluations up to and including ``update``."""
        return replace(self, items=[item for item in self.items if item.update <= update])


def is_since(update: int, start: int) -> bool:
    """Return whether the evaluation after ``update`` belongs to the part of a run that begins after ``start``.

    The evaluation after the update of an edit belongs to the part before the edit, but at update 0 it is made again.
    """
    return update > start or update == start == 0
