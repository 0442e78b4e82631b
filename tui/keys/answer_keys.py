"""The keys of the answer line in the practice mode, for the footer. The line itself handles them."""

from __future__ import annotations

from nn_tui.core.translation import message
from nn_tui.tui.keys.keys import KeyEntry

ANSWER_KEYS: tuple[KeyEntry, ...] = (
    KeyEntry("practice_mark", "enter", "enter", message("Mark"), message("Mark the answer."), "app", footer_rank=1),
    KeyEntry("practice_hint", "tab", "tab", message("Hint"), message("Show the next hint."), "app", footer_rank=2),
    KeyEntry(
        "practice_reveal", "ctrl+r", "ctrl+r", message("Show the number"), message("Show the number."), "app",
        footer_rank=3,
    ),
    KeyEntry(
        "practice_leave_line", "escape", "esc", message("Leave the line"), message("Leave the answer line."), "app",
        footer_rank=4,
    ),
)  # fmt: skip
"""The keys while a question is open."""

BETWEEN_KEYS: tuple[KeyEntry, ...] = (
    KeyEntry(
        "practice_mark", "enter", "enter", message("Next question"), message("Ask the next question."), "app",
        footer_rank=1,
    ),
    KeyEntry(
        "practice_leave_line", "escape", "esc", message("Leave the line"), message("Leave the answer line."), "app",
        footer_rank=1,
    ),
)  # fmt: skip
"""The keys between two questions, which the footer shows before those of the screen."""
