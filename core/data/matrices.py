"""Checks of the matrices in a preset or a table: rows of finite numbers, all of one length."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.fields import Section, check_finite
from nn_tui.core.spec import Matrix
from nn_tui.core.translation import message, message_plural


def read_matrix(section: Section, name: str) -> Matrix:
    """Read a list of rows of finite numbers, all of one length and none empty; the key must be there."""
    rows = section.values[name]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        problem = message("it must be a list of rows of numbers, such as [[0.1, 0.2], [0.3, 0.4]].")
        raise section.error("wrong_type", name, problem)
    path = section.key(name)
    check_row_lengths(rows, path)
    return tuple(tuple(check_finite(value, (*path, i, j)) for j, value in enumerate(row)) for i, row in enumerate(rows))


def check_row_lengths(rows: Sequence[Sequence[object]], path: KeyPath) -> None:
    """Raise InputError if a row of the matrix at ``path`` is longer or shorter than the first one."""
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            problem = message_plural(
                "this row has {count} number, but the first row has {first}.",
                "this row has {count} numbers, but the first row has {first}.",
                len(row),
                first=len(rows[0]),
            )
            raise InputError("wrong_shape", problem, path=(*path, index), value=row)


def check_row_counts(inputs: Matrix, targets: Matrix) -> None:
    """Raise InputError unless a table has a row of targets for each row of inputs."""
    if len(inputs) != len(targets):
        problem = message_plural(
            "it has {count} row, but inputs has {inputs}; write one row of targets for each row of inputs.",
            "it has {count} rows, but inputs has {inputs}; write one row of targets for each row of inputs.",
            len(targets),
            inputs=len(inputs),
        )
        raise InputError("wrong_shape", problem, path=("data", "targets"), value=targets)
