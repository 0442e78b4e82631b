"""Which column of a table is the target, and whether it has classes or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.table.kinds import MAX_CATEGORIES, ColumnFacts, is_nearly_distinct
from nn_tui.core.table.names import target_rank
from nn_tui.core.table.values import MAX_CLASSES, Reason, TableColumn, TargetKind, TextColumn, TextTable
from nn_tui.core.text import quote
from nn_tui.core.translation import message

_PATH: KeyPath = ("data", "target")
_MAX_NUMBER_CLASSES = 10
_FEW_VALUES = 10
_MIN_ROWS_PER_CLASS = 5
_MANY_CLASSES = 100  # a text of more values is rather a name than a class


def choose_target(
    table: TextTable, facts: Sequence[ColumnFacts], pixels: Sequence[int], excluded: frozenset[str]
) -> tuple[int, Reason]:
    """Return the position of the target, and why it is the target.

    Args:
        table: The table.
        facts: What is known about each.
        pixels: The positions of pixels, which are no targets.
        excluded: The names of columns that a person uses for something else.
    """
    columns, rows, is_pixel = table.columns, table.row_count, frozenset(pixels)
    free = [index for index, column in enumerate(columns) if column.name not in excluded]
    last = len(columns) - 1
    certain = [index for index in free if index not in is_pixel and not is_doubtful(facts[index], rows)]
    if certain and certain[-1] == last:
        return last, "last"
    names = {column.name for column in columns}
    named = max(certain, key=lambda index: (target_rank(columns[index].name, names), index), default=-1)
    if named >= 0 and target_rank(columns[named].name, names):
        return named, "named_like_target"
    if certain:
        return certain[-1], "only_candidate"
    possible = [index for index in free if facts[index].distinct > 1]
    return (possible or free or [last])[-1], "only_candidate"


def is_doubtful(facts: ColumnFacts, rows: int) -> bool:
    """Return whether a column is hardly a target.

    An identifier, a constant, a date, a text of many values, and a column that most rows lack are not.
    """
    filled = rows - facts.missing
    if facts.kind in ("identifier", "constant", "date") or filled < facts.missing:
        return True
    if facts.kind in ("text", "category"):
        many = facts.distinct > MAX_CATEGORIES and facts.distinct * _MIN_ROWS_PER_CLASS > filled
        return many or facts.distinct > _MANY_CLASSES or is_nearly_distinct(facts.distinct, filled)
    return False


def number_target_kind(values: NDArray[np.float64], rows: int) -> tuple[TargetKind, bool]:
    """Return whether the different numbers of a target are classes, and whether a person should be told.

    Args:
        values: The different numbers of the target in ascending order.
        rows: The number of rows that have a target.
    """
    if values.size == 2 and (values[0], values[1]) in ((0.0, 1.0), (-1.0, 1.0)):
        return "classes", False
    whole = bool((values == np.round(values)).all())
    are_digits = whole and values.size <= _MAX_NUMBER_CLASSES and values[0] >= 0.0 and values[-1] <= 9.0
    if are_digits and values.size < rows:  # a class with one row each has nothing to learn from
        return "classes", True
    return "numbers", are_digits or (whole and values.size <= _FEW_VALUES and values.size < rows)


def target_column(
    table: TextTable, place: int, facts: ColumnFacts, reason: Reason, asked: TargetKind | None
) -> tuple[TableColumn, TargetKind, bool]:
    """Return the target, whether it has classes or numbers, and whether a person should be told.

    Args:
        table: The table.
        place: The position of the target.
        facts: What is known about it.
        reason: Why it is the target.
        asked: The kind that a person asked for.

    Raises:
        InputError: If it has fewer than two values, too many classes, or texts where numbers were asked for.
    """
    column = table.columns[place]
    _check_values(column, facts, table.row_count)
    result = TableColumn(column.name, "target", facts.kind, facts.missing, facts.distinct, reason)
    if column.numbers is not None:
        values = np.unique(column.numbers[~np.isnan(column.numbers)])
        kind, is_doubtful = number_target_kind(values, table.row_count - facts.missing)
        result = replace(result, kind="number")
        kind, is_doubtful = (kind, is_doubtful) if asked is None else (asked, False)
    elif asked == "numbers":
        text = quote(column.texts[0])
        problem = message("{name} has texts such as {text}, so it has classes.", name=quote(column.name), text=text)
        raise InputError("wrong_type", problem, path=("data", "target_kind"), value=asked)
    else:
        kind, is_doubtful = "classes", False
        result = replace(result, kind="boolean" if facts.kind == "boolean" else "category")
    if kind == "classes" and facts.distinct > MAX_CLASSES:
        problem = message(
            "{name} has {count:,} different values; at most {max:,} can be classes.",
            name=quote(column.name),
            count=facts.distinct,
            max=MAX_CLASSES,
        )
        raise InputError("too_large", problem, path=_PATH, value=column.name)
    return result, kind, is_doubtful


def _check_values(column: TextColumn, facts: ColumnFacts, rows: int) -> None:
    if rows == 1:
        raise InputError("wrong_shape", message("the table has only one row; at least two are needed."))
    if not facts.distinct:
        problem = message("no row has a value of {name}; choose another target.", name=quote(column.name))
        raise InputError("missing", problem, path=_PATH, value=column.name)
    if facts.distinct == 1:
        problem = message("{name} has the same value in every row; choose another target.", name=quote(column.name))
        raise InputError("wrong_shape", problem, path=_PATH, value=column.name)
