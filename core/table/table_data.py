"""The rows of a table for training: targets as numbers, categories as codes, rows without a needed value left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.table.cells import parse_number
from nn_tui.core.table.dates import DateOrder, to_days
from nn_tui.core.table.kinds import boolean_texts, coded_texts, number_texts
from nn_tui.core.table.similar_texts import matched_texts
from nn_tui.core.table.values import TableColumn, TableData, TablePlan, TableWarning, TextColumn, TextTable
from nn_tui.core.table.warnings import filled_warning, is_missing_in
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import message, message_plural

_Array = NDArray[np.float64]
_Mask = NDArray[np.bool_]
_MIN_REPEATED = 0.05  # of the rows: in a table of a few values some rows are always the same
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, with well mixed bits: that of Fibonacci hashing


def table_data(table: TextTable, plan: TablePlan, test: TextTable | None = None) -> TableData:
    """Return the rows of a table for training.

    Rows without a target are left out. ``plan.missing`` says what happens to rows without an input.

    Args:
        table: The table.
        plan: The plan of this table.
        test: A second table, whose rows are the test part. It has the columns of the plan by name.

    Returns:
        The data, with a plan that may have further warnings. The arrays are read-only.

    Raises:
        InputError: If inputs are missing and are refused, if a column of ``test`` does not fit, and if fewer than two
            values of the target are left.
    """
    columns = dict(zip([column.name for column in plan.columns], table.columns, strict=True))
    rows, dropped = _complete_rows(columns, plan)
    classes = _classes(columns[plan.target.name], rows) if plan.target_kind == "classes" else ()
    _check_target(plan, columns[plan.target.name], rows, classes)
    parts = [_part(columns, plan, rows, classes)]
    left_out = _row_numbers(~rows)
    warnings = [warning for warning in plan.warnings if test is None or warning.kind != "time_order"]
    if test is not None:
        with locate_errors(file=test.file):
            columns = _test_columns(test, plan)
            warnings = _with_gaps(warnings, columns, plan)
            columns, unknown = _with_known_categories(columns, plan)
            warnings += unknown
            rows, dropped_test = _complete_rows(columns, plan)
            dropped += dropped_test
            if not rows.any():
                problem = message("no row of the test file has a target.")
                raise InputError("missing", problem, path=("data", "test_csv"))
            if classes:
                columns, matched = _with_known_classes(columns, plan, classes)
                warnings += matched
            new = tuple(name for name in _classes(columns[plan.target.name], rows) if name not in classes)
            if classes and new:
                warnings.append(TableWarning("test_classes", plan.target.name, new[0], len(new)))
                classes = (*classes, *new)
            parts.append(_part(columns, plan, rows, classes))
        left_out = np.concatenate([left_out, _row_numbers(~rows, table.row_count)])
    if dropped:
        left = sum(len(part[2]) for part in parts)
        warnings.append(TableWarning("missing_dropped", other=str(left), count=dropped))
    numbers, codes, y = (np.concatenate(arrays) if test else arrays[0] for arrays in zip(*parts, strict=True))
    repeated = 0 if test or plan.image_shape else _repeated_rows(numbers, codes, y)
    if repeated > _MIN_REPEATED * len(y):
        warnings.append(TableWarning("repeated_rows", count=repeated))
    for array in (numbers, codes, y, left_out):
        array.flags.writeable = False
    plan = replace(plan, warnings=tuple(warnings))
    return TableData(table.layout, plan, numbers, codes, y, classes, left_out, len(parts[1][2]) if test else 0)


def _repeated_rows(numbers: _Array, codes: _Array, y: _Array) -> int:
    """Return how many rows have the inputs and the target of a row before them."""
    hashes = np.zeros(len(y), dtype=np.uint64)
    for column in (*numbers.T, *codes.T, y):
        bits = (np.ascontiguousarray(column) + 0.0).view(np.uint64)  # -0.0 is 0.0
        hashes = (hashes ^ bits ^ (bits >> np.uint64(29))) * _HASH_FACTOR
        hashes ^= hashes >> np.uint64(32)
    return len(y) - int(np.unique(hashes).size)


def _complete_rows(columns: Mapping[str, TextColumn], plan: TablePlan) -> tuple[_Mask, int]:
    """Return a mask of the rows that are used, and how many are left out for a missing input.

    Raises:
        InputError: If an input is missing and is refused.
    """
    rows = ~is_missing_in(columns[plan.target.name])
    with_target = int(rows.sum())
    if plan.missing == "mean" or not with_target:
        return rows, 0
    for column in plan.inputs:
        every_gap = is_missing_in(columns[column.name])
        missing = every_gap & rows
        if not missing.any():
            continue
        if plan.missing == "refuse":
            is_first = every_gap.argmax() == missing.argmax()
            line = columns[column.name].missing_line if is_first else 0
            problem = message_plural(
                "{name} has no value in row {row}; fill it in, or choose mean or drop for missing values.",
                "{name} has no value in {count:,} rows, the first of them row {row}; fill them in, or let missing "
                "values be filled in or left out.",
                int(missing.sum()),
                name=quote(column.name),
                row=int(missing.argmax()) + 1,
            )
            raise InputError("missing", problem, path=("data", "missing"), value="refuse", line=line)
        rows = rows & ~missing
    if not rows.any():
        worst = max(plan.inputs, key=lambda column: int(is_missing_in(columns[column.name]).sum()))
        problem = message(
            "every row has a missing value, so no row is left; leave out {name}, which has the most of them.",
            name=quote(worst.name),
        )
        raise InputError("missing", problem, path=("data", "missing"), value="drop")
    return rows, with_target - int(rows.sum())


def _row_numbers(rows: _Mask, before: int = 0) -> _Array:
    """Return the numbers of the rows of a mask, from 1, behind ``before`` other ones."""
    return np.asarray(np.flatnonzero(rows) + before + 1, dtype=np.float64)


def _classes(column: TextColumn, rows: _Mask) -> tuple[str, ...]:
    """Return the names of the classes that the rows have.

    Numbers are in ascending order, texts in alphabetical order, but ``yes`` comes after ``no`` in any language.
    """
    if column.numbers is not None:
        return number_texts(column.numbers[rows])
    texts = tuple(column.texts[code] for code in np.unique(column.text_codes[rows]).tolist() if code >= 0)
    return boolean_texts(texts) or tuple(sorted(texts))


def _check_target(plan: TablePlan, column: TextColumn, rows: _Mask, classes: Sequence[str]) -> None:
    count = len(classes) or (0 if column.numbers is None else int(np.unique(column.numbers[rows]).size))
    if count < 2:
        problem = message(
            "{name} has the same value in every row that is left; keep more rows or choose another target.",
            name=quote(plan.target.name),
        )
        raise InputError("wrong_shape", problem, path=("data", "target"), value=plan.target.name)


def _test_columns(test: TextTable, plan: TablePlan) -> dict[str, TextColumn]:
    """Return the columns of a test file that the plan uses, by name."""
    columns = {column.name: column for column in test.columns}
    for column in (*plan.inputs, plan.target):
        if column.name not in columns:
            problem = message("the test file has no column {name}.", name=quote(column.name))
            nearest = tuple(closest_names(column.name, columns))
            path = ("data", "test_csv")
            raise InputError("not_found", problem, path=path, value=column.name, suggestions=nearest)
    return columns


def _with_gaps(
    warnings: Sequence[TableWarning], columns: Mapping[str, TextColumn], plan: TablePlan
) -> list[TableWarning]:
    """Return the warnings of a plan with the missing inputs of a test file as well, if they are filled in."""
    if plan.missing != "mean":
        return list(warnings)
    before = {warning.column: warning.count for warning in warnings if warning.kind == "missing_filled"}
    rows = ~is_missing_in(columns[plan.target.name])
    filled = []
    for column in plan.inputs:
        count = before.get(column.name, 0) + int((is_missing_in(columns[column.name]) & rows).sum())
        filled += [filled_warning(column, count)] if count else []
    return [*(warning for warning in warnings if warning.kind != "missing_filled"), *filled]


def _with_known_categories(
    columns: Mapping[str, TextColumn], plan: TablePlan
) -> tuple[dict[str, TextColumn], list[TableWarning]]:
    """Return the columns of a test file without the categories that the plan does not have, and warnings of them."""
    result, warnings = dict(columns), list[TableWarning]()
    for planned in plan.inputs:
        if planned.kind != "category":
            continue
        column = columns[planned.name]
        texts, codes = coded_texts(column)
        indexes = _indexes(column, planned.categories)
        unknown = [texts[code] for code in np.unique(codes[(indexes < 0) & (codes >= 0)]).tolist()]
        if unknown:
            warnings.append(TableWarning("test_categories", planned.name, unknown[0], len(unknown)))
            result[planned.name] = TextColumn(planned.name, None, indexes, planned.categories)
    return result, warnings


def _with_known_classes(
    columns: Mapping[str, TextColumn], plan: TablePlan, classes: Sequence[str]
) -> tuple[dict[str, TextColumn], list[TableWarning]]:
    """Return the columns of a test file with the classes as the first file writes them, and a warning of them."""
    column = columns[plan.target.name]
    matched = matched_texts(column.texts, classes)
    if not matched:
        return dict(columns), []
    texts = tuple(matched.get(text, text) for text in column.texts)
    different = tuple(dict.fromkeys(texts))
    codes = np.array([*map(different.index, texts), -1], dtype=np.int32)[column.text_codes]
    text, other = next(iter(matched.items()))
    warning = TableWarning("matched_classes", column.name, other, len(matched), text=text)
    return {**columns, column.name: replace(column, codes=codes, texts=different)}, [warning]


def _part(
    columns: Mapping[str, TextColumn], plan: TablePlan, rows: _Mask, classes: tuple[str, ...]
) -> tuple[_Array, _Array, _Array]:
    """Return the numbers, the codes and the targets of the rows that are used."""
    every: _Mask | slice = slice(None) if rows.all() else rows
    count = int(rows.sum())
    numeric = [column for column in plan.inputs if column.kind != "category"]
    numbers = np.empty((count, len(numeric)))
    for index, column in enumerate(numeric):
        numbers[:, index] = _numbers(columns[column.name], column)[every]
    categorical = [column for column in plan.inputs if column.kind == "category"]
    codes = np.empty((count, len(categorical)))
    for index, column in enumerate(categorical):
        codes[:, index] = _indexes(columns[column.name], column.categories)[every]
    target = columns[plan.target.name]
    if plan.target_kind == "classes":
        return numbers, codes, _indexes(target, classes)[every].astype(np.float64)
    if target.numbers is None:
        raise _not_numbers(plan.target, target)
    return numbers, codes, target.numbers[every].copy()


def _numbers(column: TextColumn, planned: TableColumn) -> _Array:
    """Return the numbers (rows,) of an input that is a number, a boolean or a date."""
    if column.numbers is not None:
        return column.numbers
    values = [text_number(text, planned) for text in column.texts]
    bad = next((text for text, value in zip(column.texts, values, strict=True) if value is None), None)
    if bad is not None:
        raise _not_numbers(planned, column) if planned.kind == "number" else _not_a_value(planned, bad)
    return np.array([*values, np.nan], dtype=np.float64)[column.text_codes]  # code -1 is the last one, NaN


def text_number(text: str, column: TableColumn) -> float | None:
    """Return the number of a text in an input that is a boolean or a date; None if it is neither."""
    if column.kind == "boolean":
        names = [name.casefold() for name in column.categories]
        return float(names.index(text.casefold())) if text.casefold() in names else None
    order: DateOrder = "mdy" if column.date_order == "mdy" else "dmy"
    return to_days(text, order) if column.kind == "date" else None


def _not_numbers(planned: TableColumn, column: TextColumn) -> InputError:
    """Return the error for a column of texts in a test file that has numbers in the first file."""
    others = (text for text in column.texts if not parse_number(text, ".") and not parse_number(text, ","))
    text = column.exception or next(others, column.texts[0])
    problem = message(
        "{text} in column {name} is not a number, but the column has numbers in the first file.",
        text=quote(text),
        name=quote(planned.name),
    )
    return InputError("wrong_type", problem, path=("data", "test_csv"), value=text, line=column.exception_line)


def _not_a_value(planned: TableColumn, text: str) -> InputError:
    problem = message(
        "{text} in column {name} is not one of its values in the first file.",
        text=quote(text),
        name=quote(planned.name),
    )
    return InputError("wrong_type", problem, path=("data", "test_csv"), value=text)


def _indexes(column: TextColumn, categories: Sequence[str]) -> NDArray[np.int32]:
    """Return the index (rows,) of each value in ``categories``; -1 for missing values and for other ones."""
    texts, codes = coded_texts(column)
    index_of = {name: index for index, name in enumerate(categories)}
    if boolean_texts(tuple(categories)):  # Yes, YES and yes are one value
        folded = {name.casefold(): index for name, index in index_of.items()}
        index_of = {text: folded.get(text.casefold(), -1) for text in texts}
    indexes = np.array([*(index_of.get(text, -1) for text in texts), -1], dtype=np.int32)
    return indexes.take(codes)  # code -1 is the last one
