"""Sentences about tables: how a file was read, and what each column is and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nn_tui.core.table.values import Kind, Layout, Role, TableColumn, TableData, TablePlan
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, all_of, message, message_plural

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
    "code": lambda column: message("Its numbers are written like codes, such as 00420 or a telephone number."),
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
        return message_plural(
            "Its only value is an input that is 1 if the row has it, and else 0.",
            "Each of its {count} values is an input that is 0 or 1.",
            len(column.categories),
        )
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


def assumptions(table: TableData) -> tuple[Message, ...]:
    """Return what was assumed about a table, a sentence each: reading, target, ignored columns, missing values."""
    plan = table.plan
    sentences = (layout_text(table.layout), *plan_assumptions(plan))
    is_dropped = plan.missing == "drop" and any(column.missing for column in plan.inputs)
    return (*sentences, message("Rows with missing inputs are left out.")) if is_dropped else sentences


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
    return message("Ignored: {names}.", names=all_of(names, _MAX_NAMES))


def _missing_text(plan: TablePlan) -> Message | None:
    columns = [column for column in plan.inputs if column.missing]
    if not columns:
        return None
    if plan.missing == "drop":
        return None  # the warning says how many rows that leaves
    filled = [warning for warning in plan.warnings if warning.kind == "missing_filled"]
    numbers = sum(warning.count for warning in filled if warning.other != "category")
    categories = sum(warning.count for warning in filled if warning.other == "category")
    if not numbers and not categories:
        return None
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
