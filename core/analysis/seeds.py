"""Comparing runs: the same start with one thing changed, and many starts of one experiment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.edits.common import Change
from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.engine.engine import Engine
from nn_tui.core.run.metrics import baseline_loss, evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment

STUCK_SHARE = 0.2  # a run whose loss has kept more than this share of the way down to the best is stuck
LEARNT = 0.95  # as is one that has not come below this part of the loss of always answering the mean of the targets
STUCK_ACCURACY = 0.1  # as is one whose accuracy is lower than the best by more than this


def variant(run: Run, change: Change) -> Run:
    """A run from the same start as ``run`` with one ``change``, at update 0; its last label names it.

    Initial weights, data and batch order are the same unless the change is about them. Edits made later in
    ``run`` are left out. Raises InputError when the change does not fit.
    """
    return change(run, 0)


@dataclass(frozen=True, slots=True)
class SeedResult:
    """One trained start: figures over the whole training set (penalty left out), accuracy 0..1 or None."""

    seed: int
    start_loss: float
    loss: float
    accuracy: float | None
    updates: int
    diverged: bool


@dataclass(frozen=True, slots=True)
class SeedsResult:
    """What became of the starts trained so far, in the order of their seeds; fewer than asked if cancelled.

    ``constant`` is the loss of always answering the mean of the targets; None where it is not defined.
    """

    asked: int
    updates: int
    results: tuple[SeedResult, ...] = ()
    constant: float | None = None

    @property
    def finite(self) -> tuple[SeedResult, ...]:
        """The starts that did not diverge."""
        return tuple(each for each in self.results if not each.diverged)

    @property
    def diverged(self) -> tuple[SeedResult, ...]:
        """The starts that did."""
        return tuple(each for each in self.results if each.diverged)

    @property
    def threshold(self) -> float:
        """The loss above which a start counts as stuck: a fifth of the way from the best end to the least start.

        It is at most ``LEARNT`` of that of the mean of the targets: who is there has learnt nothing of the inputs.
        """
        if not self.finite:
            return float("nan")
        best = min(each.loss for each in self.finite)
        relative = best + STUCK_SHARE * max(0.0, min(each.start_loss for each in self.finite) - best)
        return relative if self.constant is None else min(relative, LEARNT * self.constant)

    @property
    def is_capped(self) -> bool:
        """Whether the threshold is that of the mean of the targets, not relative to the best start."""
        return self.constant is not None and self.threshold == LEARNT * self.constant

    @property
    def stuck(self) -> tuple[SeedResult, ...]:
        """The starts that ended far above the best one, or where always answering the mean does: perhaps all."""
        threshold = self.threshold
        best = max((each.accuracy for each in self.finite if each.accuracy is not None), default=0.0)
        return tuple(
            each
            for each in self.finite
            if each.loss > threshold or (each.accuracy is not None and each.accuracy < best - STUCK_ACCURACY)
        )

    def histogram(self, bins: int = 20) -> tuple[Array, NDArray[np.intp]]:
        """Edges (bins + 1,) and counts (bins,) of the finite end losses; even steps, of log L where they spread."""
        losses = np.array([each.loss for each in self.finite])
        if not losses.size:
            return np.zeros(bins + 1), np.zeros(bins, dtype=np.intp)
        low, high = float(losses.min()), float(losses.max())
        if low > 0.0 and high > 10.0 * low:
            counts, edges = np.histogram(np.log(losses), bins)
            edges = np.exp(edges)
            # exp and log leave the ends a rounding off, and no loss lies outside.
            edges[0], edges[-1] = low, high
        else:
            counts, edges = np.histogram(losses, bins)
        return edges, counts


def many_seeds(
    experiment: Experiment,
    count: int,
    updates: int,
    *,
    first: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[SeedsResult], None] = lambda result: None,
) -> SeedsResult:
    """Train ``count`` starts, with the weights of seeds ``first``, ``first`` + 1, …, ``updates`` updates each.

    Data and batch order stay the same. ``should_stop`` is asked after every update and leaves out the start
    it interrupts; ``progress`` gets what there is after each start. Touches nothing but its own runs, so it
    may run in a worker thread. Raises InputError when no weight is drawn at random.
    """
    require_random_weights(experiment)
    result = SeedsResult(count, updates, constant=baseline_loss(Engine(experiment), experiment.data.y))
    for seed in range(first, first + count):
        if should_stop():
            break
        run = Run.start(replace(experiment, init_seed=seed))
        run.train(updates, should_stop=should_stop)
        if run.position < updates and run.divergence is None:
            break
        result = replace(result, results=(*result.results, _result(run, seed)))
        progress(result)
    return result


def _result(run: Run, seed: int) -> SeedResult:
    data = run.experiment.data
    found = evaluate(run.engine, run.state, data.x, data.y)
    loss = float("nan") if found is None else found.loss
    return SeedResult(
        seed=seed,
        start_loss=next(iter(run.evaluations)).train_loss,
        loss=loss,
        accuracy=None if found is None else found.accuracy,
        updates=run.position,
        diverged=run.divergence is not None or not np.isfinite(loss),
    )
