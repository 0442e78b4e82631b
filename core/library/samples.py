"""Samples that a program has, as the description of data that a preset would have of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nn_tui.core.data.opened_table import plan_opened_table
from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import InputError
from nn_tui.core.library.arguments import plain
from nn_tui.core.library.columns import make_table, matrix_columns, named_columns, numbers_in, text_column, to_array
from nn_tui.core.preset.parser import parse_data
from nn_tui.core.spec import Array, Dataset, DataSpec, to_matrix
from nn_tui.core.table.values import TableData, TableOptions, TextColumn
from nn_tui.core.translation import message, message_plural, tr_plural

# How many inputs, rows × columns, a preset has itself. More of them become a table, which takes an eighth of the
# memory, and has one target in a row.
_MAX_INLINE, _MAX_INLINE_WITH_SEVERAL_TARGETS = 200_000, 5_000_000


@dataclass(frozen=True, slots=True)
class Data:
    """The samples of a network, and what is known of the targets.

    Attributes:
        spec: Their description.
        table: Their table; None if the description has all numbers.
        coding: The coding of the targets: ``numbers``, ``zero_one``, ``plus_minus`` or ``one_hot``.
        names: The names of the inputs, if a data frame has them and the description does not; else empty.
    """

    spec: DataSpec
    table: TableData | None
    coding: str
    names: tuple[str, ...] = ()


def data_of(x: object, y: object, outputs: int, options: Mapping[str, object]) -> Data:
    """Return samples as the description that a preset would have of them.

    Args:
        x: The inputs (rows, inputs).
        y: The targets (rows,) or (rows, outputs): numbers, or one label for each row.
        outputs: The units of the output layer.
        options: Keys of ``[data]`` that all kinds of data have.

    Raises:
        InputError: For anything wrong with the samples; its path is that of a preset or begins with the argument.
    """
    common = parse_data({"inputs": [[0]], "targets": [[0]]} | {key: plain(each) for key, each in options.items()})
    named = named_columns(x)
    inputs = list(named.values()) if named is not None else matrix_columns(x, "x")
    names = tuple(named) if named is not None else _numbered(len(inputs))
    title, targets = target_rows(y)
    columns = [numbers_in(column) for column in inputs]
    are_numbers = all(column is not None and np.isfinite(column).all() for column in columns)
    numbers = _target_numbers(targets, outputs)
    max_ = _MAX_INLINE if targets.shape[1] == 1 else _MAX_INLINE_WITH_SEVERAL_TARGETS
    if numbers is not None and are_numbers and len(inputs[0]) * len(inputs) <= max_:
        matrix = np.column_stack([column for column in columns if column is not None])
        return _inline_data(matrix, numbers, common, () if named is None else names)
    if targets.shape[1] != 1:
        problem = message(
            "with several targets in a row, all inputs must be finite numbers, and at most {max:,} of them.",
            max=_MAX_INLINE_WITH_SEVERAL_TARGETS,
        )
        raise InputError("not_available", problem, path=("x",))
    return _table_data(
        [text_column(name, column, "x") for name, column in zip(names, inputs, strict=True)],
        text_column(_free_name(title, names), targets[:, 0], "y"),
        common,
        outputs,
        is_class=numbers is None or coding_of(numbers) == "zero_one",
    )


def target_rows(y: object) -> tuple[str, Any]:
    """Return the name of the targets, and the targets as an array (rows, outputs)."""
    named = named_columns(y)
    if named is not None:
        return next(iter(named), "y"), np.column_stack(list(named.values()))
    values = to_array(y)
    name = getattr(y, "name", None)
    title = name if isinstance(name, str) and name else "y"
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or not values.size:
        problem = message(
            "it has the shape {shape}; give a target for each row, or a row of targets.", shape=str(np.shape(values))
        )
        raise InputError("wrong_shape", problem, path=("y",))
    return title, values


def _target_numbers(targets: Any, outputs: int) -> Array | None:
    """Return targets as the numbers (rows, outputs) that a network learns; None for labels of classes."""
    numbers = numbers_in(targets)
    if numbers is None or np.isnan(numbers).any() or (numbers.shape[1] == 1 and outputs > 1):
        return None
    return numbers


def _inline_data(x: Array, y: Array, common: DataSpec, names: tuple[str, ...]) -> Data:
    if len(x) != len(y):
        raise row_count_error(len(y), len(x))
    spec = replace(common, inputs=to_matrix(x), targets=to_matrix(y))
    return Data(spec, None, coding_of(y), names)


def _table_data(
    inputs: list[TextColumn], target: TextColumn, common: DataSpec, outputs: int, *, is_class: bool
) -> Data:
    table = make_table([*inputs, target], "x")
    names = tuple(column.name for column in inputs)
    options = TableOptions(keep=names, target_kind="classes" if is_class else "numbers")
    spec = replace(common, inputs=None, targets=None, csv="arrays", target=target.name, options=options)
    opened = plan_opened_table(spec, table)
    classes = len(opened.table.classes)
    coding = "zero_one" if classes == 2 and outputs == 1 else "one_hot" if classes else "numbers"
    return Data(opened.spec, opened.table, coding)


def row_count_error(targets: int, inputs: int) -> InputError:
    """Return the error for another number of rows of targets than of inputs; the caller raises it."""
    problem = message_plural(
        "it has {count:,} row, but x has {rows:,}; give a row of targets for each row of inputs.",
        "it has {count:,} rows, but x has {rows:,}; give a row of targets for each row of inputs.",
        targets,
        rows=inputs,
    )
    return InputError("wrong_shape", problem, path=("y",))


def warn_of_rows_left_out(data: Dataset) -> None:
    """Warn of rows that are no samples, because a value of them is missing."""
    if data.table is not None and data.table.rows_left_out:
        problem = tr_plural(
            "{count:,} row has no target and is left out",
            "{count:,} rows have no target and are left out",
            data.table.rows_left_out,
        )
        warnings.warn(problem, UserWarning, stacklevel=5)  # the line that calls the library


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"x{number + 1}" for number in range(count)) if count > 1 else ("x",)


def _free_name(name: str, others: tuple[str, ...]) -> str:
    """Return a name for the targets that no input has."""
    while name in others:
        name = f"{name}_"
    return name
