"""The inputs of a network from the columns of a table.

A number is one input, with a second one that is 1 where it is missing, if a row of the table lacks it. A boolean is 0
or 1, and likewise. A category is one input for each of its texts, and one for missing ones if a row lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError
from nn_tui.core.table.table_data import text_number
from nn_tui.core.table.values import TableColumn, TableData
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import message

_Array = NDArray[np.float64]
_MISSING_MARKS = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", ".", "#n/a"))


def input_names(table: TableData) -> tuple[str, ...]:
    """Return one name for each input of the network, in the order of the file.

    A number or a boolean has the name of its column, a missing one also ``age missing``. A category has ``sex=male``
    and ``sex=female``, a missing one also ``deck=missing``.
    """
    names: dict[str, None] = {}
    for column, _, has_gaps in _blocks(table):
        if column.kind == "category":
            block = [f"{column.name}={text}" for text in column.categories] + [f"{column.name}=missing"] * has_gaps
        else:
            block = [column.name] + [f"{column.name} missing"] * has_gaps
        for name in block:
            unique, number = name, 2
            while unique in names:
                unique, number = f"{name} ({number})", number + 1
            names[unique] = None
    return tuple(names)


def standardized_columns(table: TableData) -> NDArray[np.bool_]:
    """Return a mask (inputs,) of the inputs that are numbers; all others are 0 or 1."""
    return np.array(
        [is_number for column, _, has_gaps in _blocks(table) for is_number in _are_numbers(column, has_gaps)],
        dtype=np.bool_,
    )


def fill_values(table: TableData, train: NDArray[np.bool_]) -> _Array:
    """Return what takes the place of missing numbers: the means (number and boolean columns,) of the training rows.

    Args:
        table: The table.
        train: A mask (rows,) of the training rows.
    """
    numbers = table.numbers
    fill = np.zeros(numbers.shape[1])
    for index in np.flatnonzero(np.isnan(numbers).any(axis=0)).tolist():
        values = numbers[train, index]
        values = values[~np.isnan(values)]
        if values.size:
            scale = float(np.abs(values).max()) or 1.0  # the sum of huge numbers would overflow
            fill[index] = (values / scale).mean() * scale if scale > 1e150 else values.mean()
    return fill


def encode_inputs(table: TableData, fill: _Array) -> _Array:
    """Return the inputs (rows, inputs) of the network, before features and standardisation.

    Args:
        table: The table.
        fill: The values for missing numbers, from :func:`fill_values`.

    Returns:
        The inputs; ``table.numbers`` itself if there is nothing to encode.
    """
    blocks = tuple(_blocks(table))
    if all(column.kind != "category" and not has_gaps for column, _, has_gaps in blocks):
        return table.numbers
    return _encode(blocks, table.numbers, table.codes, fill)


def encode_rows(table: TableData, fill: _Array, rows: Sequence[Sequence[str]]) -> _Array:
    """Return the inputs (rows, inputs) of the network for cells as a person types them.

    Args:
        table: The table that the network was trained on.
        fill: The values for missing numbers, from :func:`fill_values`.
        rows: The cells of each row, in the order of ``table.plan.inputs``. An empty cell, ``?`` or ``NA`` is missing.

    Raises:
        InputError: For a row with another number of cells, a number that cannot be read, and an unknown category.
    """
    blocks = tuple(_blocks(table))
    numbers = np.empty((len(rows), table.numbers.shape[1]))
    codes = np.empty((len(rows), table.codes.shape[1]))
    for row, cells in enumerate(rows):
        if len(cells) != len(blocks):
            problem = message(
                "the row has {count} values, but there are {inputs} inputs.", count=len(cells), inputs=len(blocks)
            )
            raise InputError("wrong_shape", problem, path=(row,))
        for (column, place, _), cell in zip(blocks, cells, strict=True):
            if column.kind == "category":
                codes[row, place] = _category(cell.strip(), column)
            else:
                numbers[row, place] = _number(cell.strip(), column, table.layout.decimal)
    return _encode(blocks, numbers, codes, fill)


def _blocks(table: TableData) -> Iterator[tuple[TableColumn, int, bool]]:
    """Yield each input column, its position in ``numbers`` or ``codes``, and whether a row of the table lacks it."""
    number_gaps = np.atleast_1d(np.isnan(table.numbers).any(axis=0))
    code_gaps = np.atleast_1d((table.codes < 0).any(axis=0))
    number = code = 0
    for column in table.plan.inputs:
        if column.kind == "category":
            yield column, code, bool(code_gaps[code])
            code += 1
        else:
            yield column, number, bool(number_gaps[number])
            number += 1


def _are_numbers(column: TableColumn, has_gaps: bool) -> list[bool]:
    if column.kind == "category":
        return [False] * (len(column.categories) + has_gaps)
    return [column.kind != "boolean"] + [False] * has_gaps


def _encode(blocks: Sequence[tuple[TableColumn, int, bool]], numbers: _Array, codes: _Array, fill: _Array) -> _Array:
    widths = [len(_are_numbers(column, has_gaps)) for column, _, has_gaps in blocks]
    x = np.zeros((len(numbers), sum(widths)))
    start = 0
    for (column, place, has_gaps), width in zip(blocks, widths, strict=True):
        if column.kind == "category":
            code = codes[:, place].astype(np.intp)
            code[code < 0] = len(column.categories)
            known = np.flatnonzero(code < width)
            x[known, start + code[known]] = 1.0
        else:
            missing = np.isnan(numbers[:, place])
            x[:, start] = np.where(missing, fill[place], numbers[:, place])
            if has_gaps:
                x[:, start + 1] = missing
        start += width
    return x


def _category(cell: str, column: TableColumn) -> int:
    if cell in column.categories:
        return column.categories.index(cell)
    if cell.casefold() in _MISSING_MARKS:
        return -1
    folded = [text.casefold() for text in column.categories]
    if folded.count(cell.casefold()) == 1:
        return folded.index(cell.casefold())
    raise _unknown(cell, column)


def _number(cell: str, column: TableColumn, decimal: str) -> float:
    if cell.casefold() in _MISSING_MARKS:
        return np.nan
    if column.kind != "number":
        value = text_number(cell, column)
        if value is None and column.kind == "boolean" and cell in ("0", "1"):
            value = float(cell)
        if value is None:
            raise _unknown(cell, column)
        return value
    text = cell.removeprefix(column.unit).removesuffix(column.unit).strip() if column.unit else cell
    if decimal == ",":
        text = text.replace(".", "").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        problem = message("{cell} is not a number, but {name} is.", cell=quote(cell), name=quote(column.name))
        raise InputError("wrong_type", problem, path=(column.name,), value=cell)
    return value


def _unknown(cell: str, column: TableColumn) -> InputError:
    names = column.categories
    if column.kind == "date":
        problem = message("{cell} is not a date, but {name} is.", cell=quote(cell), name=quote(column.name))
    else:
        problem = message("{cell} is no value of {name}.", cell=quote(cell), name=quote(column.name))
    nearest = tuple(closest_names(cell, names, 3) or closest_names(cell, names, cutoff=0.0))
    return InputError("not_found", problem, path=(column.name,), value=cell, suggestions=nearest)
