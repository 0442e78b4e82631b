"""The form for a network of one's own: sizes, activations, weights, data, loss and optimiser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, TextArea
from textual.widgets.input import Selection

from nn_tui.core.edits.places import edit_error_text
from nn_tui.core.errors import InputError
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.form import NetworkForm, field_of
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.screens.dialog import Dialog

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    Attributes:
        label: The name beside the field.
        help: A sentence with an example, which is shown while the field has the focus.
        lines: The height of the field; more than 1 for text of several lines.
        placeholder: What an empty field shows.
    """

    label: Message
    help: Message
    lines: int = 1
    placeholder: str | Message = ""


FORM: Mapping[str, Field] = {
    "sizes": Field(
        message("Sizes"),
        message(
            "The inputs, the units of each layer and the outputs: 3-2-1 has 3 inputs, 2 hidden units and 1 output."
        ),
        placeholder="3-2-1",
    ),
    "activations": Field(
        message("Activations"),
        message(
            "One name for all layers, or one for each, such as relu sigmoid. The names are: {names}.",
            names=", ".join(ACTIVATIONS),
        ),
        placeholder="sigmoid",
    ),
    "parameters": Field(
        message("Weights, b"),
        message(
            "A row for each unit: w1 = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]], and on the next line b1 = -0.4 0.2. "
            "Weights that are not given are drawn, by xavier_uniform or by the initialisation that you write."
        ),
        4,
        message("empty: all weights are drawn, all biases are 0"),
    ),
    "data": Field(
        message("Data"),
        message("A line for each sample, its inputs -> its targets: 1 0 1 -> 1. They are used as typed or pasted."),
        4,
        "1 0 1 -> 1",
    ),
    "loss": Field(
        message("Loss"), message("One of: {names}.", names=", ".join(LOSSES)), placeholder="half_squared_error"
    ),
    "optimizer": Field(
        message("Optimiser, η"),
        message(
            "The optimiser and its learning rate: sgd 0.9, or momentum 0.1 momentum=0.8. The names are: {names}.",
            names=", ".join(OPTIMIZERS),
        ),
        placeholder="sgd 0.9",
    ),
}
"""The fields in their order, by the names that they have in :class:`NetworkForm`."""


class FormArea(TextArea):
    """A field for several lines. Up and down go to another field from its first and last line."""

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Return whether the field takes a key as text; enter begins a line."""
        return key == "enter" or super().check_consume_key(key, character)

    def on_key(self, event: events.Key) -> None:
        """Let enter begin a line at the end if the whole text is selected; it would replace that text by a line."""
        if event.key == "enter" and self.text and self.selected_text == self.text:
            self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Go a line up."""
        if self.cursor_location[0] or select:
            super().action_cursor_up(select)
        else:
            self.screen.focus_previous()

    def action_cursor_down(self, select: bool = False) -> None:
        """Go a line down."""
        if self.cursor_location[0] < self.document.line_count - 1 or select:
            super().action_cursor_down(select)
        else:
            self.screen.focus_next()


class NewNetworkScreen(Dialog[T | None], Generic[T]):
    """Ask for a network. The result is that of ``attempt``, or None if the form was closed.

    Args:
        form: The text of the fields at first.
        attempt: Makes the result from the form. If it raises an InputError, the form shows it at its field.

    Attributes:
        form: The text of the fields, also after the form was closed.
    """

    BINDINGS = [
        ("escape", "cancel", "Close"),
        ("down", "app.focus_next", "Next field"),
        ("up", "app.focus_previous", "Field before"),
    ]

    def __init__(self, form: NetworkForm, attempt: Callable[[NetworkForm], T]) -> None:
        super().__init__()
        self.form = form
        self._attempt = attempt

    def compose(self) -> ComposeResult:
        """Compose a frame with the fields, the error below the field that it is about, and the help of the field."""
        with VerticalScroll(id="new-network", can_focus=False) as frame:
            frame.border_title = self.shown(tr("New network"))
            for name, field in FORM.items():
                with Horizontal(classes="field"):
                    yield Label(self.shown(field.label), id=f"label-{name}", markup=False)
                    with Vertical():
                        yield self._editor(name, field)
                        yield Label("", id=f"error-{name}", classes="form-error", markup=False)
            yield Label("", id="form-help", markup=False)
            yield Button(self.shown(tr("Open this network")), id="open", compact=True)

    def _editor(self, name: str, field: Field) -> Widget:
        text, placeholder = getattr(self.form, name), self.shown(field.placeholder)
        if field.lines == 1:
            return Input(text, placeholder, id=name, compact=True, select_on_focus=False)
        area = FormArea(text, id=name, compact=True, highlight_cursor_line=False, placeholder=Content(placeholder))
        area.styles.height = field.lines
        return area

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the help of the field; select a text that nobody has typed, so that it can be typed over."""
        editor, name = event.widget, event.widget.id or ""
        if name not in FORM:
            return
        self.query_one("#form-help", Label).update(self.shown(FORM[name].help))
        keys = tr("tab: next field, enter opens, esc closes and keeps the text")
        if isinstance(editor, TextArea):
            keys = tr("tab: next field, enter: new line, esc closes and keeps the text")
        self.query_one("#new-network").border_subtitle = self.shown(keys)
        for other in FORM:
            self.query_one(f"#label-{other}").set_class(other == name, "-focused")
        if getattr(self.form, name) != getattr(NetworkForm(), name):
            return
        if isinstance(editor, TextArea):
            editor.select_all()
        elif isinstance(editor, Input):
            editor.selection = Selection(0, len(editor.value))

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._set_field(message.input.id or "", message.value)

    @on(TextArea.Changed)
    def _typed_lines(self, message: TextArea.Changed) -> None:
        self._set_field(message.text_area.id or "", message.text_area.text)

    def _set_field(self, name: str, text: str) -> None:
        if text != getattr(self.form, name):
            self.form = replace(self.form, **{name: text})
            self._show_error(name, "")

    def _show_error(self, name: str, error: str) -> None:
        label = self.query_one(f"#error-{name}", Label)
        label.update(self.shown(error))
        label.display = bool(error)

    @on(Input.Submitted)
    @on(Button.Pressed)
    def _submit(self) -> None:
        errors = dict.fromkeys(FORM, "")
        try:
            result = self._attempt(self.form)
        except InputError as error:
            errors[field_of(error)] = edit_error_text(error)
        else:
            self.dismiss(result)
        for name, error_text in errors.items():
            self._show_error(name, error_text)
            if error_text:
                self.query_one(f"#{name}").focus()

    def action_cancel(self) -> None:
        """Close without a network; the text of the fields stays in ``form``."""
        self.dismiss(None)
