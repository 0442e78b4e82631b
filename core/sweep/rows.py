"""Train all combinations of a sweep, one after another or in several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from math import ceil
from pathlib import Path
from time import perf_counter

from nn_tui.core.errors import InputError
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.block import side_by_side_limit, train_block
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.processes import ProcessEnded, train_in_processes
from nn_tui.core.sweep.row import SweepRow, SweepTask, start_of

ALONE_SECONDS = 1.0  # about the time that other processes take to start


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
    with closing(_train(task, jobs, alone_seconds, should_stop, progress)) as results:
        yield from _in_order(results)


def _train(
    task: SweepTask,
    jobs: int,
    alone_seconds: float,
    should_stop: Callable[[], bool],
    progress: Callable[[float], None],
) -> Generator[tuple[int, SweepRow], None, None]:
    """Train combinations, first in this process and then in others; yield the rows with their indexes as they come."""
    start, done, count = perf_counter(), 0, len(task.combinations)
    missing, size = dict.fromkeys(range(count)), _block_size(task, jobs)

    def should_stop_alone() -> bool:
        takes_long = jobs > 1 and len(missing) > 1 and perf_counter() - start >= alone_seconds
        return takes_long or should_stop()

    def report(more: float) -> None:
        progress(done + more)

    for block in _blocks(range(count), size):
        if should_stop_alone():
            break
        for index, row in train_block(task, block, should_stop=should_stop_alone, progress=report):
            del missing[index]
            yield index, row
        done = count - len(missing)
        report(0.0)
    if missing and not should_stop():
        blocks = _blocks(list(missing), size)
        yield from train_in_processes(task, blocks, jobs, should_stop=should_stop, progress=report)


def _block_size(task: SweepTask, jobs: int) -> int:
    """Return how many combinations to give to a process at once: several if they can be trained side by side."""
    for combination in task.combinations:
        with suppress(InputError):
            run = start_of(task.experiment, combination, task.weights)
            return min(side_by_side_limit(run), ceil(len(task.combinations) / jobs))
    return 1


def _blocks(indexes: Sequence[int], size: int) -> list[Sequence[int]]:
    return [indexes[start : start + size] for start in range(0, len(indexes), size)]


def _in_order(results: Iterable[tuple[int, SweepRow]]) -> Iterator[SweepRow]:
    """Yield rows in the order of their indexes, as soon as those before them are there; at the end also the others."""
    waiting, position, problem = dict[int, SweepRow](), 0, None
    try:
        for index, row in results:
            waiting[index] = row
            while position in waiting:
                yield waiting.pop(position)
                position += 1
    except ProcessEnded as error:
        problem = error
    yield from (waiting[index] for index in sorted(waiting))
    if problem is not None:
        raise problem
