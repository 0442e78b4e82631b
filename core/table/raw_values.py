"""The values of a table as a person knows them: from the inputs of a network, and from another table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import parse_number
from nn_tui.core.table.encode import InputBlock, input_blocks, typed_category, typed_number
from nn_tui.core.table.kinds import coded_texts
from nn_tui.core.table.values import Decimal, RawValue, TableData, TextColumn, TextTable
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import all_of, message, message_plural

_Array = NDArray[np.float64]
_MAX_NAMES = 5  # missing columns that an error names
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decode_inputs(table: TableData, x: _Array) -> tuple[_Array, _Array]:
    """Return the numbers and the codes of rows, like those of the table, for the inputs that they become.

    Args:
        table: The table.
        x: The inputs (rows, inputs), before standardisation.
    """
    numbers = np.empty((len(x), table.numbers.shape[1]))
    codes = np.empty((len(x), table.codes.shape[1]))
    for column, place, has_gaps, start, width in input_blocks(table):
        block = x[:, start : start + width]
        if column.kind == "category":
            code = block.argmax(axis=1)
            codes[:, place] = np.where((block.max(axis=1) > 0.0) & (code < len(column.categories)), code, -1)
        else:
            numbers[:, place] = np.where(block[:, -1] == 1.0, np.nan, block[:, 0]) if has_gaps else block[:, 0]
    return numbers, codes


def raw_rows(
    table: TableData, numbers: _Array, codes: _Array, blocks: Sequence[InputBlock] = ()
) -> tuple[tuple[RawValue, ...], ...]:
    """Return the values of rows as a person knows them, in the order of ``table.plan.inputs``.

    Args:
        table: The table.
        numbers: The values like ``table.numbers``.
        codes: The values like ``table.codes``.
        blocks: Those of :func:`~nn_tui.core.table.encode.input_blocks`, if the caller has them already.
    """
    columns = [_raw_column(block, numbers, codes) for block in blocks or input_blocks(table)]
    return tuple(zip(*columns, strict=True))


def _raw_column(block: InputBlock, numbers: _Array, codes: _Array) -> list[RawValue]:
    column, place = block.column, block.place
    if column.kind == "category":
        values = (*category_values(column.categories), None)  # code -1 is the last one
        return [values[code] for code in codes[:, place].astype(np.intp).tolist()]
    cells = [None if value != value else value for value in numbers[:, place].tolist()]
    if column.kind == "boolean":
        names: dict[RawValue, RawValue] = dict(zip((0.0, 1.0), column.categories, strict=False))
        return [names.get(cell, cell) for cell in cells]
    if column.kind == "date":
        return [None if cell is None else _date_text(cell) for cell in cells]
    return cells


def category_values(categories: tuple[str, ...]) -> tuple[RawValue, ...]:
    """Return the categories as the file has them: numbers if all are, which were taken as categories."""
    numbers = [parse_number(text, ".") for text in categories]
    values = tuple(number.value for number in numbers if number and not number.unit)
    return values if len(values) == len(categories) else categories


def _date_text(days: float) -> RawValue:
    """Return days since 1970 as a date, with a time if they are not whole; the number itself if there is no date."""
    try:
        moment = _EPOCH + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return days
    return moment.strftime("%Y-%m-%d" if days == round(days) else "%Y-%m-%d %H:%M:%S")


def table_values(table: TableData, other: TextTable) -> tuple[_Array, _Array]:
    """Return the numbers and the codes of the rows of another table, like those of the table.

    Args:
        table: The table that the network was trained on.
        other: A table with its input columns, by name and in any order. Without a header, as many columns as there are
            inputs are taken in their order.

    Raises:
        InputError: If an input column is missing, and for values that are not of its kind.
    """
    columns = input_columns(tuple(column.name for column in table.plan.inputs), other)
    numbers = np.empty((other.row_count, table.numbers.shape[1]))
    codes = np.empty((other.row_count, table.codes.shape[1]))
    for block, column in zip(input_blocks(table), columns, strict=True):
        values = codes if block.column.kind == "category" else numbers
        try:
            known = (table.codes if block.column.kind == "category" else table.numbers)[:, block.place]
            values[:, block.place] = _values(block, column, other.layout.decimal, known)
        except InputError as error:
            error.file = other.file
            raise
    return numbers, codes


def input_columns(names: tuple[str, ...], other: TextTable) -> list[TextColumn]:
    """Return the columns of a table with these names; without a header also by their order, if there are as many.

    Raises:
        InputError: If there is no such column.
    """
    found = {column.name: column for column in other.columns}
    missing = [name for name in names if name not in found]
    if missing and not other.layout.header and len(other.columns) == len(names):
        return list(other.columns)
    if not missing:
        return [found[name] for name in names]
    problem = message_plural(
        "there is no column {names}; the file needs a column for each input.",
        "there are no columns {names}; the file needs a column for each input.",
        len(missing),
        names=all_of([quote(name) for name in missing[:_MAX_NAMES]]),
    )
    if len(missing) > _MAX_NAMES:
        problem = message(
            "{count:,} columns are missing, the first of them {names}; the file needs a column for each input.",
            count=len(missing),
            names=all_of([quote(name) for name in missing[:_MAX_NAMES]]),
        )
    nearest = tuple(closest_names(missing[0], found)) if len(missing) == 1 else ()
    raise InputError("not_found", problem, file=other.file, value=missing[0], suggestions=nearest)


def column_values(column: TextColumn, *, is_text: bool) -> tuple[RawValue, ...]:
    """Return the values of a column; ``is_text`` writes numbers as texts, as the names of classes are written."""
    if column.numbers is not None and not is_text:
        return tuple(None if value != value else value for value in column.numbers.tolist())
    texts, codes = coded_texts(column)
    values = (*texts, None)  # code -1 is the last one
    return tuple(values[code] for code in codes.tolist())


def _values(block: InputBlock, column: TextColumn, decimal: Decimal, known: _Array) -> _Array:
    """Return the values (rows,) of a column as those of an input, whose values in the table are ``known``."""
    planned = block.column
    if planned.kind == "number" and column.numbers is not None:
        return column.numbers
    texts, codes = coded_texts(column)
    parsed = [
        typed_category(text, planned) if planned.kind == "category" else typed_number(text, planned, decimal, known)
        for text in texts
    ]
    missing = -1.0 if planned.kind == "category" else np.nan
    values: _Array = np.array([*parsed, missing])[codes]  # code -1 is the last one
    return values
