"""The keys of the lines for answers, in the practice mode and in lessons, for the footer. The lines handle them."""

from __future__ import annotations

from nn_tui.core.translation import message
from nn_tui.tui.keys.keys import KeyEntry
from nn_tui.tui.session.lesson_answers import has_hint

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

CHOICE_KEYS: tuple[KeyEntry, ...] = (
    KeyEntry("practice_mark", "enter", "enter", message("Mark"), message("Mark the answer."), "lesson", footer_rank=1),
    KeyEntry("practice_hint", "tab", "tab", message("Hint"), message("Show the hint."), "lesson", has_hint, 2),
    KeyEntry(
        "practice_reveal", "ctrl+r", "ctrl+r", message("Show the answer"), message("Show the answer."), "lesson",
        footer_rank=3,
    ),
    KeyEntry(
        "practice_leave_line", "escape", "esc", message("Leave the line"), message("Leave the line."), "lesson",
        footer_rank=4,
    ),
)  # fmt: skip
"""The keys of the line for the letter of an answer, for the footer."""
