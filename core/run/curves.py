"""The curves of a run, bounded in memory: the loss of every pass, and whole-set figures now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from nn_tui.core.spec import Array

CAPACITY = 4096  # loss buckets, and at most this many raw losses waiting to join them
SAMPLES = 400
EMPTY: Array = np.zeros(0)


class LossCurve:
    """The batch loss of passes 1, 2, 3, …; old passes join buckets that keep their least and greatest loss.

    So a million passes take as much room as ten thousand, and no spike is lost. One thread appends; others
    may read at any time, because what they read is replaced as a whole.
    """

    __slots__ = ("_parts",)

    def __init__(
        self, stride: int = 1, low: Array = EMPTY, high: Array = EMPTY, tail: list[float] | None = None
    ) -> None:
        self._parts = (stride, low, high, tail if tail is not None else [])

    def __len__(self) -> int:
        stride, low, _, tail = self._parts
        return len(low) * stride + len(tail)

    def append(self, loss: float) -> None:
        """Add the loss of the next pass."""
        self.adding()(loss)

    def adding(self) -> Callable[[float], None]:
        """What adds the losses of the next passes, CAPACITY of them: then ask again, for old ones to join."""
        stride, _, _, tail = self._parts
        if len(tail) >= 2 * CAPACITY and len(tail) >= CAPACITY + stride:
            self._compress()
        return self._parts[3].append

    def _compress(self) -> None:
        stride, low, high, tail = self._parts
        raw = np.array(tail)
        while len(raw) >= CAPACITY + stride:
            if len(low) == CAPACITY:
                stride *= 2
                low = np.fmin(low[::2], low[1::2])
                high = np.fmax(high[::2], high[1::2])
                continue
            count = min((len(raw) - CAPACITY) // stride, CAPACITY - len(low))
            chunk = raw[: count * stride].reshape(count, stride)
            low = np.concatenate([low, np.fmin.reduce(chunk, 1)])
            high = np.concatenate([high, np.fmax.reduce(chunk, 1)])
            raw = raw[count * stride :]
        self._parts = (stride, low, high, raw.tolist())

    def points(self) -> tuple[Array, Array]:
        """(passes, losses) to draw, float64: two points a bucket, then one a pass."""
        stride, low, high, tail = self._parts
        recent = np.array(tail, dtype=np.float64)
        middle = (np.arange(len(low)) + 0.5) * stride
        x = np.concatenate([np.repeat(middle, 2), len(low) * stride + 1.0 + np.arange(len(recent))])
        return x, np.concatenate([np.column_stack([low, high]).ravel(), recent])

    def truncated(self, passes: int) -> LossCurve:
        """The curve of the first ``passes`` passes; NaN stands for those whose bucket is cut in two."""
        stride, low, high, tail = self._parts
        kept = min(passes // stride, len(low))
        rest = max(0, passes - len(low) * stride)
        cut = min(passes, len(low) * stride) - kept * stride
        return LossCurve(stride, low[:kept], high[:kept], [float("nan")] * cut + tail[:rest])


@dataclass(frozen=True, slots=True)
class Sample:
    """Whole-set figures after an update; norms and ratios per layer are those of the pass that led there.

    The losses are without the ``penalty`` on the weights, which is that of the parameters after the update.
    """

    update: int
    train_loss: float
    test_loss: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    gradient_norms: tuple[float, ...]
    update_ratios: tuple[float, ...]
    penalty: float = 0.0


@dataclass(slots=True)
class Samples:
    """Whole-set figures at multiples of a stride that doubles whenever there are too many."""

    stride: int = 1
    taken: list[Sample] = field(default_factory=list)

    def due(self, update: int) -> bool:
        """Whether the figures after ``update`` are to be taken."""
        return update % self.stride == 0

    def append(self, sample: Sample) -> None:
        """Add a sample that was due."""
        self.taken.append(sample)
        if len(self.taken) > SAMPLES:
            self.stride *= 2
            self.taken = [sample for sample in self.taken if sample.update % self.stride == 0]

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.taken)

    def truncated(self, update: int) -> Samples:
        """The samples up to and including ``update``."""
        return Samples(self.stride, [sample for sample in self.taken if sample.update <= update])
