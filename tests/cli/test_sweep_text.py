"""Tests of the lines of the table of `nn-tui sweep`, and of those below it."""

from __future__ import annotations

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Combination, parse_setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.tui.cli.sweep_table import header_line, sweep_columns
from nn_tui.tui.cli.sweep_text import summary_lines


def row(eta: str, seed: int, loss: float) -> SweepRow:
    return SweepRow(Combination((("eta", eta),), seed), seed, updates=1, train_loss=loss)


def test_means_over_different_numbers_of_seeds_are_not_compared() -> None:
    rows = [row("0.3", 0, 0.2), row("0.3", 1, 0.4), row("0.1", 0, 0.1), row("0.1", 1, 0.3)]
    settings, start = [parse_setting("eta = 0.3, 0.1")], Run.start(open_experiment("xor"))
    assert summary_lines(rows, settings, start, 80)[-1] == "The lowest mean train loss is 0.2: --set 'eta = 0.1'"
    stopped = summary_lines(rows[:3], settings, start, 80)
    assert stopped[-1] == "No mean is called the lowest one, because the numbers of seeds differ."


def test_options_that_a_terminal_would_break_have_a_line_of_their_own() -> None:
    settings, start = [parse_setting("eta = 0.3, 0.1")], Run.start(open_experiment("xor"))
    rows = [row("0.3", 0, 0.2), row("0.1", 0, 0.1)]
    assert summary_lines(rows, settings, start, 50)[-1].splitlines()[1] == "  --set 'eta = 0.1' --seed 0"


def test_a_narrow_terminal_has_fewer_columns_and_none_that_is_cut() -> None:
    settings = [parse_setting("optimizer = sgd, adam"), parse_setting("eta = 0.1, 3")]
    start = Run.start(open_experiment("digits"))
    wide, narrow = (header_line(sweep_columns(settings, [0, 1], start, width), width) for width in (100, 80))
    assert "updates" in wide and "train acc." in wide and wide.endswith("findings")
    assert narrow.split("  ")[0] == "optimizer" and narrow.endswith("test acc.  findings") and "…" not in narrow
    assert "updates" not in narrow and "train acc." not in narrow
