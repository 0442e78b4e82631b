"""Writers of a sweep's rows: CSV, and JSON with one object for each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from math import isfinite
from typing import Any

from nn_tui.core.diagnosis.finding import findings_json
from nn_tui.core.explain.trace_json import json_number
from nn_tui.core.preset.typed_numbers import parse_number
from nn_tui.core.sweep.row import SweepRow

_NUMBERS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
_COLUMNS = ("seed", "updates", *_NUMBERS, "diverged", "findings", "error")


def row_json(row: SweepRow) -> dict[str, Any]:
    """Return a row as an object for JSON; ``error`` is None unless the combination is not valid."""
    return {
        "settings": {name: _setting(value) for name, value in row.combination.settings},
        "seed": row.seed,
        "updates": row.updates,
        **{name: _json_number(getattr(row, name)) for name in _NUMBERS},
        "diverged": row.diverged,
        "findings": findings_json(row.findings),
        "error": row.error or None,
    }


def _setting(value: str) -> str | float | bool:
    """Return the value of a setting: a number if it is one, True for a change without a value."""
    number = parse_number(value)
    if number is None or not isfinite(number):
        return value or True
    return int(number) if value.isdecimal() else number


def _json_number(value: float | None) -> float | str | None:
    return None if value is None else json_number(value)


def column_name(setting: str) -> str:
    """Return the name of the column of a setting; ``set seed`` is the seed that a setting gives."""
    return f"set {setting}" if setting in _COLUMNS else setting


def csv_header(row: SweepRow) -> str:
    """Return the line with the names of the columns: the settings of a row, and its results."""
    names = [column_name(name) for name, _ in row.combination.settings]
    return _csv_line([*names, *_COLUMNS])


def csv_line(row: SweepRow) -> str:
    """Return a row as a line of CSV. Empty cells are results that there are not; findings are named by their kinds."""
    settings = [_setting(value) for _, value in row.combination.settings]
    results = [row.seed, row.updates, *(getattr(row, name) for name in _NUMBERS)]
    kinds = " ".join(dict.fromkeys(finding.kind for finding in row.findings))
    return _csv_line(map(_cell, [*settings, *results, row.diverged, kinds, row.error]))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def csv_text(rows: Iterable[SweepRow]) -> str:
    """Return rows of one sweep as a CSV file; without rows it is empty."""
    lines = list(rows)
    return "".join([csv_header(lines[0]), *map(csv_line, lines)]) if lines else ""


def _csv_line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
