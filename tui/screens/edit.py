"""The prompt for a change: one line of text, what can be written below it, and what is wrong with what was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from nn_tui.core.edits.parser import EDITS, EditSyntax
from nn_tui.core.errors import InputError
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display, wrap
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList

T = TypeVar("T")
CHOICES: Mapping[str, Mapping[str, object]] = {
    "optimizer": OPTIMIZERS,
    "loss": LOSSES,
    "activation": ACTIVATIONS,
    "initialisation": INITIALIZERS,
}
EXAMPLE = 26  # cells: the longest example and a gap
NARROW = 54  # below so many the help stands under its example


def matching(text: str) -> list[EditSyntax]:
    """The forms that ``text`` may become: those that it is, else those that begin or speak like it, else all."""
    written = " ".join(text.lower().replace("η", "eta").split())
    forms = list(EDITS.values())
    if not written:
        return forms
    words = re.findall(r"[a-z]+", written)
    first = words[0] if words else ""
    tests: tuple[Callable[[EditSyntax], bool], ...] = (
        lambda form: re.fullmatch(form.pattern, written) is not None,
        lambda form: form.example.startswith(written),
        lambda form: bool(first) and first == re.split(r"[^a-z]", form.example, maxsplit=1)[0],
        lambda form: bool(first) and (form.example.startswith(first) or form.name.startswith(first)),
        lambda form: bool(words) and all(word in f"{form.name} {form.example} {form.help}" for word in words),
    )
    for test in tests:
        found = [form for form in forms if test(form)]
        if found:
            return found
    return forms


def listed(forms: list[EditSyntax], width: int, ascii_only: bool) -> list[str]:
    """Each form as its example and its help beside it, wrapped to ``width`` cells; the names to choose from too."""
    lines = []
    for form in forms:
        choices = f": {', '.join(CHOICES[form.name])}" if form.name in CHOICES and len(forms) <= 3 else ""
        text = to_display(form.help + choices, ascii_only)
        indent = " " * (EXAMPLE if width >= NARROW else 2)
        head = f"{form.example:<{EXAMPLE}}" if width >= NARROW else f"{form.example}\n{indent}"
        lines.append(head + f"\n{indent}".join(wrap(text, max(16, width - len(indent)))))
    return lines


class Line(Input):
    """A line of text that begins with ``head``: a letter right behind it begins a line of its own instead."""

    def __init__(self, value: str, head: str) -> None:
        super().__init__(value, id="answer", placeholder="for example: eta = 0.5", select_on_focus=False)
        self._head = head

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text in the place of a part, at once, so that what is typed next finds it there."""
        first, low, high = text.lstrip()[:1], *sorted((start, end))
        another = bool(self._head) and first.isalpha() and self.value[:low] == self._head and not self.value[high:]
        super().replace(text, *((0, len(self.value)) if another else (start, end)))


class EditPrompt(Dialog[T | None], Generic[T]):
    """Ask for a change; the result is what ``attempt`` makes of the text, or None when escaped.

    ``attempt`` raises InputError for text that does not fit: its sentence is shown and the prompt stays.
    ``value`` is what stands in the line; what follows its "=" is selected, so that a number replaces it and a
    letter begins a line of its own. A number alone is meant for what stood there.
    """

    BINDINGS = [
        ("escape", "cancel", "Cancel"),
        ("down", "pick(1)", "Next example"),
        ("up", "pick(-1)", "Example before"),
        ("tab", "take", "Take the example"),
    ]

    def __init__(self, title: str, about: str, attempt: Callable[[str], T], palette: Palette, value: str = "") -> None:
        super().__init__()
        self._ascii = palette.glyphs.is_ascii
        self._title = to_display(title, self._ascii)
        self._about = to_display(about, self._ascii)
        self._attempt = attempt
        self._value = value
        self._head = value.partition(" = ")[0] + " = " if " = " in value else ""
        self._forms: list[EditSyntax] = []
        self._width = 0
        self._picking = False

    def compose(self) -> ComposeResult:
        """A frame with the line, what is wrong with it, and what can be written."""
        with Vertical(id="edit") as frame:
            frame.border_title = self._title
            frame.border_subtitle = to_display("enter applies, ↑ ↓ tab: an example, esc cancels", self._ascii)
            yield Label(self._about, id="about", markup=False)
            yield Line(self._value, self._head)
            yield Label("", id="problem", markup=False)
            forms = SafeOptionList(id="forms", markup=False)
            forms.can_focus = False
            yield forms

    def on_mount(self) -> None:
        """Type at once."""
        if " = " in self._value:
            for line in self.query(Input):  # none where it was closed as it opened
                line.selection = Selection(self._value.index(" = ") + 3, len(self._value))

    def on_resize(self, event: events.Resize) -> None:
        """Lay the list out for the width."""
        self.call_after_refresh(self._list)

    def _list(self) -> None:
        if not self.is_attached:  # it has been closed meanwhile
            return
        forms, line = self.query_one("#forms", OptionList), self.query_one(Input)
        width = forms.scrollable_content_region.width - 2
        found = matching(line.value)
        if line.value == self._value:  # nothing has been written yet: all of it, what stands in the line first
            found = [*found, *(form for form in EDITS.values() if form not in found)]
        if width <= 0 or (found == self._forms and width == self._width):
            return
        self._forms, self._width = found, width
        forms.clear_options()
        texts = listed(found, width, self._ascii)
        forms.add_options([Option(Content(text), id=form.name) for text, form in zip(texts, found, strict=True)])

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._picking = False
        self.query_one("#forms", OptionList).highlighted = None
        self.query_one("#problem", Label).update("")
        self._list()

    def action_pick(self, step: int) -> None:
        """Light the next example; enter or tab takes it."""
        forms = self.query_one("#forms", OptionList)
        if forms.option_count:
            now = -1 if forms.highlighted is None and step > 0 else forms.highlighted or 0
            forms.highlighted = (now + step) % forms.option_count
            self._picking = True

    def action_take(self) -> None:
        """Write the lit example, or the only one, into the line."""
        forms = self.query_one("#forms", OptionList)
        index = forms.highlighted if forms.highlighted is not None else 0
        if index < len(self._forms):
            self._write(self._forms[index].example)

    def _write(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        start = text.rindex("= ") + 2 if "= " in text else len(text)
        line.selection = Selection(start, len(text))
        line.focus()

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        if message.option.id is not None:  # by its name: the list may have become another since the click
            self._write(EDITS[message.option.id].example)

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        if self._picking:
            self._picking = False
            self.action_take()
            return
        text = self._of_selection(message.value)
        if self._value and text == self._value:
            self._say("This is the value it has: type another one.")
            return
        try:
            result = self._attempt(text)
        except InputError as error:
            self._say(str(error))
            return
        self.dismiss(result)

    def _of_selection(self, text: str) -> str:
        """A number alone is the selected number's new value, whatever became of its name in the line."""
        number = text.strip().removeprefix("=").strip()
        try:
            float(number.replace("−", "-"))
        except ValueError:
            return text
        return self._head + number if self._head else text

    def _say(self, problem: str) -> None:
        self.query_one("#problem", Label).update(to_display(problem, self._ascii))

    def action_cancel(self) -> None:
        """Close without a change."""
        self.dismiss(None)
