"""The sentences of the page of a table: how large it is, what a person should know, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.preset.default_network import default_network_text
from nn_tui.core.table.sentences import plan_assumptions
from nn_tui.core.table.warning_sentences import COUNTED_IN_COLUMNS, warning_text
from nn_tui.core.translation import Message, message, message_plural
from nn_tui.tui.session.table_review import TableReview

_FIRST = ("missing_dropped",)  # the kinds of warnings that stand before the others
_ABOUT_RANDOM_ROWS = ("repeated_rows", "time_order")  # without test rows that are drawn at random, nothing is wrong
_MAX_PARAMETERS = 3  # for each row of training


def size_text(review: TableReview) -> Message:
    """Return how many rows and columns the table has."""
    columns = len(review.table.columns)
    rows = message_plural("{count:,} row", "{count:,} rows", review.table.row_count)
    return message_plural("{rows}, {count:,} column.", "{rows}, {count:,} columns.", columns, rows=rows)


def table_sentences(review: TableReview) -> Iterator[tuple[Message, bool]]:
    """Yield each warning, then each assumption, and whether it is a warning."""
    is_random = review.test_rows > 0 and not review.data.test_rows
    hidden = COUNTED_IN_COLUMNS if is_random else (*COUNTED_IN_COLUMNS, *_ABOUT_RANDOM_ROWS)
    for warning in sorted(review.plan.warnings, key=lambda each: each.kind not in _FIRST):
        if warning.kind not in hidden:
            yield warning_text(warning), True
    rows = len(review.data.y) - review.test_rows
    if review.parameters > _MAX_PARAMETERS * rows:
        yield _many_parameters_text(review.parameters, rows), True
    yield from ((sentence, False) for sentence in _inputs_texts(review))
    for sentence in plan_assumptions(review.plan)[1:]:  # the first one is about the target, which stands above
        yield sentence, False
    if (review.layers, review.training) != review.own_network:
        yield default_network_text(review.layers, review.training), False


def _many_parameters_text(parameters: int, rows: int) -> Message:
    return message_plural(
        "The network has {parameters:,} parameters and {count:,} row for training, so it may fit that row only.",
        "The network has {parameters:,} parameters and {count:,} rows for training, so it may fit these rows and no "
        "others.",
        rows,
        parameters=parameters,
    )


def _inputs_texts(review: TableReview) -> Iterator[Message]:
    """Yield how the columns become inputs, and what is standardised."""
    plan = review.plan
    columns = len(plan.inputs)
    if columns != review.inputs:
        yield message_plural(
            "{count:,} column becomes {inputs:,} inputs: a category has one for each value, a column of numbers with "
            "gaps one more.",
            "{count:,} columns become {inputs:,} inputs: a category has one for each value, a column of numbers with "
            "gaps one more.",
            columns,
            inputs=review.inputs,
        )
    has_numbers = any(column.kind in ("number", "date") for column in plan.inputs)
    is_standardized = bool(review.changes.get("standardize", True)) and has_numbers
    if is_standardized and plan.target_kind == "numbers" and review.changes.get("standardize_target", True):
        yield message("The numbers and the target are standardised: mean 0 and deviation 1 over the training rows.")
    elif is_standardized:
        yield message("The numbers are standardised: mean 0 and deviation 1 over the training rows.")
