"""Tests of the processes of a sweep."""

from __future__ import annotations

import multiprocessing

import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.sweep.grid import Setting, combinations
from nn_tui.core.sweep.processes import ProcessEnded, train_in_processes
from nn_tui.core.sweep.row import SweepTask
from nn_tui.core.sweep.rows import sweep_rows

GRID = combinations([Setting("optimizer", ("adam", "sgd")), Setting("units 9", ("1",))], (1, 2)) + combinations(
    [Setting("eta", ("0.5", "0.1"))], (3, 4)
)


def test_the_rows_are_the_same_in_several_processes_and_in_order() -> None:
    experiment, seen = open_experiment("iris"), list[float]()
    alone = list(sweep_rows(experiment, GRID, 40, jobs=1))
    assert [bool(row.error) for row in alone] == [True] * 4 + [False] * 4
    together = list(sweep_rows(experiment, GRID, 40, jobs=2, alone_seconds=0.0, progress=seen.append))
    assert together == alone
    assert seen == sorted(seen) and seen[-1] == len(GRID)
    assert not multiprocessing.active_children()


def test_a_process_that_is_killed_ends_the_sweep() -> None:
    task = SweepTask(open_experiment("xor"), GRID[4:], TrainingLength(20))
    rows = train_in_processes(task, [[0], [1, 2, 3]], 1)
    index, row = next(rows)
    assert (index, row.combination) == (0, GRID[4])
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    with pytest.raises(ProcessEnded):
        list(rows)
