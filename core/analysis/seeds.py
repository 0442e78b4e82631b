"""Train one experiment from many initial weights, and count the starts that get stuck or diverge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.engine.engine import Engine, draw_parameters
from nn_tui.core.engine.stack import StackResult, train_stack
from nn_tui.core.engine.stack_plan import plan_stacks
from nn_tui.core.engine.trace import State
from nn_tui.core.run.evaluation_sample import evaluation_sample
from nn_tui.core.run.metrics import baseline_loss, evaluate
from nn_tui.core.spec import Array, Experiment

STUCK_FRACTION = 0.2  # of the range from the best final loss to the lowest initial loss; above it a start is stuck
BASELINE_FRACTION = 0.95  # of the loss of the mean target as prediction; above it a start is stuck too
STUCK_ACCURACY = 0.1  # a start is stuck too if its accuracy is lower than the best by more than this


@dataclass(frozen=True, slots=True)
class SeedResult:
    """The result of one start. The losses are over the whole training set, without penalty.

    Attributes:
        seed: The seed of the initial weights.
        start_loss: The loss before the first update.
        loss: The loss after the last update; NaN if it is not defined.
        accuracy: The accuracy, 0 to 1; None for regression.
        updates: The number of updates done.
        diverged: Whether a number became NaN or infinite.
        r2: R²; None for classes and where it is not defined.
    """

    seed: int
    start_loss: float
    loss: float
    accuracy: float | None
    updates: int
    diverged: bool
    r2: float | None = None


@dataclass(frozen=True, slots=True)
class SeedsResult:
    """The results of all starts so far, in the order of their seeds.

    Attributes:
        requested: The number of starts that were requested; a cancelled training has fewer results.
        updates: The number of updates of each start.
        results: One result per start.
        baseline: The loss of a network that always predicts the mean of the targets; None if it is not defined.
        stopped_at: The update after which all starts were stopped; None if each of them was trained to its end.
        in_training: The number of starts that are in training side by side.
        passes: The number of updates that all starts together have done, also those that are in training.
    """

    requested: int
    updates: int
    results: tuple[SeedResult, ...] = ()
    baseline: float | None = None
    stopped_at: int | None = None
    in_training: int = 0
    passes: int = 0

    @property
    def finite(self) -> tuple[SeedResult, ...]:
        """The starts that did not diverge."""
        return tuple(result for result in self.results if not result.diverged)

    @property
    def diverged(self) -> tuple[SeedResult, ...]:
        """The starts that diverged."""
        return tuple(result for result in self.results if result.diverged)

    @property
    def threshold(self) -> float:
        """The loss above which a start counts as stuck; NaN if all starts diverged.

        It is STUCK_FRACTION of the way from the best final loss to the lowest initial loss, but at most
        BASELINE_FRACTION of the baseline: a network near the baseline has learned nothing from the inputs.
        """
        if not self.finite:
            return float("nan")
        best = min(result.loss for result in self.finite)
        lowest_start = min(result.start_loss for result in self.finite)
        relative = best + STUCK_FRACTION * max(0.0, lowest_start - best)
        return relative if self.baseline is None else min(relative, BASELINE_FRACTION * self.baseline)

    @property
    def is_capped(self) -> bool:
        """Whether the baseline determines the threshold, and not the best start."""
        return self.baseline is not None and self.threshold == BASELINE_FRACTION * self.baseline

    @property
    def stuck(self) -> tuple[SeedResult, ...]:
        """The starts whose loss is above the threshold or whose accuracy is far below the best; perhaps all."""
        threshold = self.threshold
        best = max((result.accuracy for result in self.finite if result.accuracy is not None), default=0.0)
        return tuple(
            result
            for result in self.finite
            if result.loss > threshold or (result.accuracy is not None and result.accuracy < best - STUCK_ACCURACY)
        )

    def histogram(self, bins: int = 20) -> tuple[Array, NDArray[np.intp]]:
        """Count the final losses of the finite starts.

        Args:
            bins: The number of bins.

        Returns:
            The edges (bins + 1,) and the counts (bins,). The bins are equally wide, in log L if the losses differ by
            more than a factor of 10.
        """
        losses = np.array([result.loss for result in self.finite])
        if not losses.size:
            return np.zeros(bins + 1), np.zeros(bins, dtype=np.intp)
        low, high = float(losses.min()), float(losses.max())
        if low > 0.0 and high > 10.0 * low:
            counts, edges = np.histogram(np.log(losses), bins)
            edges = np.exp(edges)
            # exp(log(x)) is rounded, but no loss may lie outside.
            edges[0], edges[-1] = low, high
        else:
            counts, edges = np.histogram(losses, bins)
        return edges, counts


def train_seeds(
    experiment: Experiment,
    count: int,
    updates: int,
    *,
    first: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[SeedsResult], None] = lambda result: None,
) -> SeedsResult:
    """Train ``count`` starts, with the same data and batch order but the initial weights of different seeds.

    Small networks are trained side by side (:mod:`nn_tui.core.engine.stack`), which gives the same numbers. It changes
    nothing of the caller's, so it may run in a worker thread.

    Args:
        experiment: The experiment.
        count: The number of starts.
        updates: The number of updates of each start.
        first: The first seed; the others follow it.
        should_stop: Called after every update of the starts in training. If it returns True, the training ends. Starts
            that were in training side by side, and are the first, have the results of the updates that they have done;
            others that were in training have no result.
        progress: Called with the results so far after every update of the starts in training.

    Raises:
        InputError: No weight of the experiment is drawn at random.
    """
    require_random_weights(experiment)
    engine = Engine(experiment)
    result = SeedsResult(count, updates, baseline=baseline_loss(engine, experiment.data.y))
    starts = [replace(experiment, init_seed=seed) for seed in range(first, first + count)]
    for group in plan_stacks(starts):
        if should_stop():
            break
        training = replace(result, in_training=len(group))

        def report(passes: int, training: SeedsResult = training) -> None:
            progress(replace(training, passes=training.passes + passes))

        networks = [starts[index] for index in group]
        trained = train_stack(networks, updates, should_stop=should_stop, progress=report)
        stopped_at = min((each.updates for each in trained if not each.diverged), default=updates)
        if stopped_at < updates and (result.results or len(group) == 1 or not stopped_at):
            break
        results = [_result(engine, *pair) for pair in zip(networks, trained, strict=True)]
        result = replace(result, results=(*result.results, *results), passes=result.passes + len(group) * updates)
        if stopped_at < updates:
            return replace(result, stopped_at=stopped_at)
        progress(result)
    return result


def _result(engine: Engine, start: Experiment, trained: StackResult) -> SeedResult:
    """Return the result of one start; ``engine`` is that of any of them, which differ in nothing but their weights."""
    data, state = start.data, State(np.zeros((1, engine.parameters)), engine.sizes)
    draw_parameters(start, state)
    first = evaluate(engine, state, *evaluation_sample(data.x, data.y))
    metrics = evaluate(engine, trained.state, data.x, data.y)
    loss = float("nan") if metrics is None else metrics.loss
    return SeedResult(
        seed=start.init_seed,
        start_loss=float("nan") if first is None else first.loss,
        loss=loss,
        accuracy=None if metrics is None else metrics.accuracy,
        updates=trained.updates,
        diverged=trained.diverged or not np.isfinite(loss),
        r2=None if metrics is None else metrics.r2,
    )
