"""Deciding what each column of a table is used for: the target, an input, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nn_tui.core.errors import InputError
from nn_tui.core.table.dates import date_order
from nn_tui.core.table.kinds import ColumnFacts, boolean_texts, number_texts, table_facts
from nn_tui.core.table.no_input import no_input_error
from nn_tui.core.table.pixels import find_pixels, image_shape
from nn_tui.core.table.target import choose_target, target_column
from nn_tui.core.table.values import (
    MAX_CLASSES,
    TableColumn,
    TableOptions,
    TablePlan,
    TableWarning,
    TextColumn,
    TextTable,
)
from nn_tui.core.table.warnings import plan_warnings
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import message


def plan_table(
    table: TextTable,
    options: TableOptions,
    target: str | None,
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
        InputError: For a name that no column has, for choices that exclude each other, and for a target with fewer than
            two values. Its path is that of the option, such as ``("data", "drop")``.
    """
    facts = table_facts(table) if facts is None else facts
    if len(table.columns) < 2:
        name = quote(table.columns[0].name)
        problem = message("the only column is {name}, but an input and a target are needed.", name=name)
        raise InputError("wrong_shape", problem)
    _check_names(table, options, target)
    pixels = find_pixels(table.columns)
    if target is None:
        excluded = frozenset((*options.drop, *options.keep, *options.categories))
        place, reason = choose_target(table, facts, pixels, excluded)
    else:
        place, reason = [column.name for column in table.columns].index(target), "asked"
    target_result, target_kind, is_doubtful = target_column(table, place, facts[place], reason, options.target_kind)
    pixel_set = frozenset(pixels)
    columns = [
        target_result if index == place else _column(column, facts[index], options, index in pixel_set)
        for index, column in enumerate(table.columns)
    ]
    if not any(column.role == "input" for column in columns):
        columns = _with_only_input(table, columns, facts)
    inputs = tuple(index for index, column in enumerate(columns) if column.role == "input")
    shape = image_shape([columns[index].name for index in inputs]) if inputs == pixels else None
    plan = TablePlan(tuple(columns), target_kind, options.missing or "mean", shape)
    warnings = tuple(plan_warnings(table, plan, facts, is_doubtful))
    encoding = table.layout.encoding
    if options.encoding is None and not encoding.startswith(("utf-", "iso2022")):
        warnings = (TableWarning("encoding", other=encoding), *warnings)
    return replace(plan, warnings=warnings)


def resolved_options(
    table: TextTable, plan: TablePlan, options: TableOptions, *, facts: Sequence[ColumnFacts] | None = None
) -> TableOptions:
    """Return options that say explicitly what was assumed, so that the same plan follows from them.

    Args:
        table: The table.
        plan: Its plan; the name of its target is not a part of the options.
        options: The options from which the plan was made.
        facts: The result of :func:`table_facts` for this table, if it is there already.
    """
    facts = table_facts(table) if facts is None else facts
    layout = table.layout
    pixels = frozenset(find_pixels(table.columns))
    keep = tuple(
        column.name
        for index, column in enumerate(plan.columns)
        if column.role == "input" and facts[index].reason and index not in pixels
    )
    codes = (
        column.name
        for index, column in enumerate(plan.columns)
        if column.kind == "category" and column.role == "input" and table.columns[index].numbers is not None
    )
    categories = (*options.categories, *(name for name in codes if name not in options.categories))
    return replace(
        options,
        separator=layout.separator,
        decimal=layout.decimal,
        header=layout.header,
        encoding=layout.encoding,
        drop=tuple(column.name for column in plan.columns if column.role == "ignored"),
        keep=tuple(name for name in keep if name not in categories),
        categories=categories,
        target_kind=plan.target_kind,
        missing=plan.missing,
    )


def _check_names(table: TextTable, options: TableOptions, target: str | None) -> None:
    names = {column.name for column in table.columns}
    uses: dict[str, str] = {} if target is None else {target: "target"}
    asked = [] if target is None else [("target", target)]
    for key, group in (("drop", options.drop), ("keep", options.keep), ("categories", options.categories)):
        asked += [(key, name) for name in group]
    for key, name in asked:
        if name not in names:
            nearest = tuple(closest_names(name, names, 3) or closest_names(name, names, cutoff=0.0))
            problem = message("there is no column {name}.", name=quote(name))
            raise InputError("not_found", problem, path=("data", key), value=name, suggestions=nearest)
        other = uses.setdefault(name, key)
        if other != key and {other, key} != {"keep", "categories"}:
            problem = message("{name} is also in {other}; name it in one of them.", name=quote(name), other=other)
            if other == "target":
                problem = message("{name} is the target; choose another target or another column.", name=quote(name))
            raise InputError("conflict", problem, path=("data", key), value=name)


def _column(column: TextColumn, facts: ColumnFacts, options: TableOptions, is_pixel: bool) -> TableColumn:
    """Return an input or an ignored column."""
    result = TableColumn(column.name, "input", facts.kind, facts.missing, facts.distinct)
    if column.name in options.drop:
        return replace(result, role="ignored", reason="asked")
    if column.name in options.categories:
        return replace(_as_category(column, result, "categories"), reason="asked")
    if column.name in options.keep:
        return replace(_as_input(column, result), reason="asked")
    if facts.reason and not (is_pixel and facts.distinct):
        return replace(result, role="ignored", reason=facts.reason)
    if column.numbers is not None and facts.kind == "category":
        return _as_category(column, result, "categories")
    return _as_input(column, result)


def _as_input(column: TextColumn, result: TableColumn) -> TableColumn:
    """Return a column as an input: a number, a boolean, a category, or a date in days."""
    if column.numbers is not None and result.distinct:
        return replace(result, kind="number")
    if result.kind == "boolean":
        return replace(result, categories=boolean_texts(column.texts) or ())
    if result.kind == "date":
        return replace(result, date_order=date_order(column.texts) or "dmy")
    return _as_category(column, result, "keep")


def _as_category(column: TextColumn, result: TableColumn, key: str) -> TableColumn:
    if not result.distinct:
        problem = message("no row has a value of {name}; leave it out.", name=quote(column.name))
        raise InputError("missing", problem, path=("data", key), value=column.name)
    if result.distinct > MAX_CLASSES:
        problem = message(
            "{name} has {count:,} different values; at most {max:,} are one-hot encoded.",
            name=quote(column.name),
            count=result.distinct,
            max=MAX_CLASSES,
        )
        raise InputError("too_large", problem, path=("data", key), value=column.name)
    texts = tuple(sorted(column.texts)) if column.numbers is None else number_texts(column.numbers)
    return replace(result, kind="category", categories=texts)


def _with_only_input(table: TextTable, columns: list[TableColumn], facts: Sequence[ColumnFacts]) -> list[TableColumn]:
    """Return the columns with an input that would be ignored if there were another one.

    Raises:
        InputError: If no column can be one.
    """
    ignored = [index for index, column in enumerate(columns) if column.role == "ignored" and column.reason != "asked"]
    if not ignored:
        problem = message("every column but the target is left out; leave one in.")
        raise InputError("missing", problem, path=("data", "drop"))
    ids = [index for index in ignored if facts[index].kind == "identifier" and table.columns[index].numbers is not None]
    dates = [index for index in ignored if facts[index].kind == "date"]
    for index in (*ids, *dates)[:1]:
        column = replace(columns[index], role="input")
        columns[index] = replace(_as_input(table.columns[index], column), reason="only_input")
        return columns
    raise no_input_error(table, columns, facts)
