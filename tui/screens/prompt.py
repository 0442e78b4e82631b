"""A prompt for one line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from nn_tui.core.errors import InputError
from nn_tui.core.translation import tr
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.suggestion import apply_suggestion, with_tab_hint


class TextPrompt(Dialog[str | None]):
    """A prompt for a line of text. Its result is the text, or None if it was cancelled.

    Args:
        title: The title of the frame.
        about: A sentence above the line.
        validate: Raises an InputError if the text is not valid; the prompt then shows the error and stays open. If
            the error suggests a name, tab writes it into the line.
        value: The text at first.
    """

    BINDINGS = [("escape", "cancel", "Cancel"), ("tab", "take", "Take the suggestion")]

    def __init__(self, title: str, about: str, validate: Callable[[str], object], value: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._validate = validate
        self._value = value
        self._suggested = ""  # the line with the name that the error suggests

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
        try:
            self._validate(message.value)
        except InputError as error:
            self._suggested = apply_suggestion(message.value, error)
            self.query_one("#problem", Label).update(self.shown(with_tab_hint(str(error), self._suggested)))
        else:
            self.dismiss(message.value.strip())

    def action_take(self) -> None:
        """Write the name that the error suggests into the line."""
        if self._suggested:
            line = self.query_one(Input)
            line.value = self._suggested
            line.cursor_position = len(self._suggested)
            self._suggested = ""

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)
