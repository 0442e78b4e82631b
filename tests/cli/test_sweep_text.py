"""Tests of the lines below the table of `nn-tui sweep`."""

from __future__ import annotations

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Combination, parse_setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.tui.cli.sweep_text import summary_lines


def row(eta: str, seed: int, loss: float) -> SweepRow:
    return SweepRow(Combination((("eta", eta),), seed), seed, updates=1, train_loss=loss)


def test_means_over_different_numbers_of_seeds_are_not_compared() -> None:
    rows = [row("0.3", 0, 0.2), row("0.3", 1, 0.4), row("0.1", 0, 0.1), row("0.1", 1, 0.3)]
    settings, start = [parse_setting("eta = 0.3, 0.1")], Run.start(open_experiment("xor"))
    assert summary_lines(rows, settings, start, 80)[-1] == "The lowest mean train loss is 0.2: --set 'eta = 0.1'"
    stopped = summary_lines(rows[:3], settings, start, 80)
    assert stopped[-1] == "No mean is called the lowest one, because the numbers of seeds differ."
