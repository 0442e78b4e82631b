"""The curve of a training as a table: a row for each pass, for spreadsheets and pandas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.evaluation_sample import is_sampled
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run

COLUMNS = ("update", "epoch", "loss", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "learning_rate")
"""The columns before those of the gradient norms."""


class CurveRows:
    """Writes a table while a run is trained; its lines are CSV.

    The loss is that of the batch, as the pass computes it. The other losses and the accuracies are those of the whole
    data set after the update. They are empty where the set is not evaluated. Numbers have all digits.

    Args:
        run: The run.
        write: Takes the next lines.
        every: The distance of two rows, each of them evaluated; None for a row for each pass, evaluated where the run
            is. The last pass always has a row, and is always evaluated.

    Attributes:
        count: The number of rows that are written.
    """

    def __init__(self, run: Run, write: Callable[[str], object], every: int | None = None) -> None:
        self._run = run
        self._write = write
        self._every = every
        self._waiting = ""  # the latest row, which is made again with an evaluation if it is the last
        self._waiting_update = 0
        self.count = 0
        norms = (f"gradient_norm_{layer + 1}" for layer in range(len(run.experiment.layers)))
        write(f"{','.join((*COLUMNS, *norms))}\n")

    def add(self, trace: Trace) -> None:
        """Add the row of a pass that has just been trained, if it has one."""
        if self._every is not None and trace.update % self._every:
            return
        self._write_waiting()
        evaluations = self._run.evaluations.items
        is_evaluated = self._every is not None or evaluations[-1].update == trace.update
        self._waiting, self._waiting_update = self._line(trace, is_evaluated=is_evaluated), trace.update

    def finish(self) -> None:
        """Write the row of the last pass."""
        last = self._run.position
        if self._waiting_update != last:
            self._write_waiting()
        if last:
            trace = self._run.trace(last)
            self._waiting = self._line(trace, is_evaluated=True)
            self._run.release(trace)
        self._write_waiting()

    def _write_waiting(self) -> None:
        if self._waiting:
            self._write(self._waiting)
            self._waiting = ""
            self.count += 1

    def _line(self, trace: Trace, *, is_evaluated: bool) -> str:
        figures = self._evaluated(trace) if is_evaluated else (None, None, None, None)
        with np.errstate(all="ignore"):
            norms = (float(np.linalg.norm(dw)) for dw in trace.dw)
            values = (trace.loss, *figures, trace.learning_rate, *norms)
        cells = ",".join("" if value is None else repr(float(value)) for value in values)
        return f"{trace.update},{trace.epoch},{cells}\n"

    def _evaluated(self, trace: Trace) -> tuple[float | None, ...]:
        """Return the losses and accuracies of the whole data set after a pass."""
        engine = self._run.segment(trace.update - 1).engine
        data, last = engine.experiment.data, self._run.evaluations.items[-1]
        if last.update == trace.update and not is_sampled(data):
            return last.train_loss, last.test_loss, last.train_accuracy, last.test_accuracy
        train = evaluate(engine, trace.after, data.x, data.y)
        test = evaluate(engine, trace.after, data.x_test, data.y_test)
        return (
            *(None if part is None else part.loss for part in (train, test)),
            *(None if part is None else part.accuracy for part in (train, test)),
        )
