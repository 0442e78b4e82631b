"""The table that ``nn-tui sweep`` prints on a terminal. The columns are fixed before the first row is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from rich.cells import cell_len, set_cell_size

from nn_tui.core.diagnosis.finding import KINDS
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr

_GAP = "  "
_MAX_VALUE = 24  # cells of a value of a setting
_LOSS_WIDTH = 11  # of 3.70829e-06


@dataclass(frozen=True, slots=True)
class SweepColumn:
    """A column of the table; numbers are flush right."""

    title: str
    width: int
    text: Callable[[SweepRow], str]
    is_number: bool = True


def table_columns(settings: Sequence[Setting], seeds: Sequence[int], start: Run) -> tuple[SweepColumn, ...]:
    """Return the columns: the settings with several values, the seed, and the results that there are.

    Args:
        settings: The settings of the sweep.
        seeds: Its seeds.
        start: One of its runs.
    """
    columns = [_setting_column(index, setting) for index, setting in enumerate(settings) if len(setting.values) > 1]
    if seeds:
        columns.append(_number_column(tr("seed"), max(len(str(seed)) for seed in seeds), lambda row: str(row.seed)))
    columns.append(_number_column(tr("updates"), 7, lambda row: "" if row.error else f"{row.updates:,}"))
    has_test, has_classes = len(start.experiment.data.x_test) > 0, start.engine.coding != "numbers"
    columns.append(_number_column(tr("train loss"), _LOSS_WIDTH, lambda row: _loss(row.train_loss)))
    if has_test:
        columns.append(_number_column(tr("test loss"), _LOSS_WIDTH, lambda row: _loss(row.test_loss)))
    if has_classes:
        columns.append(_number_column(tr("train acc."), 7, lambda row: _percent(row.train_accuracy)))
    if has_classes and has_test:
        columns.append(_number_column(tr("test acc."), 7, lambda row: _percent(row.test_accuracy)))
    return (*columns, SweepColumn(tr("findings"), 0, _findings, is_number=False))


def header_line(columns: Sequence[SweepColumn], width: int) -> str:
    """Return the line with the titles, cut at ``width`` cells."""
    return _line(columns, [column.title for column in columns], width)


def row_line(columns: Sequence[SweepColumn], row: SweepRow, width: int) -> str:
    """Return a row as a line, cut at ``width`` cells."""
    return _line(columns, [column.text(row) for column in columns], width)


def _line(columns: Sequence[SweepColumn], texts: Sequence[str], width: int) -> str:
    *cells, last = texts
    padded = [
        f"{' ' * (column.width - cell_len(text))}{text}" if column.is_number else set_cell_size(text, column.width)
        for column, text in zip(columns, cells, strict=False)
    ]
    line = _GAP.join([*padded, last]).rstrip()
    return line if cell_len(line) <= width else f"{set_cell_size(line, max(width - 1, 0))}…"


def _setting_column(index: int, setting: Setting) -> SweepColumn:
    def text(row: SweepRow) -> str:
        return _short(row.combination.settings[index][1])

    width = max(map(cell_len, (setting.name, *map(_short, setting.values))))
    return SweepColumn(setting.name, width, text, is_number=False)


def _number_column(title: str, width: int, text: Callable[[SweepRow], str]) -> SweepColumn:
    return SweepColumn(title, max(cell_len(title), width), text)


def _short(value: str) -> str:
    return value if cell_len(value) <= _MAX_VALUE else f"{set_cell_size(value, _MAX_VALUE - 1).rstrip()}…"


def _loss(value: float | None) -> str:
    return "" if value is None else plain_number(value)


def _percent(value: float | None) -> str:
    return "" if value is None or not isfinite(value) else f"{100 * value:.4g} %"


def _findings(row: SweepRow) -> str:
    if row.error:
        return tr("not valid")
    names = [str(KINDS[kind]) for kind in dict.fromkeys(finding.kind for finding in row.findings)]
    return ", ".join(names)
