"""What a person should know about the plan of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.cells import parse_number
from nn_tui.core.table.kinds import MAX_CATEGORIES, ColumnFacts, coded_texts
from nn_tui.core.table.names import is_time_name, target_rank
from nn_tui.core.table.same_values import same_columns, same_values
from nn_tui.core.table.similar_texts import similar_texts
from nn_tui.core.table.values import TableColumn, TablePlan, TableWarning, TextColumn, TextTable

_TOTALS = frozenset(
    ("total", "totals", "sum", "sums", "average", "averages", "mean", "median", "summe", "gesamt", "insgesamt",
     "durchschnitt", "mittelwert", "somme", "moyenne", "totale", "media", "promedio", "suma", "razem", "średnia",
     "итого", "всего", "среднее", "합계", "총계", "총합", "평균", "소계", "合計", "総計", "平均", "总计", "合计")
)  # fmt: skip
_MAX_PAIRS = 4  # of inputs with the same values that are named; more are counted
_MAX_FIRST_CLASSES = 10
_MIN_IDS, _MIN_ID_SIZE = 0.9, 10_000.0
_MIN_ORDERED_ROWS = 10  # fewer rows may be in the order of a time by chance


def plan_warnings(
    table: TextTable, plan: TablePlan, facts: Sequence[ColumnFacts], is_kind_doubtful: bool
) -> Iterator[TableWarning]:
    """Yield the warnings about a plan: on reading the file, on the target, on the inputs.

    Args:
        table: The table.
        plan: Its plan, without warnings.
        facts: What is known about each column.
        is_kind_doubtful: Whether the target may as well have the other kind.
    """
    target = plan.target
    target_place = plan.columns.index(target)
    inputs = [index for index, column in enumerate(plan.columns) if column.role == "input"]
    yield from _reading_warnings(table)
    yield from _place_warnings(table, plan, facts)
    yield from _target_warnings(table.columns[target_place], plan, is_kind_doubtful)
    if len(inputs) > 1 and plan.image_shape is None:
        for column in same_values([table.columns[index] for index in inputs], table.columns[target_place]):
            yield TableWarning("same_as_target", column.name, target.name)
        pairs = same_columns([(table.columns[index], facts[index].missing, facts[index].distinct) for index in inputs])
        if len(pairs) <= _MAX_PAIRS:
            yield from (TableWarning("same_as_input", column.name, other.name, 1) for column, other in pairs)
        else:
            yield TableWarning("same_as_input", pairs[0][0].name, pairs[0][1].name, len(pairs))
    time = next((column for index, column in enumerate(plan.columns) if _is_in_time(table, plan, index)), None)
    if time is not None:
        yield TableWarning("time_order", time.name)
    for gappy in plan.inputs:
        if 2 * gappy.missing > table.row_count:
            yield TableWarning("mostly_missing", gappy.name, str(table.row_count), gappy.missing)
    if plan.missing == "mean":
        rows = ~is_missing_in(table.columns[target_place])
        for index in inputs:
            if plan.columns[index].missing and (count := int((is_missing_in(table.columns[index]) & rows).sum())):
                yield filled_warning(plan.columns[index], count)
    for place, each in enumerate(plan.columns):
        if each.role != "ignored" and each.kind == "category" and table.columns[place].texts:
            similar = similar_texts(table.columns[place].texts)
            if similar:
                yield TableWarning("similar_texts", each.name, similar[0], text=similar[1])
    constant = [plan.columns[index].name for index in inputs if facts[index].kind == "constant"]
    if constant:
        yield TableWarning("constant_input", constant[0], count=len(constant))


def is_missing_in(column: TextColumn) -> NDArray[np.bool_]:
    """Return a mask of the rows (rows,) without a value of a column."""
    return np.isnan(column.numbers) if column.numbers is not None else column.text_codes < 0


def filled_warning(column: TableColumn, count: int) -> TableWarning:
    """Return the warning that ``count`` rows without a value of an input are used."""
    return TableWarning("missing_filled", column.name, "category" if column.kind == "category" else "number", count)


def _reading_warnings(table: TextTable) -> Iterator[TableWarning]:
    if table.short_rows:
        yield TableWarning("short_rows", other=str(table.short_line), count=table.short_rows)
    if total := _total_text(table):
        yield TableWarning("total_row", other=total)
    if table.is_decimal_doubtful:
        are_points = table.layout.decimal == "." and table.layout.separator == ";"  # else 1,234 is in doubt
        yield TableWarning("decimal", other=table.layout.decimal, text="." if are_points else "")
    for column in table.columns:
        if column.decimal and column.decimal != table.layout.decimal:
            yield TableWarning("decimal", column.name, column.decimal)
        if column.written_name:
            yield TableWarning("renamed", column.name, column.written_name)
        if column.exception_count:
            is_number = parse_number(column.exception, table.layout.decimal) is not None
            yield TableWarning(
                "not_a_number", column.name, column.exception, column.exception_line, text="unit" if is_number else ""
            )


def _place_warnings(table: TextTable, plan: TablePlan, facts: Sequence[ColumnFacts]) -> Iterator[TableWarning]:
    """Yield what the places of the columns say against the choice of the target and of the inputs."""
    target, last = plan.target, plan.columns[-1]
    if plan.image_shape is not None or target.reason == "asked":
        return
    if target is not last and last.reason != "asked":
        reason = facts[-1].reason
        count = facts[-1].distinct if reason else table.row_count - last.missing
        yield TableWarning("last_column", last.name, target.name, count, reason)
    if table.layout.header or target is not last:
        return
    first = next((place for place, fact in enumerate(facts) if fact.kind != "identifier"), 0)
    if _may_be_identifier(table.columns[0], facts[0]) and plan.columns[0].role == "input":
        yield TableWarning("maybe_identifier", plan.columns[0].name)
        first = 1
    if first < 2 and _may_be_class(table, facts, first):
        yield TableWarning("class_first", target.name, plan.columns[first].name, facts[first].distinct)


def _may_be_identifier(column: TextColumn, facts: ColumnFacts) -> bool:
    """Return whether a column without a name has whole numbers of many digits of which hardly any comes twice."""
    values = column.numbers
    if values is None or facts.kind != "number" or facts.missing or facts.distinct < _MIN_IDS * len(values):
        return False
    is_large = float(np.median(np.abs(values))) >= _MIN_ID_SIZE
    return len(values) >= _MIN_ORDERED_ROWS and is_large and bool((values == np.round(values)).all())


def _may_be_class(table: TextTable, facts: Sequence[ColumnFacts], place: int) -> bool:
    """Return whether only this column has few different values, and the last column has many numbers."""
    few = [0 < fact.distinct <= _MAX_FIRST_CLASSES for fact in facts]
    if not few[place] or sum(few) > 1 or table.columns[-1].numbers is None or facts[place].kind == "constant":
        return False
    values = table.columns[place].numbers
    if values is None:
        return all(column.numbers is not None for column in table.columns[place + 1 :])
    values = np.unique(values[~np.isnan(values)])
    return float(values[0]) in (0.0, 1.0) and bool((np.diff(values) == 1.0).all())


def _total_text(table: TextTable) -> str:
    """Return the text of the last row that says that it has totals; empty without one."""
    for column in table.columns:
        codes = column.text_codes
        if len(codes) > 2 and codes[-1] >= 0 and (codes == codes[-1]).sum() == 1:
            text = column.texts[int(codes[-1])]
            if text.casefold().rstrip(":").removeprefix("grand ") in _TOTALS:
                return text
    return ""


def _target_warnings(column: TextColumn, plan: TablePlan, is_kind_doubtful: bool) -> Iterator[TableWarning]:
    target = plan.target
    names = {other.name for other in plan.columns}
    if target.reason == "last" and not target_rank(target.name, names):
        has_x = "x" in {name.casefold() for name in names}  # beside it, y may be a coordinate
        inputs = [other.name for other in plan.inputs if not (has_x and other.name.casefold() == "y")]
        named = max(inputs, key=lambda name: target_rank(name, names), default="")
        if target_rank(named, names) > 1:
            yield TableWarning("target_name", target.name, named)
    if is_kind_doubtful and plan.image_shape is None:
        yield TableWarning("target_kind", target.name, plan.target_kind, target.distinct)
    if target.missing:
        yield TableWarning("target_missing", target.name, column.missing_mark, target.missing)
    if plan.target_kind == "classes":
        if target.distinct > MAX_CATEGORIES:
            yield TableWarning("many_classes", target.name, count=target.distinct)
        single = _single_classes(column)
        if single:
            yield TableWarning("small_class", target.name, single[0], len(single))


def _single_classes(target: TextColumn) -> list[str]:
    """Return the names of the classes that one row has."""
    names, codes = coded_texts(target)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return [name for name, count in zip(names, counts.tolist(), strict=True) if count == 1]


def _is_in_time(table: TextTable, plan: TablePlan, place: int) -> bool:
    """Return whether a column says when each row was: it has dates, or the rows are in the order of a time."""
    column, numbers = plan.columns[place], table.columns[place].numbers
    if column.role == "target" or column.kind == "constant" or table.row_count < _MIN_ORDERED_ROWS:
        return False
    if column.kind == "date":
        return True
    if numbers is None or not is_time_name(column.name) or np.isnan(numbers).any():
        return False
    steps = np.diff(numbers)
    return bool((steps >= 0.0).all() or (steps <= 0.0).all())
