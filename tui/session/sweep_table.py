"""The table of a sweep in the app: its rows so far, their order, and which of them are marked.

Each function takes a table and returns the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

from nn_tui.core.errors import InputError
from nn_tui.core.preset.typed_numbers import parse_number
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination, Setting, combinations, parse_setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.sweep.summary import SeedsSummary, summarize_seeds
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.overlay import MAX_OVERLAID

MAX_SWEEP_RUNS = 1000
"""How many runs a sweep in the app can have."""

Value = float | str | None


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column of the table.

    Attributes:
        name: Its name; that of a setting is the name that was typed.
        value: Returns the value of a row; None where it has none.
        is_figure: Whether it is a result, which invalid and diverged rows do not have.
        is_best_high: Whether a large value is a good one.
    """

    name: str
    value: Callable[[SweepRow], Value]
    is_figure: bool = True
    is_best_high: bool = False


_FIGURES = (
    SortColumn("train_loss", lambda row: row.train_loss),
    SortColumn("test_loss", lambda row: row.test_loss),
    SortColumn("train_accuracy", lambda row: row.train_accuracy, is_best_high=True),
    SortColumn("test_accuracy", lambda row: row.test_accuracy, is_best_high=True),
)


@dataclass(frozen=True, slots=True, eq=False)
class SweepTable:
    """A sweep and what its table shows.

    Attributes:
        experiment: The experiment that is trained with each combination.
        text: The settings and their values as a person typed them.
        starts: From how many initial weights each combination is trained.
        updates: The number of updates of each run.
        requested: The number of runs.
        rows: The rows so far, in the order in which they were trained.
        current: The index in ``rows`` of the highlighted row; None for the one at the top.
        marked: The indices in ``rows`` of the marked rows.
        sorted_by: The name of the column that gives the order; "" for the mean over the starts, or the loss.
        is_reversed: Whether the worst come first.
        note: A sentence on the last key; "" for the findings of the highlighted row.
        opened: The runs that were opened, by the indices of their rows.
    """

    experiment: Experiment
    text: str
    starts: int
    updates: int
    requested: int
    rows: tuple[SweepRow, ...] = ()
    current: int | None = None
    marked: frozenset[int] = frozenset()
    sorted_by: str = ""
    is_reversed: bool = False
    note: Message | str = ""
    opened: Mapping[int, Run] = field(default_factory=dict)


def parse_settings(text: str) -> tuple[Setting, ...]:
    """Parse settings with ``;`` between them, each with its values: ``eta = 0.3, 0.1; optimizer = sgd, adam``.

    Raises:
        InputError: If a setting or a value is not valid.
    """
    return tuple(parse_setting(part) for part in text.split(";") if part.strip())


def sweep_combinations(settings: Sequence[Setting], starts: int) -> tuple[Combination, ...]:
    """Return all combinations, each from so many initial weights; a single one keeps the weights of the run.

    Raises:
        InputError: If a setting occurs twice, or for more than ``MAX_SWEEP_RUNS`` combinations.
    """
    seeds = [Setting("seed", tuple(map(str, range(starts))))] if starts > 1 else []
    found = combinations([*settings, *seeds])
    if len(found) > MAX_SWEEP_RUNS:
        problem = message(
            "These are {count:,} runs, more than {max:,}: write fewer values or starts.",
            count=len(found),
            max=MAX_SWEEP_RUNS,
        )
        raise InputError("too_large", problem, value=len(found))
    return found


def columns(table: SweepTable) -> tuple[SortColumn, ...]:
    """Return the columns: the settings, and the figures that a row has."""
    if not table.rows:
        return ()
    names = [name for name, _ in table.rows[0].combination.settings]
    settings = [SortColumn(name, _setting(name), is_figure=False) for name in names]
    figures = [each for each in _FIGURES if any(each.value(row) is not None for row in table.rows)]
    means = [SortColumn("mean_loss", _mean_loss(table))] if table.starts > 1 else []
    return (*settings, *means, *figures)


def summaries(table: SweepTable) -> tuple[SeedsSummary, ...]:
    """Return the results of each combination of settings over its starts; none if each has one start."""
    if table.starts == 1:
        return ()
    return summarize_seeds(replace(row, combination=_without_start(row)) for row in table.rows)


def summary_of(table: SweepTable, row: SweepRow) -> SeedsSummary | None:
    """Return the results over the starts of the combination of a row; None if it has no other starts."""
    return {summary.combination: summary for summary in summaries(table)}.get(_without_start(row))


def _without_start(row: SweepRow) -> Combination:
    """Return the settings of a row without the seed of its initial weights, which comes last."""
    return Combination(row.combination.settings[:-1])


def _mean_loss(table: SweepTable) -> Callable[[SweepRow], Value]:
    means = {summary.combination: summary.mean_loss for summary in summaries(table)}
    return lambda row: means.get(_without_start(row))


def _setting(name: str) -> Callable[[SweepRow], Value]:
    def value(row: SweepRow) -> Value:
        text = dict(row.combination.settings).get(name)
        number = None if text is None else parse_number(text)
        return text if number is None or not isfinite(number) else number

    return value


def sort_column(table: SweepTable) -> SortColumn | None:
    """Return the column that gives the order: the chosen one, else the mean over the starts, else the loss.

    The loss is that of the test part, or of the training part if there is no other.
    """
    by_name = {each.name: each for each in columns(table)}
    names = (table.sorted_by, "mean_loss", "test_loss", "train_loss")
    return next((by_name[name] for name in names if name in by_name), next(iter(by_name.values()), None))


def order(table: SweepTable) -> list[int]:
    """Return the indices of the rows in the order of the table; those without a finite value come last."""
    column = sort_column(table)
    if column is None:
        return list(range(len(table.rows)))
    keys: dict[int, tuple[int, float, str]] = {}
    for index, row in enumerate(table.rows):
        value = column.value(row)
        if isinstance(value, str):
            keys[index] = (1, 0.0, value)
        elif value is not None and isfinite(value) and not (column.is_figure and row.diverged):
            keys[index] = (0, value, "")
    best_first = sorted(keys, key=lambda index: keys[index], reverse=column.is_best_high != table.is_reversed)
    return [*best_first, *(index for index in range(len(table.rows)) if index not in keys)]


def current_row(table: SweepTable) -> int | None:
    """Return the index of the highlighted row; None without rows."""
    return table.current if table.current is not None else next(iter(order(table)), None)


def add_row(table: SweepTable, row: SweepRow) -> SweepTable:
    """Return the table with one more row."""
    return replace(table, rows=(*table.rows, row))


def move(table: SweepTable, lines: int) -> SweepTable:
    """Highlight the row that many lines below, or above if negative."""
    ordered, current = order(table), current_row(table)
    if current is None:
        return table
    place = min(max(ordered.index(current) + lines, 0), len(ordered) - 1)
    return replace(table, current=ordered[place], note="")


def highlight(table: SweepTable, index: int) -> SweepTable:
    """Highlight a row by its index in ``rows``."""
    return replace(table, current=index, note="")


def toggle_mark(table: SweepTable) -> SweepTable:
    """Mark the highlighted row, or take its mark away, and highlight the next one."""
    current = current_row(table)
    if current is None:
        return table
    if current in table.marked:
        return move(replace(table, current=current, marked=table.marked - {current}), 1)
    if table.rows[current].error:
        return replace(table, note=message("This combination is not valid, so it has no run."))
    if len(table.marked) == MAX_OVERLAID:
        note = message("At most {max} runs can be marked: as many curves can be told apart.", max=MAX_OVERLAID)
        return replace(table, note=note)
    return move(replace(table, current=current, marked=table.marked | {current}), 1)


def sort_next(table: SweepTable, step: int) -> SweepTable:
    """Sort by the column to the right (``step`` 1) or to the left (−1), the best or the smallest first."""
    names, column = [each.name for each in columns(table)], sort_column(table)
    if column is None:
        return table
    return sort_by(table, names[(names.index(column.name) + step) % len(names)])


def sort_by(table: SweepTable, name: str) -> SweepTable:
    """Sort by a column, the best or the smallest first; the highlight stays on its run."""
    return replace(table, sorted_by=name, is_reversed=False, current=current_row(table), note="")


def reverse(table: SweepTable) -> SweepTable:
    """Reverse the order; rows without a value stay at the end, and the highlight on its run."""
    return replace(table, is_reversed=not table.is_reversed, current=current_row(table), note="")


def rows_to_open(table: SweepTable) -> tuple[int, ...]:
    """Return the indices of the marked rows in the order of the table, or the highlighted row if none is marked."""
    current = current_row(table)
    if table.marked:
        return tuple(index for index in order(table) if index in table.marked)
    return () if current is None or table.rows[current].error else (current,)
