"""What was read from a table and what was assumed, for ``check``, for JSON and for the line on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from nn_tui.core.preset.default_network import default_network_text
from nn_tui.core.spec import Experiment
from nn_tui.core.table.sentences import assumptions, kind_name, reason_text, role_name
from nn_tui.core.table.values import TableData
from nn_tui.core.table.warning_sentences import COUNTED_IN_COLUMNS, warning_text
from nn_tui.core.text import one_line
from nn_tui.core.translation import Message, message, message_plural, tr, tr_plural
from nn_tui.tui.cli.output import row_lines
from nn_tui.tui.config.settings import Settings

_MAX_NAME = 30
_MAX_COLUMNS = 40  # columns that are printed; of more, the first and the last ones


def table_json(table: TableData) -> dict[str, Any]:
    """Return what was read and what each column is, for JSON."""
    layout = table.layout
    return {
        "rows": rows_read(table),
        "rows_left_out": table.rows_left_out,
        "encoding": layout.encoding,
        "separator": layout.separator,
        "decimal": layout.decimal,
        "header": layout.header,
        "skipped_lines": layout.skipped_lines,
        "columns": [
            {
                "name": column.name,
                "role": column.role,
                "kind": column.kind,
                "missing": column.missing,
                "values": count,
                "reason": str(reason_text(column)),
            }
            for column, count in zip(table.plan.columns, _distinct(table), strict=True)
        ],
    }


def rows_read(table: TableData) -> int:
    """Return the number of rows that were read, also those that are left out."""
    return len(table.y) + table.rows_left_out


def _distinct(table: TableData) -> Iterator[int]:
    """Yield the number of different values of each column; a table that is read strictly does not have it."""
    numbers = iter(table.numbers.T)
    for column in table.plan.columns:
        is_number = column.role == "input" and column.kind in ("number", "boolean", "date")
        values = next(numbers) if is_number else table.y
        yield column.distinct or (0 if column.role == "ignored" else len(np.unique(values)))


def assumption_lines(experiment: Experiment, table: TableData, *, is_first_network: bool) -> tuple[Message, ...]:
    """Return what was assumed of a table, a sentence each.

    Args:
        experiment: The experiment with the table.
        table: The table.
        is_first_network: Whether the network follows from the table, and not from a preset.
    """
    if not is_first_network:
        return assumptions(table)
    return (*assumptions(table), default_network_text(experiment.layers, experiment.training))


def assumptions_text(experiment: Experiment, table: TableData, *, is_first_network: bool) -> Message:
    """Return what was assumed of a table, and the options that overrule it, for one line."""
    sentences = list(assumption_lines(experiment, table, is_first_network=is_first_network))
    data = experiment.data
    if is_first_network and len(data.x_test) and not table.test_rows:
        test_rows = message_plural(
            "{count:,} of {rows:,} rows is for testing.",
            "{count:,} of {rows:,} rows are for testing.",
            len(data.x_test),
            rows=len(data.x) + len(data.x_test),
        )
        sentences.insert(-1, test_rows)
    return message(
        "{assumptions} To change this: {options}; nn-tui check shows each column.",
        assumptions=" ".join(map(str, sentences)),
        options=", ".join(_options(table)),
    )


def _options(table: TableData) -> Iterator[str]:
    """Yield the options that overrule what is not usual in a table."""
    layout, plan = table.layout, table.plan
    yield "--target"
    if any(warning.kind == "target_kind" for warning in plan.warnings):
        yield "--numbers" if plan.target_kind == "classes" else "--classes"
    if any(column.role == "ignored" and column.reason != "asked" for column in plan.columns):
        yield "--keep"
    if len(plan.inputs) > 1:
        yield "--drop"
    if any(column.missing for column in plan.inputs):
        yield "--missing"
    if not table.test_rows:
        yield "--test"
    yield "--no-header" if layout.header else "--header"
    if layout.separator != ",":
        yield "--separator"
    if layout.decimal != ".":
        yield "--decimal"
    if layout.encoding != "utf-8":
        yield "--encoding"


def table_warnings(table: TableData) -> tuple[Message, ...]:
    """Return the warnings about a table for a person, who reads of missing values among what was assumed."""
    return tuple(warning_text(each) for each in table.plan.warnings if each.kind not in COUNTED_IN_COLUMNS)


def warnings_json(table: TableData | None, others: Sequence[Message]) -> list[dict[str, Any]]:
    """Return the warnings about a table, then those about other settings, for JSON."""
    found = [] if table is None else table.plan.warnings
    return [
        *({"kind": each.kind, "column": each.column or None, "text": str(warning_text(each))} for each in found),
        *({"kind": "setting", "column": None, "text": str(text)} for text in others),
    ]


def table_lines(table: TableData, sentences: Iterable[Message], settings: Settings) -> list[str]:
    """Return what was read as lines for a person.

    Args:
        table: The table.
        sentences: What was assumed.
        settings: The settings.

    Returns:
        A table of the columns, the sentences, and the warnings.
    """
    rows = [
        (tr("column"), tr("role"), tr("kind"), tr("missing"), tr("values"), tr("why")),
        *_column_rows(table),
    ]
    counts = [max(len(row[index]) for row in rows) for index in (3, 4)]
    aligned = [(*row[:3], row[3].rjust(counts[0]), row[4].rjust(counts[1]), row[5]) for row in rows]
    texts = (*sentences, *table_warnings(table))
    return [*(line.rstrip() for line in row_lines(aligned, settings)), *(one_line(str(text)) for text in texts)]


def _short_name(name: str) -> str:
    """Return a name of at most 30 characters, because one long name makes every line long."""
    text = one_line(name)
    return text if len(text) <= _MAX_NAME else text[: _MAX_NAME - 1] + "…"


def _column_rows(table: TableData) -> Iterator[tuple[str, ...]]:
    """Yield a row for each column; a line takes the place of those in the middle of a wide table."""
    columns = table.plan.columns
    hidden = len(columns) - _MAX_COLUMNS
    for index, (column, count) in enumerate(zip(columns, _distinct(table), strict=True)):
        if hidden <= 0 or index < _MAX_COLUMNS // 2 or index >= _MAX_COLUMNS // 2 + hidden:
            yield (
                _short_name(column.name),
                str(role_name(column.role)),
                str(kind_name(column.kind)),
                f"{column.missing:,}",
                f"{count:,}",
                one_line(str(reason_text(column))),
            )
        elif index == _MAX_COLUMNS // 2:
            yield (tr_plural("… {count:,} more column", "… {count:,} more columns", hidden), "", "", "", "", "")
