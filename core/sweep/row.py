"""One row of a sweep: a combination, and the result of its training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.result import training_result
from nn_tui.core.edits.at_start import start_with
from nn_tui.core.preset.from_network import with_seed
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.weights.start import start_with_weights


@dataclass(frozen=True, slots=True)
class SweepRow:
    """The result of one combination. The losses are over the whole sets, without penalty.

    Attributes:
        combination: The settings and the seed.
        seed: The seed of the run, also if the combination has none.
        updates: The number of updates done; fewer than asked for if the training diverged.
        train_loss: The loss over the training set; None without rows.
        test_loss: The loss over the test set; None without rows.
        train_accuracy: The accuracy on the training set, 0 to 1; None for regression.
        test_accuracy: The accuracy on the test set.
        diverged: Whether training stopped at a number that is not finite.
        findings: What is wrong with the run.
        error: Why the combination is not valid, so that it was not trained; "" if it was.
    """

    combination: Combination
    seed: int
    updates: int = 0
    train_loss: float | None = None
    test_loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    diverged: bool = False
    findings: tuple[Finding, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class SweepTask:
    """What a sweep trains.

    Attributes:
        experiment: The experiment.
        combinations: The combinations of settings and seeds.
        length: How long each of them is trained.
        weights: A file with weights from which each run starts.
    """

    experiment: Experiment
    combinations: tuple[Combination, ...]
    length: TrainingLength
    weights: Path | None = None

    def seed_of(self, index: int) -> int:
        """Return the seed of the run of a combination, from 0."""
        seed = self.combinations[index].seed
        return self.experiment.seed if seed is None else seed


def start_of(experiment: Experiment, combination: Combination, weights: Path | None = None) -> Run:
    """Return a run at its start, with the seed and the settings of a combination.

    Args:
        experiment: The experiment.
        combination: Its seed replaces that of the experiment; then its settings take effect, in their order.
        weights: A file with weights from which the run starts.

    Raises:
        InputError: For a setting that does not fit the run, or a file that does not fit the network.
    """
    if combination.seed is not None:
        experiment = with_seed(experiment, combination.seed)
    if weights is not None:
        return start_with_weights(experiment, weights, combination.changes)[0]
    return start_with(Run.start(experiment), combination.changes)


def row_of(run: Run, combination: Combination, seed: int) -> SweepRow:
    """Return the row of a run that has been trained."""
    result = training_result(run)
    row = SweepRow(combination, seed, result.updates, diverged=result.diverged, findings=result.findings)
    if result.train is not None:
        row = replace(row, train_loss=result.train.loss, train_accuracy=result.train.accuracy)
    if result.test is not None:
        row = replace(row, test_loss=result.test.loss, test_accuracy=result.test.accuracy)
    return row
