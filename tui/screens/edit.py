"""The prompt for an edit: one line of text and a list of the forms that it can have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from nn_tui.core.edits.parser import EDITS, EditSyntax
from nn_tui.core.edits.places import edit_error_text
from nn_tui.core.errors import InputError
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.typed_numbers import join_lines, parse_number
from nn_tui.core.run.run import Run
from nn_tui.core.translation import tr
from nn_tui.tui.draw.text import to_display, wrap
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList
from nn_tui.tui.screens.suggestion import apply_suggestion, with_tab_hint

CHOICES: Mapping[str, Mapping[str, object]] = {
    "optimizer": OPTIMIZERS,
    "loss": LOSSES,
    "activation": ACTIVATIONS,
    "initialisation": INITIALIZERS,
}
EXAMPLE_WIDTH = 27  # cells: the longest example and a gap
MIN_WIDE = 54  # cells; in less, the help is below its example


def matching_forms(text: str, edits: Mapping[str, EditSyntax] = EDITS) -> list[EditSyntax]:
    """Return the forms of ``edits`` that ``text`` may become.

    These are the forms that it has and those whose example begins with it, else those whose example begins with its
    first word, else those whose help has all its words, else all forms.
    """
    typed = " ".join(text.lower().replace("η", "eta").split())
    forms = list(edits.values())
    if not typed:
        return forms
    words = re.findall(r"[a-z]+", typed)
    first = words[0] if words else ""
    tests: tuple[Callable[[EditSyntax], bool], ...] = (
        lambda form: form.example.startswith(typed) or re.fullmatch(form.pattern, typed) is not None,
        lambda form: bool(first) and first == re.split(r"[^a-z]", form.example, maxsplit=1)[0],
        lambda form: bool(first) and (form.example.startswith(first) or form.name.startswith(first)),
        lambda form: bool(words) and all(word in f"{form.name} {form.example} {form.help}" for word in words),
    )
    for test in tests:
        matches = [form for form in forms if test(form)]
        if matches:
            return matches
    return forms


def format_forms(forms: list[EditSyntax], width: int, ascii_only: bool) -> list[str]:
    """Return each form as its example with its help beside or below it, wrapped to ``width`` cells.

    If there are few forms, the help lists the names that can be chosen.
    """
    lines = []
    for form in forms:
        about = str(form.help)
        if form.name in CHOICES and len(forms) <= 3:
            names = ", ".join(CHOICES[form.name])
            about = tr("{description} The names are: {names}.", description=form.help, names=names)
        text = to_display(about, ascii_only)
        indent = " " * (EXAMPLE_WIDTH if width >= MIN_WIDE else 2)
        head = f"{form.example:<{EXAMPLE_WIDTH}}" if width >= MIN_WIDE else f"{form.example}\n{indent}"
        lines.append(head + f"\n{indent}".join(wrap(text, max(16, width - len(indent)))))
    return lines


class EditInput(Input):
    """An input that begins with ``prefix``, such as ``b1[2] = ``; a letter typed first replaces the line.

    It never replaces anything that was typed. Pasted lines are joined, so that a matrix can be pasted.
    """

    def __init__(self, value: str, prefix: str) -> None:
        super().__init__(
            value, id="answer", placeholder=tr("for example: {edit}", edit="eta = 0.5"), select_on_focus=False
        )
        self._prefix = prefix
        self._is_untouched = bool(prefix)  # nothing has been typed into the line

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text at once, so that the next key finds the new text."""
        first, low, high = text.lstrip()[:1], *sorted((start, end))
        is_after_prefix = self.value[:low] == self._prefix and not self.value[high:]
        is_new_line = self._is_untouched and is_after_prefix and first.isalpha()
        self._is_untouched = self._is_untouched and not text
        super().replace(text, *((0, len(self.value)) if is_new_line else (start, end)))

    def on_paste(self, event: events.Paste) -> None:
        """Paste all lines as one; Textual would paste the first one only."""
        event.prevent_default()
        event.stop()
        self.replace(join_lines(event.text), *self.selection)


class EditPrompt(Dialog[Run | None]):
    """Ask for an edit. The result is the run that ``attempt`` makes, or None if the prompt was cancelled.

    Args:
        title: The title of the frame.
        about: A sentence above the line.
        attempt: Makes the run from the text. If it raises an InputError, its message is shown and the prompt stays.
        value: The text at first, such as ``b1[2] = 0.5``. The part after its "=" is selected, so that a number
            replaces it. A number alone sets the same parameter.
        complete: Returns a text with a number that it lacks, such as a learning rate. The number is proposed: it is
            written into the line, and the next enter accepts it.
        edits: The forms, with examples that fit the network.
        is_low: Whether the dialog leaves the upper half of the screen free, for the text of a lesson.
    """

    BINDINGS = [
        ("escape", "cancel", "Cancel"),
        ("down", "pick(1)", "Next example"),
        ("up", "pick(-1)", "Example before"),
        ("pagedown", "page(1)", "A page of examples down"),
        ("pageup", "page(-1)", "A page of examples up"),
        ("tab", "take", "Take the example"),
    ]

    def __init__(
        self,
        title: str,
        about: str,
        attempt: Callable[[str], Run],
        value: str = "",
        complete: Callable[[str], str] = str,
        *,
        edits: Mapping[str, EditSyntax] = EDITS,
        is_low: bool = False,
    ) -> None:
        super().__init__()
        self.set_class(is_low, "-low")
        self._edits = edits
        self._title = title
        self._about = about
        self._attempt = attempt
        self._complete = complete
        self._value = value
        self._prefix = value.partition(" = ")[0] + " = " if " = " in value else ""
        self._forms: list[EditSyntax] = []
        self._width = 0
        self._picking = False
        self._suggested = ""  # the line with the name that the error suggests

    def compose(self) -> ComposeResult:
        """Compose a frame with the sentence, the line, the problem and the forms."""
        with Vertical(id="edit") as frame:
            frame.border_title = self.shown(self._title)
            frame.border_subtitle = self.shown(tr("enter applies, ↑ ↓ pgdn tab: examples, esc cancels"))
            yield Label(self.shown(self._about), id="about", markup=False)
            yield EditInput(self._value, self._prefix)
            yield Label("", id="problem", markup=False)
            forms = SafeOptionList(id="forms", markup=False)
            forms.can_focus = False
            yield forms

    def on_mount(self) -> None:
        """Select the value, so that it can be typed over at once."""
        if " = " in self._value:
            for line in self.query(Input):  # none if the prompt was closed while it opened
                line.selection = Selection(self._value.index(" = ") + 3, len(self._value))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the list for the new width."""
        self.call_after_refresh(self._update_forms)

    def _update_forms(self) -> None:
        if not self.is_attached:  # the prompt has been closed meanwhile
            return
        forms, line = self.query_one("#forms", OptionList), self.query_one(Input)
        width = forms.scrollable_content_region.width - 2
        matches = matching_forms(line.value, self._edits)
        if line.value == self._value:  # nothing has been typed: list all forms, the one of the line first
            matches = [*matches, *(form for form in self._edits.values() if form not in matches)]
        if width <= 0 or (matches == self._forms and width == self._width):
            return
        self._forms, self._width = matches, width
        forms.clear_options()
        texts = format_forms(matches, width, self.app.has_class("-ascii"))
        forms.add_options([Option(Content(text), id=form.name) for text, form in zip(texts, matches, strict=True)])

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._picking = False
        self._suggested = ""
        self.query_one("#forms", OptionList).highlighted = None
        self.query_one("#problem", Label).update("")
        self._update_forms()

    def action_pick(self, direction: int) -> None:
        """Highlight the example below (``direction`` 1) or above (−1); enter or tab takes it."""
        forms = self.query_one("#forms", OptionList)
        if forms.option_count:
            current = -1 if forms.highlighted is None and direction > 0 else forms.highlighted or 0
            forms.highlighted = (current + direction) % forms.option_count
            self._picking = True

    def action_page(self, direction: int) -> None:
        """Highlight the example a page below (``direction`` 1) or above (−1)."""
        forms = self.query_one("#forms", SafeOptionList)
        if forms.highlighted is None and forms.option_count:
            forms.highlighted = 0  # without a highlight, Textual would go to the end
        if direction > 0:
            forms.action_page_down()
        else:
            forms.action_page_up()
        self._picking = forms.highlighted is not None

    def action_take(self) -> None:
        """Complete the line: by the suggestion of the error, the highlighted example, or the first one.

        An example that does not begin with the typed text would replace it, so it is highlighted first.
        """
        forms, line = self.query_one("#forms", OptionList), self.query_one(Input)
        if self._suggested:
            self._write(self._suggested)
        elif forms.highlighted is not None:
            self._write(self._forms[forms.highlighted].example)
        elif self._forms and (line.value == self._value or self._forms[0].example.startswith(line.value.strip())):
            self._write(self._forms[0].example)
        else:
            self.action_pick(1)

    def _write(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        start = text.rindex("= ") + 2 if "= " in text else len(text)
        line.selection = Selection(start, len(text))
        line.focus()

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        if message.option.id is not None:  # by name, because the list may have changed since the click
            self._write(self._edits[message.option.id].example)

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        if self._picking:
            self._picking = False
            self.action_take()
            return
        text = self._with_prefix(message.value)
        if self._value and text == self._value:
            self._show_problem(tr("This is the current value: type another one."))
            return
        if text.strip().lower() in ("help", "?"):
            self._show_problem(tr("Each entry of the list is an example: ↑ ↓ pgup pgdn go through it, tab writes it."))
            return
        if (proposed := self._complete(text)) != text:
            self._propose(text, proposed)
            return
        try:
            run = self._attempt(text)
        except InputError as error:
            self._suggested = apply_suggestion(message.value, error)
            self._show_problem(with_tab_hint(edit_error_text(error), self._suggested))
            return
        self.dismiss(run)

    def _propose(self, text: str, proposed: str) -> None:
        """Write a proposal into the line and select the part that was added to the text."""
        line = self.query_one(Input)
        added = proposed[len(text.rstrip()) :].strip()
        with self.prevent(Input.Changed):  # which would clear the sentence
            line.value = proposed
        line.selection = Selection(len(proposed) - len(added), len(proposed))
        self._show_problem(
            tr("η = {rate} is proposed for this optimiser: enter accepts it, or type another.", rate=added)
        )
        self._update_forms()

    def _with_prefix(self, text: str) -> str:
        """Return the edit; a number alone becomes the new value of the number that is selected on the screen."""
        number = text.strip().removeprefix("=").strip()
        return self._prefix + number if self._prefix and parse_number(number) is not None else text

    def _show_problem(self, problem: str) -> None:
        self.query_one("#problem", Label).update(self.shown(problem))

    def action_cancel(self) -> None:
        """Close without an edit."""
        self.dismiss(None)
