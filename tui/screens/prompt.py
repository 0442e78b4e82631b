"""A prompt for one line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from nn_tui.core.translation import tr
from nn_tui.tui.screens.dialog import Dialog

Validate = Callable[[str], str | None]


class TextPrompt(Dialog[str | None]):
    """A prompt for a line of text. Its result is the text, or None if it was cancelled.

    Args:
        title: The title of the frame.
        about: A sentence above the line.
        validate: Returns the error in a text, None if it is valid; the prompt stays open on an error.
        value: The text at first.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, title: str, about: str, validate: Validate, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._validate = validate
        self._value = value

    def compose(self) -> ComposeResult:
        """Compose a frame with the sentence, the line of text and the problem."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(self._title)
            frame.border_subtitle = self.shown(tr("enter confirms, esc cancels"))
            yield Label(self.shown(self._about), id="about", markup=False)
            yield Input(self._value, id="answer")
            yield Label("", id="problem", markup=False)

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        problem = self._validate(message.value)
        if problem is None:
            self.dismiss(message.value.strip())
        else:
            self.query_one("#problem", Label).update(self.shown(problem))

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)
