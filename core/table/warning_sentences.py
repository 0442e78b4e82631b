"""Sentences about what a person should know about a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nn_tui.core.table.values import Reason, TableWarning, WarningKind
from nn_tui.core.text import printable, quote
from nn_tui.core.translation import Message, message, message_plural

COUNTED_IN_COLUMNS: tuple[WarningKind, ...] = ("missing_filled",)
"""The kinds of warnings whose numbers a list of the columns has."""


def _last_is_identifier(w: TableWarning) -> Message:
    return message(
        "The last column {column} looks like an identifier, so {other} is the target.",
        column=quote(w.column),
        other=quote(w.other),
    )


def _last_has_texts(w: TableWarning) -> Message:
    return message(
        "The last column {column} has {count:,} different texts, so {other} is the target.",
        column=quote(w.column),
        count=w.count,
        other=quote(w.other),
    )


_LAST_COLUMN: Mapping[Reason, Callable[[TableWarning], Message]] = {
    "one_value": lambda w: message(
        "The last column {column} has the same value in every row, so {other} is the target.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "empty": lambda w: message(
        "The last column {column} has no values, so {other} is the target.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "date": lambda w: message(
        "The last column {column} has dates or times, so {other} is the target.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "many_texts": _last_has_texts,
    "unique_texts": _last_has_texts,
    "row_number": _last_is_identifier,
    "id_name": _last_is_identifier,
    "unnamed_index": _last_is_identifier,
    "code": _last_is_identifier,
    "": lambda w: message_plural(
        "The last column {column} has a value in only {count:,} row, so {other} is the target.",
        "The last column {column} has a value in only {count:,} rows, so {other} is the target.",
        w.count,
        column=quote(w.column),
        other=quote(w.other),
    ),
}
_WARNINGS: Mapping[WarningKind, Callable[[TableWarning], Message]] = {
    "same_as_target": lambda w: message(
        "{column} has the values of the target {other} under another name; leave it out if it gives the answer away.",
        column=quote(w.column),
        other=quote(w.other),
    ),
    "last_column": lambda w: _LAST_COLUMN[w.reason](w),
    "class_first": lambda w: message(
        "{column} is the target because it is the last column; {other}, with {count} different values, may be the "
        "class.",
        column=quote(w.column),
        other=quote(w.other),
        count=w.count,
    ),
    "maybe_identifier": lambda w: message(
        "{column} has a different whole number in nearly every row; leave it out if it only names the row.",
        column=quote(w.column),
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
    "target_missing": lambda w: (
        message_plural(
            "{count:,} row is left out, because {mark} in {column} means no value; if it is a class, use another word.",
            "{count:,} rows are left out, because {mark} in {column} means no value; if it is a class, use another "
            "word.",
            w.count,
            column=quote(w.column),
            mark=quote(w.other),
        )
        if w.other
        else message_plural(
            "{count:,} row without a value of {column} is left out.",
            "{count:,} rows without a value of {column} are left out.",
            w.count,
            column=quote(w.column),
        )
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
    "encoding": lambda w: message(
        "The encoding {encoding} is a guess; if letters look wrong, choose another one: --encoding, or c in the app.",
        encoding=printable(w.other.upper()),
    ),
    "total_row": lambda w: message(
        "The last row, {text}, may be a total or a mean of the others; leave it out of the file if it is.",
        text=quote(w.other),
    ),
    "decimal": lambda w: (
        message(
            "The numbers of {column} are read with the decimal mark {mark}, those of other columns with the other one.",
            column=quote(w.column),
            mark=quote(w.other),
        )
        if w.column
        else message("The commas in the numbers are taken as decimal commas; they may be thousands marks.")
        if w.other == ","
        else message("The points in the numbers are taken as decimal points; they may be thousands marks.")
        if w.text == "."
        else message("The commas in the numbers are taken as thousands marks; they may be decimal commas.")
    ),
    "not_a_number": lambda w: (
        message(
            "{column} is a column of texts, because {cell} in line {line:,} has another unit or sign than the others; "
            "write all alike if they are numbers.",
            column=quote(w.column),
            cell=quote(w.other),
            line=w.count,
        )
        if w.text
        else message(
            "{column} is a column of texts, because {cell} in line {line:,} is not a number; "
            "correct it if the column has numbers.",
            column=quote(w.column),
            cell=quote(w.other),
            line=w.count,
        )
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
    "matched_classes": lambda w: message_plural(
        "The class {text} of the test file is taken as {other}.",
        "{count:,} classes of the test file are taken as those of the first file, such as {text} as {other}.",
        w.count,
        text=quote(w.text),
        other=quote(w.other),
    ),
    "similar_texts": lambda w: message(
        "{other} and {text} in {column} are taken as two values; write them alike if they mean the same.",
        other=quote(w.other),
        text=quote(w.text),
        column=quote(w.column),
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
