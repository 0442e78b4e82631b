"""What the page of a table says about each column, and about the network that follows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from nn_tui.core.table.sentences import kind_name, reason_text, role_name
from nn_tui.core.table.values import Role, TableColumn, TextColumn
from nn_tui.core.table.warning_sentences import COUNTED_IN_COLUMNS, warning_text
from nn_tui.core.text import quote, sizes_text
from nn_tui.core.translation import Message, message, message_plural, tr, tr_plural
from nn_tui.tui.draw.distribution import category_bars, number_bars
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.table_columns import ColumnLine
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.table_review import TableReview

_CHOSEN: Mapping[Role, Message] = {
    "input": message("You chose it as an input."),
    "target": message("You chose it as the target."),
    "ignored": message("You chose to leave it out."),
}
_CHOSEN_CATEGORY = message("You chose to take its numbers as categories.")
_MIN_CODES, _MAX_CODES = 3, 10  # different whole numbers that may be codes
_ROLE_STYLES = {"input": "text", "target": "accent", "ignored": "dim"}


def role_style(role: Role) -> str:
    """Return the key of the style of columns with a role."""
    return _ROLE_STYLES[role]


def line_name(review: TableReview, line: int, glyphs: Glyphs) -> str:
    """Return the name of a column, or of the first and the last of the pixels that a line shows."""
    group = review.groups[line]
    name = review.plan.columns[group.start].name
    if len(group) > 1:
        name = tr("{first} … {last}", first=name, last=review.plan.columns[group.stop - 1].name)
    return to_display(name, glyphs.is_ascii)


def column_line(review: TableReview, line: int, glyphs: Glyphs) -> ColumnLine:
    """Return a line of the list of columns."""
    group = review.groups[line]
    column = review.plan.columns[group.start]
    if len(group) > 1:
        height, width = review.plan.image_shape or (1, len(group))
        missing = sum(review.plan.columns[index].missing for index in group)
        kind = tr("{height} {by} {width} image", height=height, by=glyphs.by, width=width)
    else:
        missing, kind = column.missing, str(_kind(review, group.start))
    return ColumnLine(
        line_name(review, line, glyphs),
        str(role_name(column.role)),
        kind,
        missing,
        _pixel_bars(review, group, glyphs) if len(group) > 1 else _bars(review.table.columns[group.start], glyphs),
        role_style(column.role),
    )


def column_text(review: TableReview, line: int, said: Collection[str] = ()) -> str:
    """Return a sentence or two about the columns of a line: why they have their role, and what is special.

    Args:
        review: The table.
        line: The line of the list.
        said: The sentences that stand elsewhere on the page.
    """
    group = review.groups[line]
    column = review.plan.columns[group.start]
    if len(group) > 1:
        return tr("{count:,} columns are the pixels of one image; a pixel that never changes stays.", count=len(group))
    warnings = [each for each in review.plan.warnings if each.column == column.name]
    parts = list(_column_sentences(review, group.start))
    parts += [warning_text(each) for each in warnings if each.kind not in COUNTED_IN_COLUMNS]
    texts = [text for text in map(str, parts) if text not in said]
    return tr("{column}: {sentences}", column=quote(column.name), sentences=" ".join(texts))


def _column_sentences(review: TableReview, index: int) -> Iterator[Message]:
    """Yield why a column has its role as it was read, what a person chose, and how many values there are."""
    column, read = review.plan.columns[index], review.table.columns[index]
    facts = review.facts[index] if review.facts is not None else None
    if column.reason == "asked" and facts is not None and facts.reason:
        yield reason_text(replace(column, reason=facts.reason, distinct=facts.distinct))
    elif column.reason not in ("", "asked"):
        yield reason_text(column)
    elif column.missing and read.missing_mark:
        yield message_plural(
            "{count:,} row has no value, written {mark}.",
            "{count:,} rows have no value, written {mark}.",
            column.missing,
            mark=quote(read.missing_mark),
        )
    elif column.missing:
        yield message_plural("{count:,} row has no value.", "{count:,} rows have no value.", column.missing)
    elif _may_be_codes(column, read):
        yield message(
            "{count:,} different whole numbers; if they are codes, k makes them categories.", count=column.distinct
        )
    else:
        yield message_plural("{count:,} different value.", "{count:,} different values.", column.distinct)
    if column.role == "target" and "target_kind" in review.changes:
        is_class = review.plan.target_kind == "classes"
        yield message("You chose classes.") if is_class else message("You chose quantities.")
    elif column.reason == "asked":
        yield _CHOSEN[column.role] if column.kind != "category" or read.numbers is None else _CHOSEN_CATEGORY


def _may_be_codes(column: TableColumn, read: TextColumn) -> bool:
    """Return whether an input has a few different whole numbers, which may stand for categories."""
    if column.role != "input" or column.kind != "number" or read.numbers is None or read.unit:
        return False
    if not _MIN_CODES <= column.distinct <= _MAX_CODES:
        return False
    return bool((read.numbers == np.round(read.numbers)).all())


def network_text(review: TableReview) -> str:
    """Return what the network is."""
    columns, classes = len(review.plan.inputs), len(review.data.classes)
    target, inputs = quote(review.plan.target.name), review.inputs
    sizes = sizes_text((inputs, *(layer.units for layer in review.layers)))
    parameters = review.parameters
    if columns == inputs and classes:
        return tr_plural(
            "{target}, {classes:,} classes, from {count:,} column: network {sizes}, {parameters:,} parameters.",
            "{target}, {classes:,} classes, from {count:,} columns: network {sizes}, {parameters:,} parameters.",
            columns, target=target, classes=classes, sizes=sizes, parameters=parameters,
        )  # fmt: skip
    if columns == inputs:
        return tr_plural(
            "{target}, a number, from {count:,} column: network {sizes}, {parameters:,} parameters.",
            "{target}, a number, from {count:,} columns: network {sizes}, {parameters:,} parameters.",
            columns, target=target, sizes=sizes, parameters=parameters,
        )  # fmt: skip
    if classes:
        return tr_plural(
            "{target}, {classes:,} classes, from {count:,} column as {inputs:,} inputs: network {sizes}, "
            "{parameters:,} parameters.",
            "{target}, {classes:,} classes, from {count:,} columns as {inputs:,} inputs: network {sizes}, "
            "{parameters:,} parameters.",
            columns, target=target, classes=classes, inputs=inputs, sizes=sizes, parameters=parameters,
        )  # fmt: skip
    return tr_plural(
        "{target}, a number, from {count:,} column as {inputs:,} inputs: network {sizes}, {parameters:,} parameters.",
        "{target}, a number, from {count:,} columns as {inputs:,} inputs: network {sizes}, {parameters:,} parameters.",
        columns, target=target, inputs=inputs, sizes=sizes, parameters=parameters,
    )  # fmt: skip


def no_network_text() -> str:
    """Return which keys may give a network if there is none."""
    return tr(
        "These choices give no network: t makes the marked column the target, i an input; h, p, d and c read the file "
        "in another way."
    )


def rows_text(review: TableReview) -> str:
    """Return how many rows are for training and for testing."""
    test = review.test_rows
    train = len(review.data.y) - test
    if not test:
        return tr_plural("{count:,} row for training.", "{count:,} rows for training.", train)
    if review.data.test_rows:
        return tr_plural(
            "{count:,} row for training and {test:,} for testing, from a file of their own.",
            "{count:,} rows for training and {test:,} for testing, from a file of their own.",
            train,
            test=test,
        )
    if review.data.classes:
        return tr_plural(
            "{count:,} row for training and {test:,} for testing, drawn at random: {share:.0%} of each class.",
            "{count:,} rows for training and {test:,} for testing, drawn at random: {share:.0%} of each class.",
            train,
            test=test,
            share=review.test_share,
        )
    return tr_plural(
        "{count:,} row for training and {test:,} for testing, drawn at random.",
        "{count:,} rows for training and {test:,} for testing, drawn at random.",
        train,
        test=test,
    )


def _kind(review: TableReview, index: int) -> Message:
    column = review.plan.columns[index]
    if column.role == "target":
        return message("classes") if review.plan.target_kind == "classes" else message("numbers")
    return kind_name(column.kind)


def _bars(column: TextColumn, glyphs: Glyphs) -> Callable[[int], str]:
    if column.numbers is not None:
        numbers = column.numbers
        return lambda width: number_bars(numbers, glyphs)
    codes = column.text_codes
    counts = np.bincount(codes[codes >= 0], minlength=len(column.texts))
    return partial(category_bars, column.texts, counts, glyphs=glyphs)


def _pixel_bars(review: TableReview, group: range, glyphs: Glyphs) -> Callable[[int], str]:
    columns = [review.table.columns[index].numbers for index in group]
    numbers = np.concatenate([column for column in columns if column is not None])
    return lambda width: number_bars(numbers, glyphs)
