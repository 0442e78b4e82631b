"""What the page of a table says about each column, and about the network that follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nn_tui.core.table.sentences import kind_name, reason_text, role_name
from nn_tui.core.table.values import Role, TextColumn
from nn_tui.core.table.warning_sentences import COUNTED_IN_COLUMNS, warning_text
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message, message_plural, tr, tr_plural
from nn_tui.tui.draw.distribution import category_bars, number_bars
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.table_columns import ColumnLine
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.table_review import TableReview

_ROLE_STYLES = {"input": "text", "target": "accent", "ignored": "dim"}


def role_style(role: Role) -> str:
    """Return the key of the style of columns with a role."""
    return _ROLE_STYLES[role]


def line_name(review: TableReview, line: int, glyphs: Glyphs) -> str:
    """Return the name of a column, or of the first and the last of the pixels that a line stands for."""
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


def column_text(review: TableReview, line: int) -> str:
    """Return a sentence or two about the columns of a line: why they have their role, and what is special."""
    group = review.groups[line]
    column = review.plan.columns[group.start]
    if len(group) > 1:
        return tr("{count:,} columns are the pixels of one image; a pixel that never changes stays.", count=len(group))
    parts: list[Message] = []
    if column.reason:
        parts.append(reason_text(column))
    elif column.missing:
        parts.append(message_plural("{count:,} row has no value.", "{count:,} rows have no value.", column.missing))
    else:
        parts.append(message_plural("{count:,} different value.", "{count:,} different values.", column.distinct))
    parts += [
        warning_text(warning)
        for warning in review.plan.warnings
        if warning.column == column.name and warning.kind not in COUNTED_IN_COLUMNS
    ]
    return tr("{column}: {sentences}", column=quote(column.name), sentences=" ".join(map(str, parts)))


def network_text(review: TableReview) -> str:
    """Return what the network is."""
    columns, classes = len(review.plan.inputs), len(review.data.classes)
    sizes = "–".join(str(size) for size in (review.inputs, *(layer.units for layer in review.layers)))
    target = quote(review.plan.target.name)
    if not classes:
        return tr_plural(
            "{target}, a number, from {count:,} column: network {sizes}, {parameters:,} parameters.",
            "{target}, a number, from {count:,} columns: network {sizes}, {parameters:,} parameters.",
            columns,
            target=target,
            sizes=sizes,
            parameters=review.parameters,
        )
    return tr_plural(
        "{target}, {classes:,} classes, from {count:,} column: network {sizes}, {parameters:,} parameters.",
        "{target}, {classes:,} classes, from {count:,} columns: network {sizes}, {parameters:,} parameters.",
        columns,
        target=target,
        classes=classes,
        sizes=sizes,
        parameters=review.parameters,
    )


def rows_text(review: TableReview) -> str:
    """Return how many rows are for training and for testing."""
    test = review.test_rows
    train = len(review.data.y) - test
    if not test:
        return tr_plural("{count:,} row for training.", "{count:,} rows for training.", train)
    return tr_plural(
        "{count:,} row for training and {test:,} for testing.",
        "{count:,} rows for training and {test:,} for testing.",
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
