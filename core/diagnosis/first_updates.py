"""What the first updates of a run do, with its own η or another one: a replay from the start or the last edit.

The replay runs the same passes as the training, so it is exact, also for updates that the run has not reached yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.diagnosis.full_batch import FullBatch
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import is_finite
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.spec import Array, Experiment

MIN_FIRST_UPDATES, FIRST_UPDATES, MORE_UPDATES = 10, 50, 200
_MAX_REPLAY_SIZE = 20_000_000  # rows of a batch × parameters × updates
_PART_UPDATES = 20
_LAST_LOSSES = 5  # with long steps the loss jumps from one update to the next


@dataclass(frozen=True, slots=True)
class FirstUpdates:
    """What the first updates do.

    Attributes:
        count: How many updates these are.
        loss: The loss of the training set after them; infinite if a number is not finite.
        median_loss: The median of the losses after the last five of them.
        longest: The number of the update among the first ones, from 1, with the longest step of a layer.
        layer: That layer, from 0.
        ratio: The length of that step beside that of the weights; of short weights, beside the length that Xavier
            weights have.
    """

    count: int
    loss: float
    median_loss: float
    longest: int
    layer: int
    ratio: float


def is_affordable(engine: Engine) -> bool:
    """Return whether the network is so small that a few replays take no time to speak of."""
    return _affordable(engine) >= MIN_FIRST_UPDATES


def _affordable(engine: Engine) -> int:
    return _MAX_REPLAY_SIZE // max(1, engine.batch * engine.parameters)


def replay_first_updates(
    engine: Engine, start: State, first: int, rate: float, count: int, full_batch: FullBatch
) -> Iterator[FirstUpdates | None]:
    """Run the first updates with another η, or with that of the run, in parts of a few milliseconds.

    Args:
        engine: The engine of the run.
        start: The state before the first of the updates.
        first: The number of its pass.
        rate: η, or with a schedule η₀.
        count: How many updates; of a large network it is fewer.
        full_batch: The training set.

    Yields:
        None after each part, and what the updates do after the last one.
    """
    count = min(count, max(MIN_FIRST_UPDATES, _affordable(engine)))
    if rate != engine.experiment.training.optimizer.learning_rate:
        engine = Engine(_with_rate(engine.experiment, rate), engine)
    state, done, longest, is_over = start, 0, (0.0, 0, 0), False
    losses: list[float] = []
    while not is_over:
        engine.use_threads()
        with np.errstate(all="ignore"):
            for number, trace in enumerate(engine.passes(engine.copy_state(state), first + done), done + 1):
                layer, ratio = _longest_step(trace)
                longest = max(longest, (ratio, -number, layer))
                if number > count - _LAST_LOSSES:
                    losses.append(full_batch.loss(trace.after.parameters))
                is_over = number == count or not is_finite(trace)
                if is_over or number % _PART_UPDATES == 0:
                    break
        state, done = engine.copy_state(trace.after), number
        engine.release(trace)
        if not is_over:
            yield None
    if len(losses) < _LAST_LOSSES or not np.isfinite(losses).all():
        losses = [np.inf]
    ratio, number, layer = longest
    yield FirstUpdates(count, losses[-1], float(np.median(losses)), -number, layer, ratio)


def _with_rate(experiment: Experiment, rate: float) -> Experiment:
    training = experiment.training
    return replace(experiment, training=replace(training, optimizer=replace(training.optimizer, learning_rate=rate)))


def _longest_step(trace: Trace) -> tuple[int, float]:
    """Return the layer whose weights an update changes most, and by which part of their length."""
    weights = zip(trace.before.weights, trace.after.weights, strict=True)
    ratios = np.array([float(np.linalg.norm(new - old)) / _length(old) for old, new in weights])
    ratios[~np.isfinite(ratios)] = np.inf
    layer = int(ratios.argmax())
    return layer, float(ratios[layer])


def _length(weights: Array) -> float:
    return max(float(np.linalg.norm(weights)), xavier_length(weights))


def xavier_length(weights: Array) -> float:
    """Return the usual length of weights (units, inputs) that Xavier's rule has drawn."""
    units, inputs = weights.shape
    return float(np.sqrt(2 * units * inputs / (units + inputs)))
