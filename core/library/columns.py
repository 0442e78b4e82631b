"""Rows that a program has - lists, NumPy arrays, data frames - as the table that a file with these rows would be.

Data frames are known by their ``columns`` and by ``__getitem__``, so no library of data frames is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError
from nn_tui.core.files.tensors import readable
from nn_tui.core.table.columns import CategoryColumn, NumberColumn, are_codes
from nn_tui.core.table.values import Layout, TextColumn, TextTable
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message, message_plural

_MISSING_TYPES = ("NAType", "NaTType")  # of pandas.NA and pandas.NaT
_NUMBERS = (int, float, np.integer, np.floating, np.bool_, Decimal, Fraction)


def table_of(rows: object, name: str, titles: Sequence[str] = ()) -> TextTable:
    """Return rows as a table; its header is the names of the columns of a data frame.

    Args:
        rows: A data frame, a mapping from names to columns, an array with fields, or rows (rows, columns).
        name: The name of the argument, for errors.
        titles: The names of the columns of rows without names, if there are as many.

    Raises:
        InputError: If they are no rows of numbers and texts, all of one length.
    """
    named = named_columns(rows)
    columns = matrix_columns(rows, name) if named is None else list(named.values())
    names = list(named or titles)
    if named is None and len(titles) != len(columns):
        names = [str(number + 1) for number in range(len(columns))]
    texts = [text_column(title, column, name) for title, column in zip(names, columns, strict=True)]
    return make_table(texts, name, named is not None)


def make_table(columns: Sequence[TextColumn], name: str, has_names: bool = True) -> TextTable:
    """Return columns as a table; the arguments are those of :func:`table_of`."""
    table = TextTable("", Layout("utf-8", ",", ".", has_names), tuple(columns))
    counts = [TextTable("", table.layout, (column,)).row_count for column in columns]
    if not counts or not counts[0]:
        raise InputError("missing", message("there is no row; give at least one."), path=(name,))
    other = next((index for index, count in enumerate(counts) if count != counts[0]), 0)
    if other:
        raise InputError("wrong_shape", _other_length(columns[other].name, counts[other], counts[0]), path=(name,))
    return table


def named_columns(rows: object) -> dict[str, NDArray[Any]] | None:
    """Return the columns of a data frame, a mapping or an array with fields by name; None for anything else."""
    if isinstance(rows, np.ndarray) and rows.dtype.names:
        keys: Iterable[Any] = rows.dtype.names
    elif isinstance(rows, Mapping):
        keys = rows.keys()
    elif hasattr(rows, "columns") and hasattr(rows, "__getitem__"):
        keys = rows.columns
    else:
        return None
    found: Any = rows
    columns: dict[str, NDArray[Any]] = {}
    for key in list(keys):
        column = to_array(found[key])
        if str(key) in columns or column.ndim != 1:
            problem = message("two columns have the name {name}; rename one of them.", name=quote(str(key)))
            raise InputError("duplicate", problem, value=str(key))
        columns[str(key)] = column
    counts = {key: len(column) for key, column in columns.items()}
    first = next(iter(counts.values()), 0)
    for key, count in counts.items():
        if count != first:
            raise InputError("wrong_shape", _other_length(key, count, first), value=key)
    return columns


def _other_length(name: str, count: int, rows: int) -> Message:
    return message_plural(
        "column {name} has {count:,} row, but the first column has {rows:,}.",
        "column {name} has {count:,} rows, but the first column has {rows:,}.",
        count,
        name=quote(name),
        rows=rows,
    )


def matrix_columns(rows: object, name: str) -> list[NDArray[Any]]:
    """Return the columns of rows without names; the arguments and errors are those of :func:`table_of`."""
    values = to_array(rows)
    if not values.size:
        raise InputError("missing", message("there is no row; give at least one."), path=(name,))
    if values.ndim != 2:
        problem = message(
            "it has the shape {shape}; give rows: [[0.1, 0.2]] for one row of two inputs, "
            "[[0.1], [0.2]] for two rows of one input.",
            shape=str(values.shape),
        )
        if values.ndim == 1 and values.dtype == object and any(isinstance(row, list | tuple) for row in values):
            problem = message("its rows have different lengths; give the same number of values in each row.")
        raise InputError("wrong_shape", problem, path=(name,))
    return list(values.T)


def to_array(values: object) -> NDArray[Any]:
    """Return values as an array: of numbers if all of them are numbers, else of objects."""
    values = readable(values)
    if isinstance(values, list | tuple) and any(hasattr(value, "detach") for value in values):
        values = [np.asarray(readable(value)) if hasattr(value, "detach") else value for value in values]
    if hasattr(values, "__array__"):
        return np.asarray(values)
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        array = np.empty(0, dtype=object)
        if isinstance(values, Sequence):
            array = np.empty(len(values), dtype=object)
            array[:] = list(values)
        return array
    # A list with numbers and texts would become texts.
    return array if array.dtype.kind in "biufM" else np.array(values, dtype=object)


def text_column(name: str, values: NDArray[Any], argument: str) -> TextColumn:
    """Return one column (rows,) as numbers if all its values are numbers, else as texts.

    None, NaN, ``pandas.NA`` and the marks of files, such as an empty text, are missing values.

    Raises:
        InputError: For a number that is not finite, and for values that are neither numbers nor texts.
    """
    if values.dtype.kind == "M":
        values = _date_texts(values)
    numbers = numbers_in(values)
    if numbers is None:
        cells = [_cell(value, name, argument) for value in values.tolist()]
        numbers = _parsed(cells)
        if numbers is None:
            builder = CategoryColumn()
            builder.add(cells, range(1, len(cells) + 1))
            codes, texts = builder.codes_and_texts
            return TextColumn(name, None, codes, texts, missing_line=builder.missing_line)
    if np.isinf(numbers).any():
        row = int(np.isinf(numbers).argmax())
        problem = message(
            "{value} in row {row:,} of column {name} is not a finite number.",
            value=str(numbers[row]),
            row=row + 1,
            name=quote(name),
        )
        raise InputError("not_finite", problem, path=(argument,), value=float(numbers[row]))
    gaps = np.isnan(numbers)
    return TextColumn(name, numbers, decimal=".", missing_line=int(gaps.argmax()) + 1 if gaps.any() else 0)


def numbers_in(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return an array as numbers, NaN where a value is missing; None if a value is no number."""
    if values.dtype.kind in "biuf":
        return np.asarray(values, dtype=np.float64)
    if values.dtype.kind != "O":
        return None
    plain = [value if isinstance(value, _NUMBERS) else np.nan if is_missing(value) else None for value in values.flat]
    if any(value is None for value in plain):
        return None
    return np.array([_float(value) for value in plain if value is not None]).reshape(values.shape)


def _float(value: Any) -> float:
    """Return a number as a float; infinity for a whole number that is too large."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def is_missing(value: object) -> bool:
    """Return whether a value of a list or a data frame marks a missing value."""
    return value is None or type(value).__name__ in _MISSING_TYPES or value != value


def _date_texts(values: NDArray[Any]) -> NDArray[Any]:
    """Return dates as the texts of a file, without a time if none of them has one."""
    days = values.astype("datetime64[D]")
    gaps = np.isnat(values)
    has_times = bool((days != values)[~gaps].any())
    return np.where(gaps, "", np.datetime_as_string(values if has_times else days, unit="s" if has_times else "D"))


def _parsed(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Return texts as numbers if a file with these cells would have a column of numbers; else None."""
    builder = NumberColumn(".", 10_000)
    builder.add(cells, range(1, len(cells) + 1))
    is_number = not builder.exceptions[0] and not builder.infinite[1] and builder.number_count and not are_codes(cells)
    return builder.values if is_number else None


def _cell(value: object, name: str, argument: str) -> str:
    """Return a value as the text of a cell in a file."""
    if is_missing(value):
        return ""
    if isinstance(value, (str, *_NUMBERS)):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    problem = message(
        "column {name} has a value of the type {type}; give numbers and texts.",
        name=quote(name),
        type=type(value).__name__,
    )
    raise InputError("wrong_type", problem, path=(argument,))
