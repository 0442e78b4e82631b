"""The rows on which a run is evaluated while it trains: all of them, or a random sample of a large data set."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.rng import stream
from nn_tui.core.run.curves import EvaluationHistory
from nn_tui.core.spec import Array, Dataset

MAX_EVALUATED_ROWS = 4096  # of the training part, and of the test part


def evaluated_rows(rows: int) -> int:
    """Return on how many rows of a part with ``rows`` rows a run is evaluated."""
    return min(rows, MAX_EVALUATED_ROWS)


def is_sampled(data: Dataset) -> bool:
    """Return whether a run is evaluated on a sample of the training part or of the test part."""
    return max(len(data.x), len(data.x_test)) > MAX_EVALUATED_ROWS


def evaluation_sample(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the rows of a part on which a run is evaluated.

    A part of more than ``MAX_EVALUATED_ROWS`` rows is evaluated on a random sample of that size. The sample depends on
    nothing but the number of rows, so all points of a curve, and those of compared runs, have the same rows.

    Args:
        x: The inputs of the part (rows, inputs).
        y: Its targets (rows, outputs).
    """
    if len(x) <= MAX_EVALUATED_ROWS:
        return x, y
    chosen = _sampled_rows(len(x))
    return x[chosen], y[chosen]


def new_history(engine: Engine) -> EvaluationHistory:
    """Return an empty history of the evaluations of a run that begins with ``engine``."""
    data = engine.experiment.data
    rows = evaluated_rows(len(data.x)) + evaluated_rows(len(data.x_test))
    return EvaluationHistory.for_epoch(engine.batches_per_epoch, engine.batch, rows, is_sample=is_sampled(data))


@lru_cache(maxsize=4)
def _sampled_rows(rows: int) -> NDArray[np.intp]:
    """Return the indexes of a sample in ascending order."""
    chosen = stream(0, "evaluation").choice(rows, MAX_EVALUATED_ROWS, replace=False)
    chosen.sort()
    chosen.flags.writeable = False
    return chosen


def spread_rows(count: int, limit: int) -> NDArray[np.intp]:
    """Return all of ``count`` rows, or ``limit`` of them at even distances."""
    return np.arange(count) if count <= limit else np.unique(np.linspace(0, count - 1, limit).astype(np.intp))
