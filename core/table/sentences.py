"""Sentences about tables: how a file was read, what each column is and why, and what a person should know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nn_tui.core.table.values import Kind, Layout, Role, TableColumn, TableData, TablePlan, TableWarning, WarningKind
from nn_tui.core.text import printable, quote
from nn_tui.core.translation import Message, all_of, message, message_plural

COUNTED_IN_COLUMNS: tuple[WarningKind, ...] = ("missing_filled",)
"""The kinds of warnings whose numbers a list of the columns has."""

_MAX_NAMES = 5  # columns that a sentence names

_KIND_NAMES: Mapping[Kind, Message] = {
    "number": message("number"),
    "boolean": message("yes or no"),
    "category": message("category"),
    "date": message("date"),
    "identifier": message("identifier"),
    "constant": message("constant"),
    "text": message("text"),
}
_ROLE_NAMES: Mapping[Role, Message] = {
    "input": message("input"),
    "target": message("target"),
    "ignored": message("ignored"),
}
_SEPARATOR_NAMES = {
    ",": message("commas"),
    ";": message("semicolons"),
    "\t": message("tabs"),
    " ": message("spaces"),
    "|": message("vertical bars"),
    ":": message("colons"),
}
_REASONS: Mapping[str, Callable[[TableColumn], Message]] = {
    "asked": lambda column: message("You chose this."),
    "last": lambda column: message("It is the last column."),
    "named_like_target": lambda column: message("It is named like a target, which the last column is not."),
    "only_candidate": lambda column: message("It is the last column that looks like a target."),
    "only_input": lambda column: message("It is the only column that is left as an input."),
    "row_number": lambda column: message("It numbers the rows."),
    "id_name": lambda column: message("It is named like an identifier, and differs in nearly every row."),
    "unique_texts": lambda column: message("It has a different text in each row."),
    "unnamed_index": lambda column: message("It is a column of row numbers without a name."),
    "one_value": lambda column: message("It has the same value in every row."),
    "date": lambda column: message("It has dates or times."),
    "many_texts": lambda column: message(
        "It has {count:,} different texts, too many for categories.", count=column.distinct
    ),
    "empty": lambda column: message("No row has a value."),
}


def kind_name(kind: Kind) -> Message:
    """Return the name of a kind of columns."""
    return _KIND_NAMES[kind]


def role_name(role: Role) -> Message:
    """Return the name of a role."""
    return _ROLE_NAMES[role]


def reason_text(column: TableColumn) -> Message:
    """Return why a column has its role, or what an input without a special reason becomes, as a sentence."""
    if column.reason:
        return _REASONS[column.reason](column)
    if column.kind == "boolean":
        zero, one = column.categories or ("0", "1")
        return message("{one} is 1 and {zero} is 0.", one=quote(one), zero=quote(zero))
    if column.kind == "category":
        return message("Each of its {count} values is an input that is 0 or 1.", count=len(column.categories))
    if column.kind == "date":
        return message("It is counted in days from 1 January 1970.")
    return message("It is a number.")


def layout_text(layout: Layout) -> Message:
    """Return how a file was read, as a sentence."""
    parts: list[object] = [message("with a header") if layout.header else message("without a header")]
    if layout.decimal == ",":
        parts.append(message("with decimal commas"))
    if layout.skipped_lines:
        parts.append(
            message_plural(
                "without {count} line that is not part of the table",
                "without {count} lines that are not part of the table",
                layout.skipped_lines,
            )
        )
    return message(
        "Read as {encoding} text separated by {separator}, {parts}.",
        encoding=layout.encoding.upper(),
        separator=_SEPARATOR_NAMES.get(layout.separator, quote(layout.separator)),
        parts=all_of(parts),
    )


_WARNINGS: Mapping[WarningKind, Callable[[TableWarning], Message]] = {
    "same_as_target": lambda w: message(
        "{column} has the values of the target {other} under another name; leave it out if it gives the answer away.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "target_name": lambda w: message(
        "{column} is the target because it is the last column; {other} is also named like a target.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "target_kind": lambda w: (
        message(
            "The {count} different numbers of {column} are taken as classes; they may be quantities.",
            column=quote(w.column),
            count=w.count,
        )
        if w.other == "classes"
        else message(
            "The {count} different numbers of {column} are taken as quantities; they may be classes.",
            column=quote(w.column),
            count=w.count,
        )
    ),
    "target_missing": lambda w: message_plural(
        "{count:,} row without a value of {column} is left out.",
        "{count:,} rows without a value of {column} are left out.",
        w.count,
        column=quote(w.column),
    ),
    "missing_filled": lambda w: (
        message_plural(
            "{count:,} row has no value of {column}: missing is a category of its own.",
            "{count:,} rows have no value of {column}: missing is a category of its own.",
            w.count,
            column=quote(w.column),
        )
        if w.other == "category"
        else message_plural(
            "{count:,} row has no value of {column}: it gets the training mean, and an extra input marks it.",
            "{count:,} rows have no value of {column}: they get the training mean, and an extra input marks them.",
            w.count,
            column=quote(w.column),
        )
    ),
    "missing_dropped": lambda w: message_plural(
        "{count:,} row with a missing input is left out; {left} rows remain.",
        "{count:,} rows with missing inputs are left out; {left} rows remain.",
        w.count,
        left=printable(w.other),
    ),
    "mostly_missing": lambda w: message(
        "{column} has no value in {count:,} of {rows} rows; leave it out unless a missing value has a meaning.",
        column=quote(w.column),
        count=w.count,
        rows=printable(w.other),
    ),
    "same_as_input": lambda w: message_plural(
        "{column} says the same as {other}; one of them is enough.",
        "{count:,} inputs say the same as another one, such as {column} as {other}; one of each is enough.",
        w.count,
        column=quote(w.column),
        other=quote(w.other),
    ),
    "repeated_rows": lambda w: message_plural(
        "{count:,} row is the same as an earlier one; if it is a test row, the test result is too good.",
        "{count:,} rows are the same as an earlier one; if they are test rows, the test result is too good.",
        w.count,
    ),
    "time_order": lambda w: message(
        "{column} is a time, and the test rows are drawn at random between the training rows; later rows may be "
        "predicted worse than the test rows.",
        column=quote(w.column),
    ),
    "many_classes": lambda w: message(
        "{column} has {count:,} different values, and each is a class.", column=quote(w.column), count=w.count
    ),
    "small_class": lambda w: message_plural(
        "Only one row has the class {other}.",
        "{count:,} classes have only one row each, such as {other}.",
        w.count,
        other=quote(w.other),
    ),
    "constant_input": lambda w: message_plural(
        "{column} has the same value in every row.",
        "{count:,} inputs have the same value in every row, such as {column}.",
        w.count,
        column=quote(w.column),
    ),
    "decimal": lambda w: (
        message("The commas in the numbers are taken as decimal commas; they may be thousands marks.")
        if w.other == ","
        else message("The commas in the numbers are taken as thousands marks; they may be decimal commas.")
    ),
    "not_a_number": lambda w: message(
        "{column} is a column of texts, because {cell} in line {line:,} is not a number; "
        "correct it if the column has numbers.",
        column=quote(w.column),
        cell=quote(w.other),
        line=w.count,
    ),
    "renamed": lambda w: message(
        "Another column is named {other} too, so this one is called {column}.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "short_rows": lambda w: message_plural(
        "{count:,} row, in line {line}, has fewer values than there are columns; the others are missing.",
        "{count:,} rows have fewer values than there are columns, the first in line {line}; the others are missing.",
        w.count,
        line=w.other,
    ),
    "test_classes": lambda w: message_plural(
        "The class {other} is in the test file, but in no training row.",
        "{count:,} classes are in the test file, but in no training row, such as {other}.",
        w.count,
        other=quote(w.other),
    ),
    "test_categories": lambda w: message_plural(
        "The value {other} of {column} is in the test file, but in no training row; it counts as missing.",
        "{count:,} values of {column} are in the test file, but in no training row, such as {other}; "
        "they count as missing.",
        w.count,
        column=quote(w.column),
        other=quote(w.other),
    ),
}


def warning_text(warning: TableWarning) -> Message:
    """Return what a person should know, as a sentence."""
    return _WARNINGS[warning.kind](warning)


def assumptions(table: TableData) -> tuple[Message, ...]:
    """Return what was assumed about a table, a sentence each: reading, target, ignored columns, missing values."""
    return (layout_text(table.layout), *plan_assumptions(table.plan))


def plan_assumptions(plan: TablePlan) -> tuple[Message, ...]:
    """Return what was assumed about the columns of a table, a sentence each."""
    return tuple(sentence for sentence in (_target_text(plan), _ignored_text(plan), _missing_text(plan)) if sentence)


def _target_text(plan: TablePlan) -> Message:
    target = plan.target
    if plan.target_kind == "numbers":
        return message("The target is {name}, a number.", name=quote(target.name))
    return message("The target is {name}, with {count} classes.", name=quote(target.name), count=target.distinct)


def _ignored_text(plan: TablePlan) -> Message | None:
    ignored = [column for column in plan.columns if column.role == "ignored" and column.reason != "asked"]
    if not ignored:
        return None
    names: list[object] = [
        message("{name} ({kind})", name=quote(column.name), kind=kind_name(column.kind)) for column in ignored
    ]
    if len(names) > _MAX_NAMES:
        names = [*names[:_MAX_NAMES], message("{count:,} more", count=len(names) - _MAX_NAMES)]
    return message("Ignored: {names}.", names=all_of(names))


def _missing_text(plan: TablePlan) -> Message | None:
    columns = [column for column in plan.inputs if column.missing]
    if not columns:
        return None
    if plan.missing == "drop":
        return message("Rows with missing inputs are left out.")
    numbers = sum(column.missing for column in columns if column.kind != "category")
    categories = sum(column.missing for column in columns if column.kind == "category")
    if not categories:
        return message_plural(
            "{count:,} missing value becomes the mean of the training rows, and one more input of its column marks it.",
            "{count:,} missing values become the mean of the training rows, and one more input of each such column "
            "marks them.",
            numbers,
        )
    if not numbers:
        return message_plural(
            "{count:,} missing text is a category of its own.",
            "{count:,} missing texts are a category of their own.",
            categories,
        )
    return message(
        "{numbers:,} missing values become the mean of the training rows, and one more input of each such column marks "
        "them; {texts:,} missing texts are a category of their own.",
        numbers=numbers,
        texts=categories,
    )
