"""Tests of the table of a sweep: what is trained, the order of the rows, marks, and the rows to open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.row import SweepRow
from nn_tui.tui.session import sweep_table
from nn_tui.tui.session.sweep_table import MAX_SWEEP_RUNS, SweepTable, parse_settings, sweep_combinations
from tests._app import experiment


def row(eta: str, optimizer: str, loss: float | None, *, diverged: bool = False, error: str = "") -> SweepRow:
    """Return a row of a sweep over η and the optimiser, with half as many mistakes as loss."""
    combination = Combination((("eta", eta), ("optimizer", optimizer)))
    accuracy = None if loss is None else 1 - loss / 2
    return SweepRow(
        combination, 0, 10, train_loss=loss, train_accuracy=accuracy, diverged=diverged, error=error
    )  # fmt: skip


def table(*rows: SweepRow) -> SweepTable:
    """Return a table with these rows."""
    return SweepTable(experiment("xor"), "", 1, 10, len(rows), rows)


ROWS = table(
    row("10", "sgd", 0.5),
    row("9", "adam", None, error="not possible"),
    row("2", "sgd", 0.1),
    row("0.3", "adam", float("nan"), diverged=True),
    row("1e-3", "sgd", 0.9),
    row("4", "adam", 7.0, diverged=True),
)


@pytest.mark.parametrize(
    ("name", "is_reversed", "expected"),
    [
        ("", False, [2, 0, 4, 1, 3, 5]),
        ("train_loss", True, [4, 0, 2, 1, 3, 5]),
        ("train_accuracy", False, [2, 0, 4, 1, 3, 5]),
        ("train_accuracy", True, [4, 0, 2, 1, 3, 5]),
        ("eta", False, [4, 3, 2, 5, 1, 0]),  # as numbers
        ("eta", True, [0, 1, 5, 2, 3, 4]),
        ("optimizer", False, [1, 3, 5, 0, 2, 4]),
    ],
)
def test_the_best_come_first_and_rows_without_a_figure_last(name: str, is_reversed: bool, expected: list[int]) -> None:
    assert sweep_table.order(replace(ROWS, sorted_by=name, is_reversed=is_reversed)) == expected


def test_the_columns_are_the_settings_and_the_figures_that_there_are() -> None:
    names = [each.name for each in sweep_table.columns(ROWS)]
    assert names == ["eta", "optimizer", "train_loss", "train_accuracy"]
    right = sweep_table.sort_next(ROWS, 1)
    assert right.sorted_by == "train_accuracy" and sweep_table.sort_next(right, 1).sorted_by == "eta"
    assert sweep_table.sort_next(sweep_table.sort_by(ROWS, "eta"), -1).sorted_by == "train_accuracy"
    with_test = sweep_table.add_row(ROWS, replace(ROWS.rows[0], test_loss=0.2))
    column = sweep_table.sort_column(with_test)
    assert column is not None and column.name == "test_loss", "the loss of the test part says how well it generalises"


def test_the_highlight_stays_on_its_row_while_others_arrive() -> None:
    begun = table(*ROWS.rows[:1])
    assert sweep_table.current_row(begun) == 0
    assert sweep_table.current_row(sweep_table.add_row(begun, ROWS.rows[2])) == 1, "the best until a key was pressed"
    moved = sweep_table.move(begun, 1)
    assert sweep_table.current_row(sweep_table.add_row(moved, ROWS.rows[2])) == 0
    assert sweep_table.current_row(sweep_table.move(ROWS, 100)) == 5
    assert sweep_table.current_row(sweep_table.move(sweep_table.move(ROWS, 100), -100)) == 2


def test_the_highlight_stays_on_its_run_when_the_order_changes() -> None:
    moved = sweep_table.move(ROWS, 1)
    for changed in (sweep_table.reverse(moved), sweep_table.sort_by(moved, "eta"), sweep_table.sort_next(moved, 1)):
        assert sweep_table.current_row(changed) == 0


def starts(**losses: tuple[float, ...]) -> SweepTable:
    """Return a table with several starts of each optimiser; those with a loss of 9 diverged."""
    rows = [
        replace(
            row("1", name, loss, diverged=loss == 9),
            combination=Combination((("optimizer", name), ("seed", str(seed)))),
        )
        for name, of_name in losses.items()
        for seed, loss in enumerate(of_name)
    ]
    return replace(table(*rows), starts=len(next(iter(losses.values()))))


def test_several_starts_are_sorted_by_their_mean() -> None:
    lucky = starts(adam=(0.001, 0.8, 9.0), sgd=(0.1, 0.2, 0.3))
    assert [each.name for each in sweep_table.columns(lucky)][:3] == ["optimizer", "seed", "mean_loss"]
    assert sweep_table.order(lucky) == [3, 4, 5, 0, 1, 2], "the best single start belongs to the worse combination"
    adam, sgd = sweep_table.summaries(lucky)
    assert sgd.mean_loss == pytest.approx(0.2) and (adam.problems, adam.diverged, sgd.problems) == (1, 1, 0)
    assert sweep_table.summary_of(lucky, lucky.rows[2]) == adam
    assert sweep_table.summaries(ROWS) == ()


def test_marks_are_limited_and_open_in_the_order_of_the_table() -> None:
    assert sweep_table.rows_to_open(ROWS) == (2,), "without marks the highlighted row"
    marked = sweep_table.toggle_mark(sweep_table.toggle_mark(ROWS))
    assert marked.marked == {2, 0} and sweep_table.rows_to_open(marked) == (2, 0)
    assert sweep_table.current_row(marked) == 4, "a mark goes on to the next row"
    assert sweep_table.toggle_mark(sweep_table.highlight(marked, 0)).marked == {2}
    refused = sweep_table.toggle_mark(sweep_table.highlight(ROWS, 1))
    assert not refused.marked and "not valid" in str(refused.note)
    assert sweep_table.rows_to_open(refused) == ()
    many = table(*(row(str(k), "sgd", k / 10) for k in range(8)))
    for _ in range(7):
        many = sweep_table.toggle_mark(many)
    assert many.marked == set(range(6)) and "At most 6 runs" in str(many.note)


def test_settings_and_starts_make_all_combinations() -> None:
    settings = parse_settings("eta = 0.3, 0.1; optimizer = sgd, adam;")
    found = sweep_combinations(settings, 3)
    assert len(found) == 12 and found[1].changes == ("eta = 0.3", "optimizer = sgd", "seed = 1")
    assert sweep_combinations(settings, 1)[-1].changes == ("eta = 0.1", "optimizer = adam")
    with pytest.raises(InputError, match=r"4,000 runs, more than 1,000"):
        sweep_combinations(settings, MAX_SWEEP_RUNS)
    with pytest.raises(InputError, match="eta"):
        parse_settings("etta = 0.3")
