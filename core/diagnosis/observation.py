"""What the checks look at: the state of a run with the figures that led there.

What takes long is computed when a check asks for it, and the checks ask only where a run does not learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.diagnosis.facts import SOLVED_SCORE, STABLE_RATE, Facts
from nn_tui.core.diagnosis.full_batch import FullBatch, LineSearch
from nn_tui.core.diagnosis.linear_fit import r_squared
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import PassArrays
from nn_tui.core.nn.losses import scale
from nn_tui.core.run.curves import Evaluation, is_since
from nn_tui.core.run.metrics import baseline_loss, run_forward
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.core.translation import Message, message, message_plural

FLAT_UPDATES, FLAT_FALL = 100, 0.01  # flat: the loss falls by less than 1 % in the last fifth, at least 100 updates
SLOW_FALL = 0.05  # slow: the loss still falls, but by less than this part in the same updates
MIN_FLAT_UPDATES = 200  # since the start or the last edit; before it is too early to tell
PLATEAU_UPDATES = 1000  # without progress; networks that learn XOR often stay as long near the loss of the mean
CEILING_MARGIN = 0.02  # below the score of the nearest neighbour, which is an estimate


@dataclass(frozen=True, eq=False)
class Observation:
    """The numbers that the checks use.

    Attributes:
        facts: What is known before the training.
        trace: The pass on screen.
        state: The parameters on screen.
        evaluations: The evaluations since the last edit.
        updates_since_edit: The number of updates since the last edit.
        period: After how many updates the run repeats itself exactly; None if it does not.
    """

    facts: Facts
    trace: Trace
    state: State
    evaluations: list[Evaluation]
    updates_since_edit: int
    period: int | None = None

    @property
    def engine(self) -> Engine:
        """The engine of the pass."""
        return self.facts.engine

    @cached_property
    def full_batch(self) -> FullBatch:
        """The training set with the numbers of a forward pass at the state."""
        batch = FullBatch(self.engine)
        batch.loss(self.state.parameters)
        return batch

    @property
    def y(self) -> Array:
        """The targets (rows, outputs)."""
        return self.full_batch.y

    @property
    def z(self) -> list[Array]:
        """z of every layer (rows, units)."""
        return self.full_batch.arrays.z

    @property
    def a(self) -> list[Array]:
        """a of every layer (rows, units)."""
        return self.full_batch.arrays.a

    @cached_property
    def prediction(self) -> Array:
        """The predictions (rows, outputs)."""
        return self.engine.loss.prediction(self.z[-1], self.a[-1])

    @cached_property
    def _backward_pass(self) -> tuple[PassArrays, Array]:
        batch = FullBatch(self.engine)
        gradient = batch.gradient(self.state.parameters)[1]
        return batch.arrays, gradient

    @property
    def backward(self) -> PassArrays:
        """The numbers of a backward pass over the training set at the state."""
        return self._backward_pass[0]

    @property
    def gradient(self) -> Array:
        """The gradient (parameters,) of the loss of the training set, 0 for frozen parameters."""
        return self._backward_pass[1]

    @cached_property
    def loss(self) -> float:
        """The loss of the training set, with the mean as reduction and with the penalty."""
        return self.facts.full_batch.loss(self.state.parameters)

    @cached_property
    def baseline(self) -> float | None:
        """The data loss of always predicting the mean of the targets, as the training reduces it; None if undefined."""
        return baseline_loss(self.engine, self.y)

    @cached_property
    def relative_loss(self) -> float | None:
        """The data loss divided by the baseline; None if not defined."""
        if self.baseline is None:
            return None
        training = self.engine.experiment.training
        terms = self.engine.loss.terms(self.z[-1], self.a[-1], self.y)
        return float(terms.sum()) * scale(self.engine.loss, training.reduction, *self.y.shape) / self.baseline

    @cached_property
    def count_wrong(self) -> int:
        """How many of the rows are classified wrongly; 0 for numbers."""
        return int(wrong_rows(self.prediction, self.y, self.engine.coding).sum())

    @cached_property
    def score(self) -> float:
        """Accuracy for classes, R² for numbers, on the training rows; NaN if not defined."""
        if self.engine.coding == "numbers":
            return r_squared(self.prediction, self.y)
        return 1.0 - self.count_wrong / len(self.y)

    @cached_property
    def is_solved(self) -> bool:
        """Whether the score is at least ``SOLVED_SCORE`` on the test rows, or without any on the training rows.

        For classes it must also be above the share of the commonest class. A single row is solved if its loss is
        small beside that of the prediction 0.
        """
        data = self.engine.experiment.data
        y, prediction = self.y, self.prediction
        if len(data.x_test):
            y, prediction = data.y_test, run_forward(self.engine, self.state, data.x_test)[2]
        return _is_solved(prediction, y, self.engine)

    @cached_property
    def is_as_good_as_possible(self) -> bool:
        """Whether the score is what the nearest neighbour allows to expect, so that the rest is noise in the data."""
        best = self.facts.best_score
        if best is None or self.score < best - CEILING_MARGIN:
            return False
        if self.engine.coding == "numbers":
            return best > 0.5  # of rows that are far apart the nearest neighbour says nothing
        return self.score > commonest_share(self.y) + CEILING_MARGIN

    @property
    def window(self) -> int:
        """The number of the last updates in which the loss must fall; they have three evaluations at least."""
        updates = [evaluation.update for evaluation in self.evaluations[-3:]]
        span = updates[-1] - updates[0] if len(updates) == 3 else 0
        return max(FLAT_UPDATES, self.updates_since_edit // 5, span)

    @cached_property
    def recent_fall(self) -> float | None:
        """By which part the training loss has fallen in the window; None if it is too early to tell."""
        return None if self.updates_since_edit < MIN_FLAT_UPDATES else self._fall_in(self.window)

    @property
    def is_flat(self) -> bool:
        """Whether the loss has hardly fallen for many updates."""
        return self.recent_fall is not None and self.recent_fall < FLAT_FALL

    @property
    def is_stuck(self) -> bool:
        """Whether the loss hardly falls, although the data allow a better score."""
        return self.recent_fall is not None and self.recent_fall < SLOW_FALL and not self.is_as_good_as_possible

    @cached_property
    def is_long_flat(self) -> bool:
        """Whether the loss has hardly fallen for ``PLATEAU_UPDATES`` updates."""
        if self.updates_since_edit < PLATEAU_UPDATES + FLAT_UPDATES:
            return False
        fall = self._fall_in(max(PLATEAU_UPDATES, self.window))
        return fall is not None and fall < FLAT_FALL

    def _fall_in(self, window: int) -> float | None:
        """Return the relative fall from the mean of the first third of the last updates to that of the last third."""
        if not self.evaluations:
            return None
        last = self.evaluations[-1].update
        losses = np.array([e.train_loss for e in self.evaluations if e.update >= last - window])
        third = len(losses) // 3
        if not third:
            return None
        then, now = float(losses[:third].mean()), float(losses[-third:].mean())
        return (then - now) / then if np.isfinite(now) and then > 0.0 else None

    @cached_property
    def search(self) -> LineSearch:
        """Which multiple of a step of the whole set lowers the loss most; a step of SGD, or one of Adam's length."""
        rate = self.trace.learning_rate
        if self.facts.is_sgd_like:
            step = -rate * self.facts.step_factor * self.gradient
        else:  # each number moves by about η; with Adagrad by less and less
            if self.facts.experiment.training.optimizer.name == "adagrad":
                rate = float(np.abs(self.trace.after.parameters - self.trace.before.parameters).mean())
            step = -rate * np.sign(self.gradient)
        return self.facts.full_batch.search(self.state.parameters, step)

    @cached_property
    def reachable_fall(self) -> float:
        """By which part of it the loss can fall nearby; about 0 at a minimum."""
        return 1.0 - self.facts.full_batch.lowest_nearby(self.state.parameters) / self.loss

    @cached_property
    def step_curvature(self) -> float:
        """η times the curvature of the loss here: with 2 the steps are as long as they may be."""
        rate = self.trace.learning_rate * self.facts.step_factor
        return rate * self.facts.full_batch.curvature(self.state.parameters)

    @cached_property
    def eta_room(self) -> float:
        """By which factor η may grow before the steps are too long."""
        if self.facts.is_sgd_like:
            return STABLE_RATE / max(self.step_curvature, 1e-300)
        return self.search.factor

    @property
    def rows_text(self) -> Message:
        """A noun phrase for the rows; of a large training set they are only a part."""
        if len(self.y) == self.engine.rows:
            return message_plural("the only training row", "all {count} training rows", len(self.y))
        return message("all {rows} training rows that were checked", rows=len(self.y))


def commonest_share(y: Array) -> float:
    """Return which part of the rows (n, outputs) has the commonest targets."""
    return float(np.unique(y, axis=0, return_counts=True)[1].max() / len(y))


def _is_solved(prediction: Array, y: Array, engine: Engine) -> bool:
    if engine.coding != "numbers":
        accuracy = 1.0 - float(wrong_rows(prediction, y, engine.coding).mean())
        single = len(y) == 1 and accuracy == 1.0
        return accuracy >= SOLVED_SCORE and (single or accuracy > commonest_share(y))
    if len(y) == 1:
        return float(np.square(prediction - y).sum()) <= (1.0 - SOLVED_SCORE) * float(np.square(y).sum())
    return r_squared(prediction, y) >= SOLVED_SCORE


def observe(run: Run, trace: Trace, updates_done: int, facts: Facts, period: int | None = None) -> Observation:
    """Return what the checks look at; arguments as for :func:`~nn_tui.core.diagnosis.diagnose.diagnose`."""
    start = run.segment(trace.update - 1).start
    evaluations = [
        evaluation
        for evaluation in list(run.evaluations)
        if is_since(evaluation.update, start) and evaluation.update <= updates_done
    ]
    state = trace.after if updates_done >= trace.update else trace.before
    return Observation(facts, trace, state, evaluations, updates_done - start, period)


def observe_start(facts: Facts, trace: Trace) -> Observation:
    """Return what the checks look at before the first update; ``trace`` is any pass of the segment."""
    return Observation(facts, trace, facts.state, [], 0)
