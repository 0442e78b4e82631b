"""What is known of a run before it is trained: its data, its settings and its first weights.

What takes long is computed when a check asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import numpy as np

from nn_tui.core.diagnosis.first_updates import FIRST_UPDATES, FirstUpdates, is_affordable, replay_first_updates
from nn_tui.core.diagnosis.full_batch import MAX_ROWS, MAX_SEARCH_SIZE, MIN_SEARCH_ROWS, FullBatch
from nn_tui.core.diagnosis.linear_fit import LinearFit, fit_linear
from nn_tui.core.diagnosis.neighbours import neighbour_score
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.run.replay import Segment
from nn_tui.core.spec import Array, Experiment

SOLVED_SCORE = 0.95  # accuracy or R² of a run that has solved its problem
STABLE_RATE = 2.0  # η times the curvature; with more, gradient descent on a quadratic diverges


class ReplayNeeded(Exception):
    """A diagnosis needs a replay of the first updates that has not run.

    Args:
        rate: The η of the replay.
        count: The number of its updates.
    """

    def __init__(self, rate: float, count: int) -> None:
        super().__init__(rate, count)
        self.rate, self.count = rate, count


class Facts:
    """What is known of an experiment before it is trained.

    Args:
        segment: A part of a run without edits.

    Attributes:
        engine: Its engine.
        state: The state that it begins with.
        first_pass: The number of its first pass.
    """

    def __init__(self, segment: Segment) -> None:
        self.engine: Engine = segment.engine
        self.state: State = segment.state
        self.first_pass: int = segment.start + 1
        self._first_updates: dict[tuple[float, int], FirstUpdates] = {}  # by η and count
        self._replays: dict[tuple[float, int], Iterator[FirstUpdates | None]] = {}  # those that have begun
        self._may_replay = True

    @property
    def experiment(self) -> Experiment:
        """The experiment."""
        return self.engine.experiment

    @cached_property
    def column_sizes(self) -> Array:
        """The root mean square of each input, (inputs,); 1 if the inputs are standardised."""
        with np.errstate(all="ignore"):
            sizes: Array = np.sqrt(np.square(self.experiment.data.x).mean(axis=0))
        return sizes

    @cached_property
    def target_sizes(self) -> Array:
        """The root mean square of each target, (outputs,)."""
        with np.errstate(all="ignore"):
            sizes: Array = np.sqrt(np.square(self.experiment.data.y).mean(axis=0))
        return sizes

    @cached_property
    def full_batch(self) -> FullBatch:
        """The training set as one batch, for searches: of a large network only a part of the rows."""
        return FullBatch(self.engine, self._search_rows)

    @cached_property
    def start_pass(self) -> tuple[list[Array], list[Array]]:
        """z and a of every layer (rows, units) with the first weights, for the rows of a ``FullBatch``."""
        with np.errstate(all="ignore"):
            z, a, _ = run_forward(self.engine, self.state, FullBatch(self.engine).x)
        return z, a

    @property
    def _search_rows(self) -> int:
        return min(MAX_ROWS, max(MIN_SEARCH_ROWS, MAX_SEARCH_SIZE // self.engine.parameters))

    @cached_property
    def curvature(self) -> float:
        """The largest curvature of the loss at the start, with the mean as reduction.

        It has a batch of its own, because the passes of ``full_batch`` count as the effort of each diagnosis.
        """
        with np.errstate(all="ignore"):
            return FullBatch(self.engine, self._search_rows).curvature(self.state.parameters)

    def first_updates(self, rate: float, count: int = FIRST_UPDATES) -> FirstUpdates | None:
        """Return what the first ``count`` updates do with η, or with a schedule η₀, of ``rate``.

        None for a large network. Like ``curvature`` it has a full batch of its own.
        """
        if (rate, count) not in self._first_updates and is_affordable(self.engine):
            if not self._may_replay:
                raise ReplayNeeded(rate, count)
            while not self.replay_part(rate, count):
                pass
        return self._first_updates.get((rate, count))

    def replay_part(self, rate: float, count: int) -> bool:
        """Run some of the updates that :meth:`first_updates` needs; return whether all of them are done."""
        key = rate, count
        if key not in self._replays:
            full_batch = FullBatch(self.engine, self._search_rows)
            self._replays[key] = replay_first_updates(self.engine, self.state, self.first_pass, rate, count, full_batch)
        found = next(self._replays[key])
        if found is None:
            return False
        self._first_updates[key] = found
        del self._replays[key]
        return True

    @contextmanager
    def without_replays(self) -> Iterator[None]:
        """Raise ``ReplayNeeded`` in the block where a replay would have to run."""
        self._may_replay = False
        try:
            yield
        finally:
            self._may_replay = True

    @cached_property
    def linear_fit(self) -> LinearFit | None:
        """The scores of the best line; None if there is none to be fitted."""
        with np.errstate(all="ignore"):
            return fit_linear(self.experiment.data.x, self.experiment.data.y, self.engine.coding)

    @cached_property
    def best_score(self) -> float | None:
        """The score that the data allow to expect; None if it is unknown."""
        with np.errstate(all="ignore"):
            return neighbour_score(self.experiment.data.x, self.experiment.data.y, self.engine.coding)

    @property
    def is_linear(self) -> bool:
        """Whether no hidden layer bends anything: there is none, or all have the activation identity."""
        return all(activation.name == "identity" for activation in self.engine.activations[:-1])

    @property
    def is_convex(self) -> bool:
        """Whether the network is one layer with a convex loss, so that it has no local minimum."""
        loss, output = self.engine.loss, self.engine.activations[-1].name
        return len(self.engine.activations) == 1 and (loss.acts_on == "z" or output == "identity")

    @property
    def is_sgd_like(self) -> bool:
        """Whether a step is η times the gradient, perhaps with momentum, so that η and the curvature compare."""
        return self.experiment.training.optimizer.name in ("sgd", "momentum", "nesterov")

    @property
    def summed_rows(self) -> int:
        """How many rows a step sums over: those of a batch, or 1 with the mean as reduction."""
        return self.engine.batch if self.experiment.training.reduction == "sum" else 1

    @property
    def momentum(self) -> float:
        """The momentum of the optimiser, 0 if it has none."""
        return self.engine.optimizer.options.get("momentum", 0.0)

    @property
    def step_factor(self) -> float:
        """By how much momentum and a sum over the batch lengthen the steps of an optimiser like SGD."""
        return self.summed_rows / max(1.0 - self.momentum, 1e-3)
