"""A run with the loss of each of its passes."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from nn_tui.core.run.curves import MAX_BUCKETS
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array

_NAN = float("nan")


class RecordedRun:
    """A run whose losses are all recorded; the run itself groups old ones, so that its memory has a limit.

    Args:
        run: The run.
        losses: The losses of its first passes, if they are known.
    """

    def __init__(self, run: Run, losses: Array | None = None) -> None:
        self.run = run
        self._losses = array("d", () if losses is None else losses.tolist())

    def train(self, update: int, count: int, should_stop: Callable[[], bool]) -> int:
        """Make ``count`` updates after ``update``, or fewer until it is stopped or diverges; return the last update."""
        run = self.run
        run.goto(update)
        end = update + count
        while run.position < end and not should_stop():
            position = run.position
            run.train(min(MAX_BUCKETS, end - position), should_stop=should_stop)
            self._record()
            if run.position == position:  # it has diverged
                break
        return run.position

    def losses(self, update: int) -> Array:
        """Return the losses (updates,) of the passes up to ``update``; NaN for those that a document has not kept."""
        self._record()
        return np.array(self._losses[:update])

    def _record(self) -> None:
        """Add the losses of the new passes."""
        missing = len(self.run.losses) - len(self._losses)
        if missing <= 0:
            return
        stride, minima, _, recent = self.run.losses.parts
        new = recent[max(0, len(recent) - missing) :]
        grouped = np.full(missing - len(new), _NAN)
        if stride == 1:  # a group of one loss
            grouped[:] = minima[len(minima) - len(grouped) :]
        self._losses.extend([*grouped.tolist(), *new.tolist()])
