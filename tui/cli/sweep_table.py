"""The tables that ``nn-tui sweep`` prints on a terminal. The columns are fixed before the first row is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size

from nn_tui.core.diagnosis.finding import KINDS
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Combination, Setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.sweep.summary import SeedsSummary
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr

_GAP = "  "
_MAX_VALUE = 24  # cells of a value of a setting
_WHOLE = 2  # cells before the decimal point of a loss
_LOSS_WIDTH = 12  # of 0.000123456
_PERCENT_WIDTH = 7
_FINDINGS_WIDTH = 8  # longer ones are cut at the end of the line

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SweepColumn(Generic[T]):
    """A column of a table; the texts of some are flush right, and some are left out where a line has no room."""

    title: str
    width: int
    text: Callable[[T], str]
    is_right: bool = True
    is_optional: bool = False


Columns = Sequence[SweepColumn[T]]


def sweep_columns(
    settings: Sequence[Setting], seeds: Sequence[int], start: Run, width: int
) -> list[SweepColumn[SweepRow]]:
    """Return the columns of the rows: the settings with several values, the seed, and the results that there are.

    Where a line has no room for all of them, the number of updates is left out first, then the training accuracy beside
    that of the test part.

    Args:
        settings: The settings of the sweep.
        seeds: Its seeds.
        start: One of its runs.
        width: The cells of a line.
    """
    columns: list[SweepColumn[SweepRow]] = _setting_columns(settings, lambda row: row.combination)
    if seeds:
        columns.append(_right(tr("seed"), max(len(str(seed)) for seed in seeds), lambda row: str(row.seed)))
    updates: SweepColumn[SweepRow] = _right(tr("updates"), 7, lambda row: "" if row.error else f"{row.updates:,}")
    columns.append(replace(updates, is_optional=True))
    has_test, has_classes = len(start.experiment.data.x_test) > 0, start.engine.coding != "numbers"
    columns.append(_right(tr("train loss"), _LOSS_WIDTH, lambda row: _loss(row.train_loss)))
    if has_test:
        columns.append(_right(tr("test loss"), _LOSS_WIDTH, lambda row: _loss(row.test_loss)))
    if has_classes:
        accuracy: SweepColumn[SweepRow] = _right(
            tr("train acc."), _PERCENT_WIDTH, lambda row: _percent(row.train_accuracy)
        )
        columns.append(replace(accuracy, is_optional=has_test))
    if has_classes and has_test:
        columns.append(_right(tr("test acc."), _PERCENT_WIDTH, lambda row: _percent(row.test_accuracy)))
    columns.append(SweepColumn(tr("findings"), _FINDINGS_WIDTH, _findings, is_right=False))
    for column in [column for column in columns if column.is_optional]:
        if sum(each.width + len(_GAP) for each in columns) - len(_GAP) > width:
            columns.remove(column)
    return columns


def seeds_columns(settings: Sequence[Setting], start: Run, *, has_diverged: bool) -> list[SweepColumn[SeedsSummary]]:
    """Return the columns of the summaries over the seeds.

    Args:
        settings: The settings of the sweep.
        start: One of its runs.
        has_diverged: Whether a run diverged.
    """
    columns: list[SweepColumn[SeedsSummary]] = _setting_columns(settings, lambda summary: summary.combination)
    columns.append(_right(tr("seeds"), 5, lambda summary: f"{summary.seeds:,}"))
    columns.append(_right(tr("mean"), _LOSS_WIDTH, lambda summary: _loss(summary.mean_loss)))
    columns.append(_right(tr("lowest"), _LOSS_WIDTH, lambda summary: _loss(summary.lowest_loss)))
    columns.append(_right(tr("highest"), _LOSS_WIDTH, lambda summary: _loss(summary.highest_loss)))
    if start.engine.coding != "numbers":
        columns.append(_right(tr("mean acc."), _PERCENT_WIDTH, lambda summary: _percent(summary.mean_accuracy)))
    if has_diverged:
        columns.append(_right(tr("diverged"), 0, lambda summary: f"{summary.diverged:,}"))
    return columns


def header_line(columns: Columns[T], width: int) -> str:
    """Return the line with the titles, cut at ``width`` cells."""
    return _line(columns, [column.title for column in columns], width)


def row_line(columns: Columns[T], row: T, width: int) -> str:
    """Return a row as a line, cut at ``width`` cells."""
    return _line(columns, [column.text(row) for column in columns], width)


def _line(columns: Columns[T], texts: Sequence[str], width: int) -> str:
    padded = [
        f"{' ' * (column.width - cell_len(text))}{text}" if column.is_right else _filled(text, column.width)
        for column, text in zip(columns, texts, strict=True)
    ]
    line = _GAP.join(padded).rstrip()
    return line if cell_len(line) <= width else f"{set_cell_size(line, max(width - 1, 0))}…"


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _setting_columns(settings: Sequence[Setting], combination: Callable[[T], Combination]) -> list[SweepColumn[T]]:
    """Return a column for each setting with several values."""

    def column(index: int, setting: Setting) -> SweepColumn[T]:
        width = max(map(cell_len, (setting.name, *map(_short, setting.values))))
        return SweepColumn(setting.name, width, lambda item: _short(combination(item).settings[index][1]), False)

    return [column(index, setting) for index, setting in enumerate(settings) if len(setting.values) > 1]


def _right(title: str, width: int, text: Callable[[T], str]) -> SweepColumn[T]:
    return SweepColumn(title, max(cell_len(title), width), text)


def _short(value: str) -> str:
    return value if cell_len(value) <= _MAX_VALUE else f"{set_cell_size(value, _MAX_VALUE - 1).rstrip()}…"


def _loss(value: float | None) -> str:
    """Return a loss whose decimal point stands below those of the others, unless it is large."""
    if value is None:
        return ""
    text = plain_number(value)
    whole, _, _ = text.partition(".")
    return _filled(f"{' ' * (_WHOLE - len(whole))}{text}", _LOSS_WIDTH)


def _percent(value: float | None) -> str:
    return "" if value is None or not isfinite(value) else f"{100 * value:.4g} %"


def _findings(row: SweepRow) -> str:
    if row.error:
        return tr("not valid")
    return ", ".join(str(KINDS[kind]) for kind in dict.fromkeys(finding.kind for finding in row.findings))
