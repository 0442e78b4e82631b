"""Which keys act while a step of a lesson limits them."""

from __future__ import annotations

from nn_tui.core.translation import Message, message
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.session import Session

_LOOKING = frozenset(entry.action for entry in KEYS if entry.group in ("look", "views")) - {"check"}

ALWAYS = _LOOKING | frozenset(
    {
        "zoom",
        "lesson_next", "lesson_back", "lesson_solution", "restart", "leave_lesson", "help", "quit",
        "practice_mark", "practice_hint", "practice_reveal", "practice_leave_line",
    }
)  # fmt: skip
"""The actions that no step switches off: those of a lesson, and those that only look at the network."""


def acts_in_lesson(session: Session, action: str) -> bool:
    """Return whether an action may act in the step of a lesson that is on screen."""
    allowed = () if session.lesson is None else session.lesson.step.keys
    return not allowed or action in ALWAYS or action in _actions_of(allowed)


def limit_message(session: Session) -> Message:
    """Return the sentence that only some keys act in this step."""
    keys = () if session.lesson is None else session.lesson.step.keys
    names = ", ".join(f"`{entry.key_label}`" for entry in KEYS if entry.action in _actions_of(keys))
    return message("In this step only these keys act: {keys}; `esc` leaves the lesson.", keys=names)


def _actions_of(names: tuple[str, ...]) -> set[str]:
    """Return the actions of keys, which are named as on the screen or as in the config file."""
    return {entry.action for entry in KEYS if {*entry.keys.split(","), *entry.key_label.split()} & {*names}}
