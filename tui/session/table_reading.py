"""Other ways of reading the file of a table: with or without a header, another separator, decimal mark or encoding.

Each function takes the choices of a person, how the file was read, and the choices that were tried last, which may have
failed. It returns the next choices to try, or all that are worth a try.
"""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.table.values import Layout
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.table_review import TableReview, with_change

SEPARATORS = (",", ";", "\t", "|", " ")
_LAYOUT_KEYS = ("separator", "decimal", "header", "encoding")
_COLUMN_KEYS = ("target", "drop", "keep", "categories", "target_kind")


def read_with(changes: DataChanges, key: str, value: object) -> DataChanges:
    """Return choices with another way of reading.

    Choices for columns are left out, because the columns may have other names then; the decimal mark changes none.
    """
    if key != "decimal":
        changes = {name: each for name, each in changes.items() if name not in _COLUMN_KEYS}
    if key == "separator" and changes.get("decimal") == value:
        changes = with_change(changes, "decimal", None)
    return with_change(changes, key, value)


def choices_and_layout(review: TableReview) -> tuple[DataChanges, Layout]:
    """Return the choices for the columns and the rows, and how the file was read, which may have been chosen too."""
    choices = {key: value for key, value in review.changes.items() if key not in _LAYOUT_KEYS}
    return choices, review.table.layout


def other_header(changes: DataChanges, layout: Layout | None, tried: DataChanges) -> DataChanges:
    """Return choices that take the first line as a row if it names the columns, and as names if it is a row."""
    return read_with(changes, "header", not in_force("header", layout, tried, True))


def other_separators(changes: DataChanges, layout: Layout | None, tried: DataChanges) -> Sequence[DataChanges]:
    """Return choices with each other separator, the next one first; most files can be read with one only."""
    current = in_force("separator", layout, tried, None)
    place = SEPARATORS.index(str(current)) + 1 if current in SEPARATORS else 0
    others = [separator for separator in (*SEPARATORS[place:], *SEPARATORS[:place]) if separator != current]
    return [read_with(changes, "separator", separator) for separator in others]


def no_separator_text() -> Message:
    """Return that :func:`other_separators` has none that fits."""
    return message("No other separator gives a table of inputs and a target.")


def other_decimal(changes: DataChanges, layout: Layout | None, tried: DataChanges) -> DataChanges:
    """Return choices with the other decimal mark."""
    return read_with(changes, "decimal", "." if in_force("decimal", layout, tried, ".") == "," else ",")


def in_force(key: str, layout: Layout | None, tried: DataChanges, default: object) -> object:
    """Return what was tried last, else how the file was read, else ``default``."""
    return tried.get(key, default if layout is None else getattr(layout, key))
