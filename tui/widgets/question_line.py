"""What the lines for an answer have in common: their keys, and how they get and give back the focus."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Input


class QuestionLine(Input, can_focus=False):
    """A line in which a person types an answer, with keys for a hint, to reveal the answer, and to leave the line."""

    BINDINGS = [
        ("tab", "screen.do('practice_hint')", "Hint"),
        ("ctrl+r", "screen.do('practice_reveal')", "Reveal"),
        ("escape", "screen.do('practice_leave_line')", "Leave the line"),
    ]

    def take_keys(self, screen: Screen[None], is_typing: bool) -> None:
        """Take the focus of the screen if a person types in the line; otherwise give it back."""
        if is_typing and screen.focused is not self:
            screen.set_focus(self)
        elif not is_typing and screen.focused is self:
            screen.set_focus(None)
