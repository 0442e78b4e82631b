"""Rows of raw inputs that a network can predict: rows of the data, rows that a person types, rows of another table.

Raw inputs are the inputs before features, one-hot columns and standardisation: numbers in their own units, and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.other_targets import targets_in
from nn_tui.core.data.rows import load_rows
from nn_tui.core.data.typed_cells import parse_number
from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array, Dataset, Experiment
from nn_tui.core.table.encode import InputBlock, encode_values, input_blocks, not_a_number, typed_values
from nn_tui.core.table.raw_values import decode_inputs, input_columns, raw_rows, table_values
from nn_tui.core.table.values import RawValue, TableData, TextColumn, TextTable
from nn_tui.core.text import printable, quote, truncate
from nn_tui.core.translation import Message, message, message_plural

_MAX_NAMES = 20  # names of inputs in an error; the others are left out
_MISSING = message("the value is missing; the network was trained on rows without missing values.")


@dataclass(frozen=True, slots=True, eq=False)
class InputRows:
    """Rows of raw inputs, and the same rows as the network gets them.

    Attributes:
        names: The names of the raw inputs.
        cells: The raw inputs of each row; None where a value is missing, for which the network gets what stood for it
            in training.
        x: The network inputs (rows, inputs).
        points: The same before features and standardisation (rows, columns).
        numbers: The number of each row in the data, from 1; empty for rows from elsewhere.
        positions: The index (rows,) of each row among the training rows and the test rows behind them; None for rows
            from elsewhere.
        targets: The target of each row of another table that has a column for it; else empty.
    """

    names: tuple[str, ...]
    cells: tuple[tuple[RawValue, ...], ...]
    x: Array
    points: Array
    numbers: tuple[int, ...] = ()
    positions: NDArray[np.intp] | None = None
    targets: tuple[tuple[RawValue, ...], ...] = ()

    @property
    def filled(self) -> tuple[str, ...]:
        """The names of the inputs that are missing in some row."""
        if not self.cells:
            return ()
        columns = zip(self.names, zip(*self.cells, strict=True), strict=True)
        return tuple(name for name, cells in columns if None in cells)


def raw_names(data: Dataset) -> tuple[str, ...]:
    """Return the names of the raw inputs."""
    if data.table is not None:
        return tuple(column.name for column in data.table.plan.inputs)
    return tuple(f"x{n + 1}" for n in range(data.points.shape[1])) if data.features else data.input_names


def raw_cells(data: Dataset, points: Array) -> tuple[tuple[RawValue, ...], ...]:
    """Return points (rows, columns) of the data as raw inputs."""
    if data.table is None:
        return tuple(map(tuple, points.tolist()))
    return raw_rows(data.table, *decode_inputs(data.table, points))


def row_positions(experiment: Experiment) -> NDArray[np.intp]:
    """Return where the split has put each row of the data, in the order of the file, the table or the generator.

    Returns:
        The index (rows,) of each row among the training rows and the test rows behind them; −1 for a row of a file that
        is left out, because a value is missing.

    Raises:
        InputError: If the file of the data is needed and cannot be read, or the rows are not those of the preset.
    """
    data, spec = experiment.data, experiment.preset.data
    rows, test_rows = len(data.x), len(data.x_test)
    positions = np.arange(rows + test_rows)
    if test_rows:
        outputs = experiment.layers[-1].units
        is_test = load_rows(spec, experiment.seed, experiment.preset.folder, outputs=outputs, table=data.table).test
        if len(is_test) != len(positions) or is_test.sum() != test_rows:  # of a document that was changed
            problem = message("rows cannot be chosen by number, because the split of the data is not known.")
            raise InputError("conflict", problem)
        positions = np.where(is_test, rows - 1 + np.cumsum(is_test), np.cumsum(~is_test) - 1)
    if data.table is None or not data.table.rows_left_out:
        return positions
    every = np.zeros(len(positions) + data.table.rows_left_out, dtype=np.intp)
    every[data.table.left_out.astype(np.intp) - 1] = -1
    every[every == 0] = positions
    return every


def own_rows(experiment: Experiment, numbers: Iterable[int]) -> InputRows:
    """Return rows of the data.

    Args:
        experiment: The experiment.
        numbers: The numbers of the rows, from 1, in the order of the file, the table or the generator. Rows of the
            training part and of the test part are numbered together; those of a second file for testing come behind.

    Raises:
        InputError: For a row that the data does not have.
    """
    data = experiment.data
    every = row_positions(experiment)
    count = len(every)
    known: list[int] = []
    for number in numbers:
        if not 1 <= number <= count:
            raise InputError("not_found", _no_such_row(number, count), value=number)
        if every[number - 1] < 0:
            problem = message("row {number:,} is left out of the data, because a value is missing.", number=number)
            raise InputError("missing", problem, value=number)
        known.append(number)
    positions = every[np.array(known, dtype=np.intp) - 1]
    points = take_rows(positions, data.points, data.points_test)
    x = take_rows(positions, data.x, data.x_test)
    return InputRows(raw_names(data), raw_cells(data, points), x, points, tuple(known), positions)


def _no_such_row(number: int, count: int) -> Message:
    return message_plural(
        "there is no row {number:,}; the data has {count:,} row.",
        "there is no row {number:,}; the data has rows 1 to {count:,}.",
        count,
        number=number,
    )


def take_rows(positions: NDArray[np.intp], train: Array, test: Array) -> Array:
    """Return the rows at ``positions`` of the training part and the test part behind it."""
    rows = np.empty((len(positions), train.shape[1]))
    is_train = positions < len(train)
    rows[is_train] = train[positions[is_train]]
    rows[~is_train] = test[positions[~is_train] - len(train)]
    return rows


def raw_blocks(data: Dataset) -> tuple[InputBlock, ...]:
    """Return the raw inputs of a table with the network inputs that they become; nothing for data from elsewhere."""
    return () if data.table is None else tuple(input_blocks(data.table))


def typed_rows(data: Dataset, rows: Sequence[Sequence[str]], blocks: Sequence[InputBlock] = ()) -> InputRows:
    """Return rows that a person typed.

    Args:
        data: The data of the network.
        rows: The cells of each row, in the order of :func:`raw_names`. In a table with missing values, an empty cell,
            ``?`` or ``NA`` is a missing one.
        blocks: Those of :func:`raw_blocks`, if the caller has them already.

    Raises:
        InputError: For a row with another number of cells, and for a cell that is not valid. The path of the error is
            the number of the row, from 1, if there are several, and the name of the input.
    """
    names = raw_names(data)
    blocks = blocks or raw_blocks(data)
    empty = (np.zeros((0, len(names))),)
    parts: list[tuple[Array, ...]] = [empty if data.table is None else (data.table.numbers[:0], data.table.codes[:0])]
    for number, row in enumerate(rows, 1):
        try:
            if len(row) != len(names):
                raise InputError("wrong_shape", _wrong_count(len(row), data), value=list(row))
            if data.table is None:
                cells = zip(row, names, data.points.T, strict=True)
                parts.append((np.array([[_parse_cell(cell, name, known) for cell, name, known in cells]]),))
            else:
                parts.append(_with_values(data.table, typed_values(data.table, [row], blocks), blocks))
        except InputError as error:
            if len(rows) > 1:
                error.path = (f"row {number}", *error.path)
            raise
    return _input_rows(data, tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True)), blocks)


def table_rows(data: Dataset, other: TextTable, *, has_cells: bool = True) -> InputRows:
    """Return the rows of another table.

    Args:
        data: The data of the network.
        other: The table. It has the raw inputs by name and in any order; without a header it may have them in their
            order. It may have the target, too.
        has_cells: Whether the result has the raw inputs of each row, which take much longer than its arrays.

    Raises:
        InputError: For a column that is missing, and for a value that is not valid.
    """
    if data.table is None:
        columns = zip(raw_names(data), input_columns(raw_names(data), other), data.points.T, strict=True)
        points = np.column_stack([_column_numbers(other, *column) for column in columns])
        return replace(_input_rows(data, (points,), has_cells=has_cells), targets=targets_in(data, other))
    blocks = raw_blocks(data)
    try:
        values = _with_values(data.table, table_values(data.table, other), blocks)
    except InputError as error:
        error.file = error.file or other.file
        raise
    return replace(_input_rows(data, values, blocks, has_cells=has_cells), targets=targets_in(data, other))


def _input_rows(
    data: Dataset, values: tuple[Array, ...], blocks: Sequence[InputBlock] = (), *, has_cells: bool = True
) -> InputRows:
    """Return rows of points, or of the numbers and codes of a table, and the network inputs that they become."""
    if data.table is None:
        (points,) = values
        cells = raw_cells(data, points) if has_cells else ()
    else:
        numbers, codes = values
        points = encode_values(data.table, data.fill, numbers, codes, blocks)
        cells = raw_rows(data.table, numbers, codes, blocks) if has_cells else ()
    x = network_inputs(data, points)
    if not np.isfinite(x).all():
        raise InputError("overflow", message("the inputs overflow; write smaller numbers."))
    return InputRows(raw_names(data), cells, x, points)


def _with_values(table: TableData, values: tuple[Array, Array], blocks: Sequence[InputBlock]) -> tuple[Array, Array]:
    """Return the numbers and codes of rows, or raise InputError if one is missing that may not be missing."""
    numbers, codes = values
    if table.plan.missing != "mean":
        for block in blocks:
            if (
                codes[:, block.place] < 0 if block.column.kind == "category" else np.isnan(numbers[:, block.place])
            ).any():
                raise InputError("missing", _MISSING, path=(block.column.name,))
    return values


def _column_numbers(other: TextTable, name: str, column: TextColumn, known: Array) -> Array:
    """Return the numbers (rows,) of a column, or raise InputError if a value is missing or no number."""
    if column.numbers is None:
        text = column.exception or column.texts[0]
        problem = not_a_number(text, other.layout.decimal, known)
        raise InputError("wrong_type", problem, path=(name,), value=text, file=other.file, line=column.exception_line)
    if np.isnan(column.numbers).any():
        raise InputError("missing", _MISSING, path=(name,), file=other.file, line=column.missing_line)
    return column.numbers


def _wrong_count(count: int, data: Dataset) -> Message:
    names = raw_names(data)
    shown = ", ".join(printable(truncate(name)) for name in names[:_MAX_NAMES])
    if len(names) > _MAX_NAMES:
        shown += ", …"
    problem = message_plural(
        "{count} value is written, but a row has {inputs}: {names}.",
        "{count} values are written, but a row has {inputs}: {names}.",
        count,
        inputs=len(names),
        names=shown,
    )
    if data.table is not None and data.table.layout.decimal == ",":
        return message("{problem} Write ; between values, because the decimal mark is a comma.", problem=problem)
    if data.table is not None and count == len(names) + 1:
        target = printable(truncate(data.table.plan.target.name))
        return message("{problem} A row has no value for the target {target}.", problem=problem, target=target)
    return problem


def _parse_cell(cell: str, name: str, known: Array) -> float:
    number = parse_number(cell)
    if number is None:
        problem = not_a_number(cell, ".", known)
        if not cell.strip():
            problem = message("the value is missing; write a number.")
        raise InputError("wrong_type" if cell.strip() else "missing", problem, path=(name,), value=cell)
    if not np.isfinite(number):
        problem = message("{value} is too large for a 64-bit number.", value=quote(cell))
        raise InputError("out_of_range", problem, path=(name,), value=cell)
    return number
