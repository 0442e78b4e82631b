"""Why no column of a table is left as an input."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import parse_number
from nn_tui.core.table.kinds import ColumnFacts
from nn_tui.core.table.values import MAX_CLASSES, TableColumn, TextColumn, TextTable
from nn_tui.core.text import quote
from nn_tui.core.translation import message


def no_input_error(table: TextTable, columns: Sequence[TableColumn], facts: Sequence[ColumnFacts]) -> InputError:
    """Return the error for a table of which no column is left as an input.

    Args:
        table: The table.
        columns: What was decided on its columns, of which some are ignored although nobody asked for it.
        facts: What is known about each column.
    """
    ignored = [place for place, column in enumerate(columns) if column.role == "ignored" and column.reason != "asked"]
    nearly = next(
        (
            column
            for column in (table.columns[place] for place in ignored)
            if column.exception_count and not parse_number(column.exception, table.layout.decimal)
        ),
        None,
    )
    if nearly is not None:
        problem = message(
            "no column is left as an input: {name} is a column of texts, because {cell} in line {line:,} is not a "
            "number; correct it.",
            name=quote(nearly.name),
            cell=quote(nearly.exception),
            line=nearly.exception_line,
        )
        return InputError("wrong_type", problem, value=nearly.exception)
    last = len(columns) - 1
    target = next(column for column in columns if column.role == "target")
    if last in ignored and target.reason != "asked":
        return _no_target_error(table.columns[last], facts[last], target)
    texts = next((place for place in ignored if facts[place].kind in ("text", "identifier")), None)
    if texts is not None and table.columns[texts].texts:
        return _text_error(table, table.columns[texts])
    name = quote(columns[ignored[0]].name)
    if all(facts[place].kind == "constant" for place in ignored):
        problem = message(
            "no column is left as an input, because {name} has no second value; add a column with different values.",
            name=name,
        )
        if len(ignored) > 1:
            problem = message("no column is left as an input, because none but the target has different values.")
        return InputError("wrong_shape", problem)
    problem = message("no column is left as an input; add one to keep, such as {name}.", name=name)
    return InputError("missing", problem, path=("data", "keep"))


def _no_target_error(last: TextColumn, facts: ColumnFacts, target: TableColumn) -> InputError:
    """Return the error for a last column that is no target, beside one that is, and no other column."""
    name, other = quote(last.name), quote(target.name)
    if facts.kind == "constant":
        problem = message(
            "the last column {name} has the same value in every row, so there is nothing to predict from {other}.",
            name=name,
            other=other,
        )
        if not facts.distinct:
            problem = message("the last column {name} has no values; fill it in to predict it.", name=name)
        return InputError("wrong_shape", problem, path=("data", "target"), value=last.name)
    if facts.distinct > MAX_CLASSES:
        problem = message(
            "the last column {name} has {count:,} different texts such as {text}; a target has numbers, or at most "
            "{max:,} classes.",
            name=name,
            count=facts.distinct,
            text=quote(last.texts[0] if last.texts else ""),
            max=MAX_CLASSES,
        )
        return InputError("too_large", problem, path=("data", "target"), value=last.name)
    problem = message(
        "{text} in the last column {name} is not a number, and it has {count:,} different texts; write numbers, or "
        "choose {name} as the target if they are classes.",
        name=name,
        count=facts.distinct,
        text=quote(last.texts[0] if last.texts else ""),
    )
    return InputError("missing", problem, path=("data", "target"), value=last.name)


def _text_error(table: TextTable, column: TextColumn) -> InputError:
    """Return the error for a table whose possible inputs are columns of texts, of which this is the first."""
    name, decimal = quote(column.name), table.layout.decimal
    numbers = [parse_number(text, decimal) for text in column.texts]
    other = next((text for text, number in zip(column.texts, numbers, strict=True) if number is None), None)
    units = dict[str, str]()
    for text, number in zip(column.texts, numbers, strict=True):
        if number:
            units.setdefault(number.unit, text)
    if other is None and len(units) > 1:
        first, second, *_ = units.values()
        problem = message(
            "no column is left as an input: the numbers of {name} have different units, such as {first} and {second}; "
            "write all in one unit.",
            name=name,
            first=quote(first),
            second=quote(second),
        )
        return InputError("wrong_type", problem, value=second)
    if len(column.texts) > MAX_CLASSES:
        problem = message(
            "no column is left as an input: {text} in {name} is not a number, and {name} has too many texts for "
            "categories; write numbers.",
            name=name,
            text=quote(other or column.texts[0]),
        )
        return InputError("wrong_type", problem, value=other)
    problem = message(
        "no column is left as an input: {text} in {name} is not a number; write numbers, or add {name} to keep if its "
        "texts are categories.",
        name=name,
        text=quote(other or column.texts[0]),
    )
    return InputError("missing", problem, path=("data", "keep"))
