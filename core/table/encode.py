"""The inputs of a network from the columns of a table.

A number is one input, with a second one that is 1 where it is missing, if a row of the table lacks it. A boolean is 0
or 1, and likewise. A category is one input for each of its texts, and one for missing ones if a row lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_missing, is_no_number, parse_number
from nn_tui.core.table.table_data import text_number
from nn_tui.core.table.values import Decimal, TableColumn, TableData
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import Message, any_of, message

MAX_ENCODED_VALUES = 40_000_000  # rows × inputs
_MAX_NAMES = 6  # of the values of a column in an error
_OTHER_DECIMAL = str.maketrans(",.", ".,")
_Array = NDArray[np.float64]


class InputBlock(NamedTuple):
    """An input column of a table, and the network inputs that it becomes.

    Attributes:
        column: The column.
        place: Its position in the numbers or in the codes of the table.
        has_gaps: Whether a row of the table lacks it.
        start: The first network input.
        width: The number of network inputs.
    """

    column: TableColumn
    place: int
    has_gaps: bool
    start: int
    width: int


def input_names(table: TableData) -> tuple[str, ...]:
    """Return one name for each input of the network, in the order of the file.

    A number or a boolean has the name of its column, a missing one also ``age missing``. A category has ``sex=male``
    and ``sex=female``, a missing one also ``deck=missing``.
    """
    names: dict[str, None] = {}
    for column, _, has_gaps, _, _ in input_blocks(table):
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
        [
            is_number
            for block in input_blocks(table)
            for is_number in [block.column.kind not in ("boolean", "category")] + [False] * (block.width - 1)
        ],
        dtype=np.bool_,
    )


def fill_values(table: TableData, train: NDArray[np.bool_]) -> _Array:
    """Return the numbers that replace missing ones: the means (number and boolean columns,) of the training rows.

    A column has a mean although no row lacks it, because a row that a person types may lack it.

    Args:
        table: The table.
        train: A mask (rows,) of the training rows.
    """
    numbers = table.numbers
    fill = np.zeros(numbers.shape[1])
    for index in range(numbers.shape[1]):
        values = numbers[train, index]
        values = values[~np.isnan(values)]
        if values.size:
            scale = float(np.abs(values).max()) or 1.0  # the sum of huge numbers would overflow
            fill[index] = (values / scale).mean() * scale if scale > 1e150 else values.mean()
            if (values == values[0]).all():  # the mean may differ in the last bit, and the column would not be constant
                fill[index] = values[0]
    return fill


def encode_inputs(table: TableData, fill: _Array) -> _Array:
    """Return the inputs (rows, inputs) of the network, before features and standardisation.

    Args:
        table: The table.
        fill: The values for missing numbers, from :func:`fill_values`.

    Returns:
        The inputs; ``table.numbers`` itself if there is nothing to encode.

    Raises:
        InputError: If categories and gaps make more than ``MAX_ENCODED_VALUES`` values.
    """
    if all(block.column.kind != "category" and not block.has_gaps for block in input_blocks(table)):
        return table.numbers
    rows, inputs = len(table.numbers), sum(block.width for block in input_blocks(table))
    if rows * inputs > MAX_ENCODED_VALUES:
        problem = message(
            "{rows:,} rows of {inputs:,} inputs are more than {max:,} values; leave out columns with many categories.",
            rows=rows,
            inputs=inputs,
            max=MAX_ENCODED_VALUES,
        )
        raise InputError("too_large", problem, path=("data", "drop"))
    return encode_values(table, fill, table.numbers, table.codes)


def encode_values(
    table: TableData, fill: _Array, numbers: _Array, codes: _Array, blocks: Sequence[InputBlock] = ()
) -> _Array:
    """Return the inputs (rows, inputs) of the network for the values of any rows.

    Args:
        table: The table that the network was trained on.
        fill: The values for missing numbers, one for each column of ``numbers``.
        numbers: The values like ``table.numbers``, (rows, number and boolean columns).
        codes: The values like ``table.codes``, (rows, category columns).
        blocks: Those of :func:`input_blocks`, if the caller has them already.
    """
    blocks = blocks or tuple(input_blocks(table))
    x = np.zeros((len(numbers), sum(block.width for block in blocks)))
    for column, place, has_gaps, start, width in blocks:
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
    return x


def typed_values(
    table: TableData, rows: Sequence[Sequence[str]], blocks: Sequence[InputBlock] = ()
) -> tuple[_Array, _Array]:
    """Return the numbers and the codes of rows, like those of the table, for cells as a person types them.

    Args:
        table: The table that the network was trained on.
        rows: The cells of each row, in the order of ``table.plan.inputs``. An empty cell, ``?`` or ``NA`` is missing.
        blocks: Those of :func:`input_blocks`, if the caller has them already.

    Raises:
        InputError: For a row with another number of cells, a number that cannot be read, and an unknown category.
    """
    blocks = blocks or tuple(input_blocks(table))
    numbers = np.empty((len(rows), table.numbers.shape[1]))
    codes = np.empty((len(rows), table.codes.shape[1]))
    for row, cells in enumerate(rows):
        if len(cells) != len(blocks):
            problem = message(
                "the row has {count} values, but there are {inputs} inputs.", count=len(cells), inputs=len(blocks)
            )
            raise InputError("wrong_shape", problem, path=(row,))
        for block, cell in zip(blocks, cells, strict=True):
            if block.column.kind == "category":
                codes[row, block.place] = typed_category(cell, block.column)
            else:
                numbers[row, block.place] = typed_number(
                    cell, block.column, table.layout.decimal, table.numbers[:, block.place]
                )
    return numbers, codes


def input_blocks(table: TableData) -> Iterator[InputBlock]:
    """Yield the input columns of a table, in the order of the file."""
    number_gaps = np.atleast_1d(np.isnan(table.numbers).any(axis=0))
    code_gaps = np.atleast_1d((table.codes < 0).any(axis=0))
    number = code = start = 0
    for column in table.plan.inputs:
        if column.kind == "category":
            has_gaps = bool(code_gaps[code])
            block = InputBlock(column, code, has_gaps, start, len(column.categories) + has_gaps)
            code += 1
        else:
            has_gaps = bool(number_gaps[number])
            block = InputBlock(column, number, has_gaps, start, 1 + has_gaps)
            number += 1
        yield block
        start += block.width


def typed_category(cell: str, column: TableColumn) -> int:
    """Return the index of a typed category; −1 if the cell is missing.

    Raises:
        InputError: For a text that is no category of the column.
    """
    cell = cell.strip()
    if cell in column.categories:
        return column.categories.index(cell)
    if is_missing(cell):
        return -1
    folded = [text.casefold() for text in column.categories]
    if folded.count(cell.casefold()) == 1:
        return folded.index(cell.casefold())
    if number := parse_number(cell, "."):  # 3.0 for the category 3
        values = [other and other.value for other in (parse_number(text, ".") for text in column.categories)]
        if number.value in values:
            return values.index(number.value)
    raise _unknown(cell, column)


def typed_number(cell: str, column: TableColumn, decimal: Decimal, known: _Array) -> float:
    """Return the number of a typed cell in a column of numbers, booleans or dates; NaN if the cell is missing.

    Args:
        cell: The cell.
        column: The column.
        decimal: The decimal mark.
        known: The values (rows,) of the column in the table, for an example.

    Raises:
        InputError: For a cell that is not a value of the column.
    """
    cell = cell.strip()
    if is_missing(cell) or (column.kind == "number" and is_no_number(cell)):
        return np.nan
    if column.kind != "number":
        value = text_number(cell, column)
        if value is None and column.kind == "boolean" and cell in ("0", "1"):
            value = float(cell)
        if value is None:
            raise _unknown(cell, column)
        return value
    number = parse_number(cell, decimal)
    if number is None or not np.isfinite(number.value):
        raise InputError("wrong_type", not_a_number(cell, decimal, known), path=(column.name,), value=cell)
    return number.value


def not_a_number(cell: str, decimal: Decimal, known: _Array) -> Message:
    """Return the sentence about a typed cell that is not a number, with one that is.

    Args:
        cell: The cell.
        decimal: The decimal mark of the table.
        known: The values (rows,) of the column, for an example; NaN where they are missing.
    """
    swapped = cell.strip().translate(_OTHER_DECIMAL)
    if swapped != cell.strip() and (number := parse_number(swapped, decimal)) and np.isfinite(number.value):
        if decimal == ".":
            return message(
                "{cell}: the decimal mark here is a point; write {number}.", cell=quote(cell), number=swapped
            )
        return message("{cell}: the decimal mark here is a comma; write {number}.", cell=quote(cell), number=swapped)
    values = known[np.isfinite(known)]
    example = f"{next(iter((*values[values % 1 != 0.0][:1], *values[:1])), 1.5):.6g}".replace(".", decimal)
    return message("{cell} is not a number; write one such as {example}.", cell=quote(cell), example=example)


def _unknown(cell: str, column: TableColumn) -> InputError:
    names = column.categories
    if column.kind == "date":
        problem = message("{cell} is not a date; write one such as 2024-05-31.", cell=quote(cell))
    else:
        problem = message("{cell} is not one of its values.", cell=quote(cell))
    begun = [name for name in names if name.lower().startswith(cell.strip().lower())]
    nearest = tuple(closest_names(cell, names, 3) or begun[:1])
    if not nearest and column.kind != "date":
        shown = [quote(name) for name in names[:_MAX_NAMES]]
        problem = message("{cell} is not one of its values, such as {names}.", cell=quote(cell), names=any_of(shown))
    return InputError("not_found", problem, path=(column.name,), value=cell, suggestions=nearest)
