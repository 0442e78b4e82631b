"""Try a remedy: run the change beside the run, from the start or the last edit, and compare both after some updates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from nn_tui.core.data.features import standardize
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.data.units import has_standardized_targets, to_raw_units
from nn_tui.core.diagnosis.diagnose import diagnose_position
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.linear_fit import r_squared
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.nn.losses import scale
from nn_tui.core.run.change import Change
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Dataset

TRIAL_UPDATES, MAX_TRIAL_UPDATES = 300, 20_000
_CLEAR_DIFFERENCE = 0.01  # of the loss; less is no difference


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """How good one of the two runs is after the trial.

    Attributes:
        loss: Its loss, by the loss function and in the units of the run without the change; infinite if the run has
            diverged.
        score: Its accuracy or R²; NaN if not defined.
    """

    loss: float
    score: float


@dataclass(frozen=True, slots=True)
class BestFigures:
    """How good the run without the change was where its test loss was lowest.

    Attributes:
        update: The update.
        figures: Its figures there.
    """

    update: int
    figures: TrialFigures


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A remedy beside the run that it is for.

    Attributes:
        finding: The finding that it is for.
        change: The change, as a person types it.
        run: The run with the change.
        updates: The update after which both are compared.
        without: The figures of the run without the change.
        with_change: The figures of the run with it.
        is_removed: Whether the run with the change is finite and no longer has the finding.
        on_test: Whether the figures are those of the test rows.
        best: The lowest test loss of the run without the change, if the figures are those of the test rows and it was
            clearly lower than at the end: who stops the training there needs no change.
    """

    finding: Finding
    change: str
    run: Run
    updates: int
    without: TrialFigures
    with_change: TrialFigures
    is_removed: bool
    on_test: bool
    best: BestFigures | None = None

    @property
    def trained(self) -> int:
        """How many updates both runs trained."""
        return self.updates - self.run.segments[-1].start

    @property
    def is_better(self) -> bool:
        """Whether the loss with the change is clearly lower, also than the lowest of the run without it."""
        return self.is_lower and not self.was_better_before

    @property
    def is_lower(self) -> bool:
        """Whether the loss with the change is clearly lower at the end."""
        return self.with_change.loss < (1.0 - _CLEAR_DIFFERENCE) * self.without.loss

    @property
    def was_better_before(self) -> bool:
        """Whether the run without the change had a test loss that the change does not clearly lower."""
        return self.best is not None and not (
            self.with_change.loss < (1.0 - _CLEAR_DIFFERENCE) * self.best.figures.loss
        )

    @property
    def is_worse(self) -> bool:
        """Whether the loss with the change is clearly higher."""
        return not self.with_change.loss <= (1.0 + _CLEAR_DIFFERENCE) * self.without.loss

    @property
    def helps(self) -> bool:
        """Whether the change lowers the loss at the end or removes the finding."""
        return self.is_lower or self.is_removed


def trial_updates(run: Run, updates_done: int) -> tuple[int, int]:
    """Return after which update a remedy takes effect, and after which one both runs are compared."""
    start = run.segment(max(0, updates_done - 1)).start
    end = max(updates_done, start + TRIAL_UPDATES)
    return start, min(end, start + MAX_TRIAL_UPDATES)


@dataclass(frozen=True, slots=True, eq=False)
class TrialRuns:
    """The two runs of a trial at their start; they share nothing with the run that has the finding.

    Attributes:
        finding: The finding.
        change: The change that is tried.
        plain: A copy of the run.
        changed: The run with the change.
        end: The update after which both are compared.
    """

    finding: Finding
    change: str
    plain: Run
    changed: Run
    end: int


def trial_runs(run: Run, finding: Finding, change: str, updates_done: int) -> TrialRuns:
    """Return the two runs of a trial. No thread may be training ``run``, which stays as it is.

    Args:
        run: The run that has the finding.
        finding: The finding.
        change: One of its remedies.
        updates_done: The number of updates done; both runs get at least as far, and at least ``TRIAL_UPDATES``.

    Raises:
        InputError: The change does not fit the run.
    """
    start, end = trial_updates(run, updates_done)
    changed = apply_edit(change, run, start)
    plain = run.edited(start, run.segment(start).experiment, Change("start"))
    return TrialRuns(finding, change, plain, changed, end)


def compare_runs(runs: TrialRuns, should_stop: Callable[[], bool] = lambda: False) -> Trial | None:
    """Train the two runs of a trial and compare them; this may be done in a worker thread.

    Args:
        runs: The two runs.
        should_stop: Asked after every update; True ends the trial.

    Returns:
        The trial; None if it was stopped.
    """
    plain, changed, finding = runs.plain, runs.changed, runs.finding
    for one in (changed, plain):
        one.train(runs.end - one.position, should_stop=should_stop)
        if should_stop():
            return None
    on_test = finding.kind == "overfitting" and len(plain.experiment.data.x_test) > 0
    without = _figures(plain.engine, plain, on_test)
    return Trial(
        finding,
        runs.change,
        changed,
        runs.end,
        without,
        _figures(plain.engine, changed, on_test),
        changed.divergence is None and finding.kind not in [other.kind for other in diagnose_position(changed)],
        on_test,
        _best_figures(plain, without) if on_test else None,
    )


def _best_figures(run: Run, end: TrialFigures) -> BestFigures | None:
    """Return the figures where the test loss of a run was lowest; None if it was not clearly higher at the end."""
    start = run.segments[-1].start
    losses = [
        (each.test_loss, each.update)
        for each in run.evaluations
        if each.test_loss is not None and isfinite(each.test_loss) and start <= each.update < run.position
    ]
    if not losses or run.divergence is not None:
        return None
    update = min(losses)[1]
    best = BestFigures(update, _figures(run.engine, run, True, run.state_after(update)))
    return best if best.figures.loss < (1.0 - _CLEAR_DIFFERENCE) * end.loss else None


def try_remedy(run: Run, finding: Finding, change: str, updates_done: int) -> Trial:
    """Train a run with a change beside the run without it, and compare them; see :func:`trial_runs`."""
    trial = compare_runs(trial_runs(run, finding, change, updates_done))
    assert trial is not None
    return trial


def _figures(engine: Engine, run: Run, on_test: bool, state: State | None = None) -> TrialFigures:
    """Return the figures of a run, or of another state of it, by the loss of ``engine``, with the mean as reduction."""
    if run.divergence is not None:
        return TrialFigures(float("inf"), float("nan"))
    data = run.experiment.data
    x, y = (data.x_test, data.y_test) if on_test else (data.x, data.y)
    z, a, prediction = run_forward(run.engine, run.state if state is None else state, x)
    if has_standardized_targets(data) != has_standardized_targets(engine.experiment.data):
        # Such targets are numbers, whose losses act on a.
        y, a[-1] = (_in_units_of(engine.experiment.data, to_raw_units(data, values)) for values in (y, a[-1]))
        prediction = a[-1]
    with np.errstate(all="ignore"):
        loss = float(engine.loss.terms(z[-1], a[-1], y).sum()) * scale(engine.loss, "mean", *y.shape)
        if engine.coding == "numbers":
            return TrialFigures(loss, r_squared(prediction, y))
    return TrialFigures(loss, 1.0 - float(wrong_rows(prediction, y, engine.coding).mean()))


def _in_units_of(data: Dataset, values: Array) -> Array:
    """Return targets or predictions (n, outputs), given in the units of the data, in those of its network."""
    return standardize(values, data.y_mean, data.y_scale)
