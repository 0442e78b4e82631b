"""What the keys of the screen of a table do: choices for its columns, and other ways of reading its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.table.values import Layout
from nn_tui.tui.session import table_reading, table_review
from nn_tui.tui.session.table_review import TableReview

BINDINGS = (
    ("escape,q", "cancel", "Back"),
    ("enter", "open", "Open the network"),
    ("up", "move(-1)", "Column above"),
    ("down", "move(1)", "Column below"),
    ("pageup", "page(-1)", "Page up"),
    ("pagedown", "page(1)", "Page down"),
    ("home", "move(-1000000)", "First column"),
    ("end", "move(1000000)", "Last column"),
    ("i", "choose('input')", "Input"),
    ("t", "choose('target')", "Target"),
    ("x", "choose('ignore')", "Ignore"),
    ("space", "choose('role')", "Input or ignored"),
    ("k", "choose('kind')", "Kind"),
    ("m", "choose('missing')", "Missing values"),
    ("s", "choose('test')", "Share for testing"),
    ("h", "read('header')", "Header"),
    ("p", "read('separator')", "Separator"),
    ("d", "read('decimal')", "Decimal mark"),
    ("c", "read_encoding", "Encoding"),
    ("question_mark", "help", "Help"),
    ("backspace", "resume", "Resume"),
)
"""The keys, their actions and what these do."""

CHOICES: Mapping[str, Callable[[TableReview, range], TableReview]] = {
    "input": table_review.choose_input,
    "target": table_review.choose_target,
    "ignore": table_review.ignore,
    "role": table_review.next_role,
    "kind": table_review.next_kind,
    "missing": lambda review, group: table_review.next_missing(review),
    "test": lambda review, group: table_review.next_test_share(review),
}
"""Each returns the review after a choice for the columns of a line."""

READINGS: Mapping[str, Callable[[DataChanges, Layout | None, DataChanges], Sequence[DataChanges]]] = {
    "header": lambda *choices: (table_reading.other_header(*choices),),
    "separator": table_reading.other_separators,
    "decimal": lambda *choices: (table_reading.other_decimal(*choices),),
}
"""Each returns the choices to try, of which the first that give a table are taken."""
