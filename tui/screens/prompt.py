"""Ask for one line of text, and say what is wrong with it until it is right."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from nn_tui.tui.screens.dialog import Dialog

Problem = Callable[[str], str | None]


class TextPrompt(Dialog[str | None]):
    """A prompt; its result is the text, or None when escaped."""

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, title: str, about: str, problem: Problem, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._problem = problem
        self._value = value

    def compose(self) -> ComposeResult:
        """A frame with the question, the input and a line for what is wrong."""
        with Vertical(id="ask") as frame:
            frame.border_title = self._title
            frame.border_subtitle = "enter goes, esc cancels"
            yield Label(self._about, id="about", markup=False)
            yield Input(self._value, id="answer")
            yield Label("", id="problem", markup=False)

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        problem = self._problem(message.value)
        if problem is None:
            self.dismiss(message.value.strip())
        else:
            self.query_one("#problem", Label).update(problem)

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
