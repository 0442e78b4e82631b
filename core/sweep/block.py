"""Train a block of combinations in this process, side by side where that is faster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from nn_tui.core.engine.stack_plan import plan_stacks, stack_limit
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.run.train_runs import train_runs
from nn_tui.core.sweep.row import SweepRow, SweepTask, row_of, start_of

MAX_TOGETHER = 16
_CHUNK_SECONDS = 0.1  # between two questions whether to stop, and between two calls of progress


def side_by_side_limit(run: Run) -> int:
    """Return how many runs like this one to train side by side; 1 if that would not be faster.

    More than MAX_TOGETHER gain nothing, because each run is evaluated alone, and their rows would come later.
    With a test set, :func:`~nn_tui.core.run.train_runs.train_runs` trains one after another.
    """
    return 1 if len(run.experiment.data.x_test) else min(MAX_TOGETHER, stack_limit(run.experiment))


def train_block(
    task: SweepTask,
    indexes: Sequence[int],
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda done: None,
) -> Iterator[tuple[int, SweepRow]]:
    """Train some combinations, and yield each row with its index when it is complete.

    Networks that can be trained side by side with the same bits are; their rows are complete at the same time.

    Args:
        task: The sweep.
        indexes: The combinations, from 0.
        should_stop: Asked several times a second; if it returns True, the rows that are complete are the last ones.
        progress: Gets the number of these combinations that are trained; one that is still in training counts in part.
    """
    done, small = 0, dict[int, Run]()

    def report(more: float) -> None:
        progress(done + more)

    def row(index: int, run: Run) -> tuple[int, SweepRow]:
        return index, row_of(run, task.combinations[index], task.seed_of(index))

    for index in indexes:
        try:
            run = start_of(task.experiment, task.combinations[index], task.weights)
            updates = task.length.updates_of(run)
        except InputError as error:
            yield index, SweepRow(task.combinations[index], task.seed_of(index), error=str(error))
        else:
            if side_by_side_limit(run) > 1:
                small[index] = run
                continue
            if not _train_alone(run, updates, should_stop, report):  # large runs are not collected
                return
            yield row(index, run)
        done += 1
    small_indexes = list(small)
    for group in plan_stacks([run.experiment for run in small.values()]):
        runs = {index: small.pop(index) for index in (small_indexes[position] for position in group)}
        updates = task.length.updates_of(next(iter(runs.values())))  # the same for all: they have the same batches
        for index, run in _train_group(runs, updates, should_stop, report):
            yield row(index, run)
        done += len(group)
        report(0.0)
        if should_stop():
            return


def _train_group(
    runs: dict[int, Run], updates: int, should_stop: Callable[[], bool], report: Callable[[float], None]
) -> Iterator[tuple[int, Run]]:
    """Train runs side by side, and yield those that are complete, with their indexes."""
    if len(runs) == 1:
        ((index, run),) = runs.items()
        if _train_alone(run, updates, should_stop, report):
            yield index, run
        return
    next_at, is_stopped = perf_counter() + _CHUNK_SECONDS, False

    def follow(done: int) -> None:
        nonlocal next_at, is_stopped
        if perf_counter() >= next_at:
            report(done / updates)
            is_stopped = should_stop()
            next_at = perf_counter() + _CHUNK_SECONDS

    trained = train_runs(list(runs.values()), updates, should_stop=lambda: is_stopped, progress=follow)
    for index, run in zip(runs, trained, strict=True):
        if run.position == updates or run.divergence is not None:
            yield index, run


def _train_alone(run: Run, updates: int, should_stop: Callable[[], bool], report: Callable[[float], None]) -> bool:
    """Train a run; return False if the training was stopped."""
    chunk = 1
    while run.position < updates and not run.divergence:
        if should_stop():
            return False
        started = perf_counter()
        run.train(min(chunk, updates - run.position))
        elapsed = perf_counter() - started
        chunk = max(1, min(4 * chunk, int(chunk * _CHUNK_SECONDS / max(elapsed, 1e-9))))
        report(run.position / updates)
    return True
