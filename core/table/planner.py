"""Deciding what each column of a table is used for: the target, an input, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.table.dates import date_order
from nn_tui.core.table.kinds import MAX_CATEGORIES, ColumnFacts, boolean_texts, table_facts
from nn_tui.core.table.names import target_rank
from nn_tui.core.table.pixels import find_pixels, image_shape
from nn_tui.core.table.same_values import has_same_values
from nn_tui.core.table.target import choose_target, number_target_kind
from nn_tui.core.table.values import (
    Array,
    Reason,
    TableColumn,
    TableOptions,
    TablePlan,
    TableWarning,
    TargetKind,
    TextColumn,
    TextTable,
)
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import message

MAX_KEPT_CATEGORIES = 1_000  # categories of an input that a person asked for, and classes of a target


def plan_table(
    table: TextTable,
    options: TableOptions = TableOptions(),
    target: str | None = None,
    *,
    facts: Sequence[ColumnFacts] | None = None,
) -> TablePlan:
    """Decide what each column of a table is, and what it is used for.

    Args:
        table: The table.
        options: What a person asked for.
        target: The name of the target; None to choose one.
        facts: The result of :func:`table_facts` for this table, if it is there already.

    Raises:
        InputError: For a name that no column has, for choices that exclude each other, and for a target that has fewer
            than two values. Its path is that of the option, such as ``("data", "drop")``.
    """
    facts = table_facts(table) if facts is None else facts
    _check_names(table, options, target)
    pixels = find_pixels(table.columns)
    if len(table.columns) < 2:
        problem = message(
            "the only column is {name}, but an input and a target are needed.", name=quote(table.columns[0].name)
        )
        raise InputError("wrong_shape", problem, file=table.file)
    if target is None:
        place, reason = choose_target(table, facts, pixels, frozenset((*options.drop, *options.keep)))
    else:
        place, reason = [column.name for column in table.columns].index(target), "asked"
    target_column, target_kind, doubtful = _target(table, place, facts[place], reason, options.target_kind)
    columns = [
        target_column if index == place else _column(column, facts[index], options, index in frozenset(pixels))
        for index, column in enumerate(table.columns)
    ]
    if not any(column.role == "input" for column in columns):
        columns = _with_only_input(table, columns, facts)
    plan = TablePlan(tuple(columns), target_kind, options.missing or "mean", _shape(columns, table, pixels))
    return replace(plan, warnings=tuple(_warnings(table, plan, facts, doubtful)))


def _check_names(table: TextTable, options: TableOptions, target: str | None) -> None:
    names = {column.name for column in table.columns}
    uses: dict[str, str] = {}
    asked = [("drop", name) for name in options.drop] + [("keep", name) for name in options.keep]
    for key, name in [("target", target)] * (target is not None) + asked:
        if name not in names:
            problem = message("{file} has no column {name}.", file=table.file or message("the table"), name=quote(name))
            nearest = tuple(closest_names(name or "", names, 3)) or tuple(closest_names(name or "", names, cutoff=0.0))
            raise InputError("not_found", problem, path=("data", key), value=name, suggestions=nearest)
        if uses.setdefault(name, key) != key:
            problem = message("{name} is also in {other}; name it once.", name=quote(name), other=uses[name])
            raise InputError("conflict", problem, path=("data", key), value=name)


def _column(column: TextColumn, facts: ColumnFacts, options: TableOptions, is_pixel: bool) -> TableColumn:
    """Return an input or an ignored column."""
    result = TableColumn(
        column.name, "input", facts.kind, facts.missing, facts.distinct, unit=column.unit if column.unit else ""
    )
    if column.name in options.drop:
        return replace(result, role="ignored", reason="asked")
    if column.name in options.keep:
        return replace(_as_input(column, result), reason="asked")
    if facts.reason and not (is_pixel and facts.distinct):
        return replace(result, role="ignored", reason=facts.reason)
    return _as_input(column, result)


def _as_input(column: TextColumn, result: TableColumn) -> TableColumn:
    """Return a column as an input: a number, a boolean, a category, or a date in days."""
    if not result.distinct:
        problem = message("no row has a value of {name}; leave it out.", name=quote(column.name))
        raise InputError("missing", problem, path=("data", "keep"), value=column.name)
    if column.numbers is not None:
        return replace(result, kind="number")
    if result.kind == "boolean":
        return replace(result, categories=boolean_texts(column.texts) or ())
    if result.kind == "date":
        return replace(result, date_order=date_order(column.texts) or "dmy")
    if result.distinct > MAX_KEPT_CATEGORIES:
        problem = message(
            "{name} has {count:,} different texts; at most {max:,} are one-hot encoded.",
            name=quote(column.name),
            count=result.distinct,
            max=MAX_KEPT_CATEGORIES,
        )
        raise InputError("too_large", problem, path=("data", "keep"), value=column.name)
    return replace(result, kind="category", categories=tuple(sorted(column.texts)))


def _with_only_input(
    table: TextTable, columns: list[TableColumn], facts: Sequence[ColumnFacts]
) -> list[TableColumn]:
    """Return the columns with an input that would be ignored if there were another one.

    Raises:
        InputError: If no column can be one.
    """
    ignored = [index for index, column in enumerate(columns) if column.role == "ignored" and column.reason != "asked"]
    numbers = [index for index in ignored if facts[index].kind == "identifier" and table.columns[index].numbers is not None]
    for index in (*numbers, *(index for index in ignored if facts[index].kind == "date")):
        columns[index] = replace(_as_input(table.columns[index], replace(columns[index], role="input")), reason="only_input")
        return columns
    if not ignored:
        raise InputError("missing", message("every column but the target is left out; leave one in."), path=("data", "drop"))
    problem = message(
        "no column is left as an input; name one that is to be one, such as {name}.", name=quote(columns[ignored[0]].name)
    )
    raise InputError("missing", problem, path=("data", "keep"))


def _shape(columns: Sequence[TableColumn], table: TextTable, pixels: Sequence[int]) -> tuple[int, int] | None:
    inputs = tuple(index for index, column in enumerate(columns) if column.role == "input")
    return image_shape([table.columns[index].name for index in inputs]) if inputs and inputs == tuple(pixels) else None


def _target(
    table: TextTable, place: int, facts: ColumnFacts, reason: Reason, asked: TargetKind | None
) -> tuple[TableColumn, TargetKind, bool]:
    """Return the column of the target, its kind, and whether the kind is doubtful."""
    column = table.columns[place]
    path: KeyPath = ("data", "target")
    if facts.distinct < 2:
        _fail_without_values(column, table.columns[place], facts, path)
    result = TableColumn(column.name, "target", facts.kind, facts.missing, facts.distinct, reason, unit=column.unit)
    if column.numbers is None:
        if asked == "numbers":
            problem = message("{name} has texts, such as {text}, so it has classes.", name=quote(column.name), text=quote(column.texts[0]))
            raise InputError("wrong_type", problem, path=("data", "target_kind"), value=asked)
        _check_class_count(column, facts.distinct)
        return replace(result, kind="boolean" if facts.kind == "boolean" else "category"), "classes", False
    values: Array = np.unique(column.numbers[~np.isnan(column.numbers)])
    kind, doubtful = number_target_kind(values, table.row_count - facts.missing)
    if asked == "classes":
        _check_class_count(column, facts.distinct)
    return replace(result, kind="number"), asked or kind, doubtful and asked is None


def _fail_without_values(column: TextColumn, _: TextColumn, facts: ColumnFacts, path: KeyPath) -> NoReturn:
    if not facts.distinct:
        problem = message("no row has a value of {name}; choose another target.", name=quote(column.name))
        raise InputError("missing", problem, path=path, value=column.name)
    problem = message("{name} has the same value in every row; choose another target.", name=quote(column.name))
    raise InputError("wrong_shape", problem, path=path, value=column.name)


def _check_class_count(column: TextColumn, count: int) -> None:
    if count > MAX_KEPT_CATEGORIES:
        problem = message(
            "{name} has {count:,} different values; at most {max:,} can be classes.",
            name=quote(column.name),
            count=count,
            max=MAX_KEPT_CATEGORIES,
        )
        raise InputError("too_large", problem, path=("data", "target"), value=column.name)


def _warnings(
    table: TextTable, plan: TablePlan, facts: Sequence[ColumnFacts], doubtful: bool
) -> Iterator[TableWarning]:
    target = plan.target
    place = plan.columns.index(target)
    if target.reason == "last" and not target_rank(target.name):
        rest = [column for column in plan.columns if column.role == "input" and column.kind != "text"]
        named = max(rest, key=lambda column: target_rank(column.name), default=target)
        if target_rank(named.name) == 2:
            yield TableWarning("target_name", target.name, named.name)
    if doubtful:
        yield TableWarning("target_kind", target.name, plan.target_kind, target.distinct)
    if plan.target_kind == "classes" and target.distinct > MAX_CATEGORIES:
        yield TableWarning("many_classes", target.name, count=target.distinct)
    if plan.target_kind == "classes":
        yield from _small_classes(table.columns[place])
    if target.missing:
        yield TableWarning("target_missing", target.name, count=target.missing)
    inputs = [index for index, column in enumerate(plan.columns) if column.role == "input"]
    if len(inputs) > 1 and plan.image_shape is None:
        for index in inputs:
            if has_same_values(table.columns[index], table.columns[place]):
                yield TableWarning("same_as_target", plan.columns[index].name, target.name)
    for index in inputs:
        if plan.columns[index].missing and plan.missing == "mean":
            yield TableWarning("missing_filled", plan.columns[index].name, count=plan.columns[index].missing)
    constant = [plan.columns[index].name for index in inputs if facts[index].kind == "constant"]
    if constant:
        yield TableWarning("constant_input", constant[0], count=len(constant))


def _small_classes(target: TextColumn) -> Iterator[TableWarning]:
    if target.numbers is not None:
        values, counts = np.unique(target.numbers[~np.isnan(target.numbers)], return_counts=True)
        names = [f"{value:g}" for value in values]
    else:
        codes = np.zeros(0, dtype=np.int32) if target.codes is None else target.codes
        counts, names = np.bincount(codes[codes >= 0], minlength=len(target.texts)), list(target.texts)
    single = [name for name, count in zip(names, counts.tolist(), strict=True) if count == 1]
    if single:
        yield TableWarning("small_class", target.name, single[0], len(single))
