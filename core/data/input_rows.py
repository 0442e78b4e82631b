"""Rows of raw inputs that a network can predict: rows of the data, and rows that a person types.

Raw inputs are the inputs before features, one-hot columns and standardisation: numbers in their own units, and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.rows import load_rows
from nn_tui.core.data.typed_cells import Cell, parse_number
from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.spec import Array, Dataset, Experiment
from nn_tui.core.text import printable, quote, truncate
from nn_tui.core.translation import Message, message, message_plural

_MAX_NAMES = 8  # names of inputs in an error; the others are counted


@dataclass(frozen=True, slots=True, eq=False)
class InputRows:
    """Rows of raw inputs, and the same rows as the network gets them.

    Attributes:
        names: The names of the raw inputs.
        cells: The raw inputs of each row.
        x: The network inputs (rows, inputs).
        numbers: The number of each row in the data, from 1; empty for rows from elsewhere.
        positions: The index (rows,) of each row among the training rows and the test rows behind them; None for rows
            from elsewhere.
    """

    names: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    x: Array
    numbers: tuple[int, ...] = ()
    positions: NDArray[np.intp] | None = None


def raw_names(data: Dataset) -> tuple[str, ...]:
    """Return the names of the raw inputs."""
    return tuple(f"x{n + 1}" for n in range(data.points.shape[1])) if data.features else data.input_names


def raw_cells(data: Dataset, points: Array) -> tuple[tuple[Cell, ...], ...]:
    """Return raw points (rows, columns) as cells."""
    return tuple(map(tuple, points.tolist()))


def row_positions(experiment: Experiment) -> NDArray[np.intp]:
    """Return where the split has put each row of the data, in the order of the file, the table or the generator.

    Returns:
        The index (rows,) of each row among the training rows and the test rows behind them.

    Raises:
        InputError: If the file of the data is needed and cannot be read.
    """
    data, spec = experiment.data, experiment.preset.data
    rows, test_rows = len(data.x), len(data.x_test)
    if not test_rows:
        return np.arange(rows)
    outputs = experiment.layers[-1].units
    is_test = load_rows(spec, experiment.seed, experiment.preset.folder, outputs=outputs, table=data.table).test
    return np.where(is_test, rows - 1 + np.cumsum(is_test), np.cumsum(~is_test) - 1)


def own_rows(experiment: Experiment, numbers: Iterable[int]) -> InputRows:
    """Return rows of the data.

    Args:
        experiment: The experiment.
        numbers: The numbers of the rows, from 1, in the order of the file, the table or the generator. Rows of the
            training part and of the test part are numbered together.

    Raises:
        InputError: For a row that the data does not have.
    """
    data = experiment.data
    count = len(data.x) + len(data.x_test)
    known: list[int] = []
    for number in numbers:
        if not 1 <= number <= count:
            raise InputError("not_found", _no_such_row(number, count), value=number)
        known.append(number)
    positions = row_positions(experiment)[np.array(known, dtype=np.intp) - 1]
    points = take_rows(positions, data.points, data.points_test)
    x = take_rows(positions, data.x, data.x_test)
    return InputRows(raw_names(data), raw_cells(data, points), x, tuple(known), positions)


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


def typed_rows(data: Dataset, rows: Sequence[Sequence[str]]) -> InputRows:
    """Return rows that a person typed.

    Args:
        data: The data of the network.
        rows: The cells of each row, in the order of :func:`raw_names`.

    Raises:
        InputError: For a row with another number of cells, and for a cell that is not valid. The path of the error is
            the number of the row, from 1, if there are several, and the name of the input.
    """
    names = raw_names(data)
    points = np.empty((len(rows), len(names)))
    for index, row in enumerate(rows):
        path: KeyPath = (f"row {index + 1}",) if len(rows) > 1 else ()
        if len(row) != len(names):
            raise InputError("wrong_shape", _wrong_count(len(row), names), path=path, value=list(row))
        points[index] = [_parse_cell(cell, (*path, name)) for cell, name in zip(row, names, strict=True)]
    x = network_inputs(data, points)
    if not np.isfinite(x).all():
        raise InputError("overflow", message("the inputs overflow; write smaller numbers."))
    return InputRows(names, raw_cells(data, points), x)


def _wrong_count(count: int, names: Sequence[str]) -> Message:
    shown = ", ".join(printable(truncate(name)) for name in names[:_MAX_NAMES])
    if len(names) > _MAX_NAMES:
        shown += ", …"
    return message_plural(
        "{count} value is written, but a row has {inputs}: {names}.",
        "{count} values are written, but a row has {inputs}: {names}.",
        count,
        inputs=len(names),
        names=shown,
    )


def _parse_cell(cell: str, path: KeyPath) -> float:
    number = parse_number(cell)
    if number is None:
        problem = message("{value} is not a number; write one such as -1.5.", value=quote(cell))
        if not cell.strip():
            problem = message("the value is missing; write a number such as -1.5.")
        raise InputError("wrong_type" if cell.strip() else "missing", problem, path=path, value=cell)
    if not np.isfinite(number):
        problem = message("{value} is too large for a 64-bit number.", value=quote(cell))
        raise InputError("out_of_range", problem, path=path, value=cell)
    return number
