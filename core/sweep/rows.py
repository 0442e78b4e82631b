"""Train all combinations of a sweep, one after another or in several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from time import perf_counter

from nn_tui.core.run.length import TrainingLength
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.processes import train_in_processes
from nn_tui.core.sweep.row import SweepRow, SweepTask, train_row

ALONE_SECONDS = 0.5  # about the time that other processes take to start


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on Windows and macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sweep_rows(
    experiment: Experiment,
    combinations: Sequence[Combination],
    length: TrainingLength | int,
    *,
    weights: Path | None = None,
    jobs: int | None = None,
    alone_seconds: float = ALONE_SECONDS,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda done: None,
) -> Generator[SweepRow, None, None]:
    """Train combinations, and yield their rows in their order.

    A row has the same bits for any number of processes. A combination that is not valid gives a row with an error.

    Args:
        experiment: The experiment.
        combinations: The combinations.
        length: How long to train each of them; a number means updates.
        weights: A file with weights from which each run starts.
        jobs: The number of processes; None for one on each processor.
        alone_seconds: The time after which other processes are started, so that a short sweep does not wait for them.
        should_stop: Asked several times a second. If it returns True, the rows that are complete are the last ones.
        progress: Gets the number of combinations that are trained; one that is still in training counts in part.

    Raises:
        ProcessEnded: One of the processes was ended from outside; it comes after the rows that are complete.
    """
    length = TrainingLength(length) if isinstance(length, int) else length
    task = SweepTask(experiment, tuple(combinations), length, weights)
    jobs = default_jobs() if jobs is None else jobs
    start, done, count = perf_counter(), 0, len(combinations)

    def should_stop_alone() -> bool:
        takes_long = jobs > 1 and count - done > 1 and perf_counter() - start >= alone_seconds
        return takes_long or should_stop()

    def report(share: float) -> None:
        progress(done + share)

    while done < count and not should_stop_alone():
        row = train_row(task, done, should_stop=should_stop_alone, progress=report)
        if row is None:
            break
        done += 1
        progress(done)
        yield row
    if done < count and not should_stop():
        yield from train_in_processes(task, range(done, count), jobs, should_stop=should_stop, progress=report)
