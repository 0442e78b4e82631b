"""The sentences of the page of a table: how large it is, what a person should know, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.preset.default_network import default_network_text
from nn_tui.core.table.sentences import plan_assumptions
from nn_tui.core.table.warning_sentences import COUNTED_IN_COLUMNS, warning_text
from nn_tui.core.translation import Message, message_plural
from nn_tui.tui.session.table_review import TableReview


def size_text(review: TableReview) -> Message:
    """Return how many rows and columns the table has."""
    columns = len(review.table.columns)
    rows = message_plural("{count:,} row", "{count:,} rows", review.table.row_count)
    return message_plural("{rows}, {count:,} column.", "{rows}, {count:,} columns.", columns, rows=rows)


def table_sentences(review: TableReview) -> Iterator[tuple[Message, bool]]:
    """Yield each warning, then each assumption, and whether it is a warning."""
    for warning in review.plan.warnings:
        if warning.kind not in COUNTED_IN_COLUMNS:
            yield warning_text(warning), True
    for sentence in plan_assumptions(review.plan)[1:]:  # the first one is about the target, which stands above
        yield sentence, False
    if (review.layers, review.training) != review.own_network:
        yield default_network_text(review.layers, review.training), False
