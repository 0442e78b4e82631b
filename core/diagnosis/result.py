"""The result of a training: how good the network is where the run is now, and what is wrong with the run."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.diagnosis.diagnose import diagnose_position
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.run.metrics import Metrics, evaluate
from nn_tui.core.run.run import Run


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The result of a training.

    Attributes:
        updates: The number of updates done.
        train: The metrics over the whole training set; None without rows.
        test: The metrics over the whole test set; None without rows.
        diverged: Whether training stopped at a number that is not finite.
        findings: What is wrong with the run.
    """

    updates: int
    train: Metrics | None
    test: Metrics | None
    diverged: bool
    findings: tuple[Finding, ...]


def training_result(run: Run) -> TrainingResult:
    """Return the result of a run where it is now; no thread may be training it."""
    data = run.experiment.data
    return TrainingResult(
        updates=run.position,
        train=evaluate(run.engine, run.state, data.x, data.y),
        test=evaluate(run.engine, run.state, data.x_test, data.y_test),
        diverged=run.divergence is not None,
        findings=diagnose_position(run),
    )
