"""Train all combinations of a sweep, one after another or in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nn_tui.core.run.length import TrainingLength
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.row import SweepRow, train_row


def sweep_rows(
    experiment: Experiment,
    combinations: Sequence[Combination],
    length: TrainingLength | int,
    *,
    weights: Path | None = None,
    jobs: int = 1,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda done: None,
) -> Iterator[SweepRow]:
    """Train combinations, and yield their rows in their order.

    A row has the same bits for any number of processes. A combination that is not valid gives a row with an error.

    Args:
        experiment: The experiment.
        combinations: The combinations.
        length: How long to train each of them; a number means updates.
        weights: A file with weights from which each run starts.
        jobs: The number of processes.
        should_stop: Asked several times a second. If it returns True, the rows that are complete are the last ones.
        progress: Gets the number of combinations that are trained; one that is still in training counts in part.
    """
    length = TrainingLength(length) if isinstance(length, int) else length
    for index, combination in enumerate(combinations):

        def share_done(share: float, index: int = index) -> None:
            progress(index + share)

        row = train_row(experiment, combination, length, weights, should_stop=should_stop, progress=share_done)
        if row is None:
            return
        progress(index + 1)
        yield row
