"""The dialog that writes the network on screen, or a figure of it, to a file for use elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as Event
from textual.widgets import Input, Label, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.export.values import ExportedFile
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.draw.text import to_display, wrap
from nn_tui.tui.saved.export_choices import ExportChoice
from nn_tui.tui.saved.exports import file_paths, shown_file, write_files
from nn_tui.tui.saved.typed_file import check_no_folder, replace_question, typed_path
from nn_tui.tui.saved.writers import check_folder
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList

_LABEL_COLUMN = 14  # cells: the longest ending and a gap


class ExportScreen(Dialog[Message | None]):
    """Ask what to write and where, and write it. The result is a sentence about it; None if the dialog was cancelled.

    The files are made in a thread; escape drops them. A file that exists is replaced after a second enter.

    Args:
        about: A sentence that says which network is written, and where.
        choices: What can be written; the first one is proposed.
    """

    BINDINGS = [
        ("escape", "cancel", "Cancel"),
        ("down", "pick(1)", "Next format"),
        ("up", "pick(-1)", "Format before"),
        ("pagedown", "page(1)", "A page of formats down"),
        ("pageup", "page(-1)", "A page of formats up"),
    ]

    class Made(Event):
        """The files of an export to a path have been made, or an error says why not."""

        def __init__(self, choice: ExportChoice, path: Path, result: tuple[ExportedFile, ...] | InputError) -> None:
            super().__init__()
            self.choice, self.path, self.result = choice, path, result

    class Written(Event):
        """The files have been written, or an error says why not."""

        def __init__(self, choice: ExportChoice, path: Path, result: Message | InputError) -> None:
            super().__init__()
            self.choice, self.path, self.result = choice, path, result

    def __init__(self, about: str, choices: Sequence[ExportChoice]) -> None:
        super().__init__()
        self._about = about
        self._choices = choices
        self._proposed = self._proposal(choices[0])
        self._may_replace: frozenset[Path] = frozenset()  # files that a person was asked about
        self._is_writing = False  # from then on it cannot be cancelled

    def compose(self) -> ComposeResult:
        """Compose a frame with the sentence, the line for the name, the problem and the formats."""
        with Vertical(id="export") as frame:
            frame.border_title = self.shown(tr("Export"))
            frame.border_subtitle = self.shown(tr("↑ ↓: another format, enter writes, esc cancels"))
            yield Label(self.shown(self._about), id="about", markup=False)
            yield Input(self._proposed, id="answer", select_on_focus=False)
            yield Label("", id="problem", markup=False)
            formats = SafeOptionList(id="formats", markup=False)
            formats.can_focus = False
            yield formats

    def on_mount(self) -> None:
        """Select the name without its ending, so that it can be typed over at once."""
        for line in self.query(Input):  # none if the dialog was closed while it opened
            line.selection = Selection(0, len(Path(line.value).stem))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the list for the new width."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        for formats in self.query(SafeOptionList):
            width = formats.scrollable_content_region.width - 2
            if width > 0:
                current = formats.highlighted or 0
                formats.clear_options()
                texts = format_choices(self._choices, width, self.app.has_class("-ascii"))
                formats.add_options([Option(Content(text)) for text in texts])
                formats.highlighted = current

    @property
    def _choice(self) -> ExportChoice:
        return self._choices[self.query_one("#formats", OptionList).highlighted or 0]

    # Choosing

    def action_pick(self, direction: int) -> None:
        """Take the format below (``direction`` 1) or above (−1)."""
        formats = self.query_one("#formats", OptionList)
        if formats.option_count:
            self._choose(((formats.highlighted or 0) + direction) % formats.option_count)

    def action_page(self, direction: int) -> None:
        """Take the format a page below (``direction`` 1) or above (−1)."""
        formats = self.query_one("#formats", SafeOptionList)
        if direction > 0:
            formats.action_page_down()
        else:
            formats.action_page_up()
        if formats.highlighted is not None:
            self._choose(formats.highlighted)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        self._choose(message.option_index)

    def _choose(self, index: int) -> None:
        """Take a format, and give the name in the line its ending."""
        formats, line = self.query_one("#formats", OptionList), self.query_one(Input)
        choice, name = self._choices[index], line.value
        formats.highlighted = index
        proposed = self._proposal(choice)
        if name == self._proposed:  # nobody has typed a name
            line.value = proposed
            line.selection = Selection(0, len(proposed) - len(choice.ending))
        else:
            endings = [each.ending for each in self._choices if name.lower().endswith(each.ending)]
            stem = name[: -len(endings[0])] if endings else name
            line.value = f"{stem}{choice.ending}"
            line.cursor_position = len(stem)
        self._proposed = proposed
        self._show_problem("")

    def _proposal(self, choice: ExportChoice) -> str:
        return unused_path(Path.cwd(), choice.stem, choice.ending).name

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        """Take the first format with the ending that was typed."""
        self.workers.cancel_group(self, "make")
        self._show_problem("")
        ending, formats = Path(message.value.strip()).suffix.lower(), self.query_one("#formats", OptionList)
        fitting = [index for index, choice in enumerate(self._choices) if choice.ending == ending]
        if fitting and formats.highlighted not in fitting and formats.option_count:
            formats.highlighted = fitting[0]

    # Writing

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        if self._is_writing:
            return
        choice = self._choice
        try:
            path = self._checked_path(message.value, choice)
        except InputError as error:
            self._show_problem(str(error))
            return
        self._show_problem(tr("Writing {file} …", file=shown_file(path)))
        self.run_worker(
            partial(self._make, choice, path), thread=True, exclusive=True, group="make", description="make the files"
        )

    def _checked_path(self, text: str, choice: ExportChoice) -> Path:
        """Return the path of a typed name; raise InputError if nothing can be written there."""
        path = typed_path(text, self._proposed)
        if not path.suffix:
            path = path.with_name(f"{path.name}{choice.ending}") if path.name else path
        if path.suffix.lower() != choice.ending:
            problem = message(
                "{name} has the ending of no format; ↑ ↓ choose one, for example {ending}.",
                name=quote(path.name), ending=choice.ending,
            )  # fmt: skip
            raise InputError("not_a_choice", problem, value=text)
        try:
            check_no_folder(path)
            check_folder(path)
        except OSError as error:
            raise _cannot_be_written(error) from None
        return path

    def _make(self, choice: ExportChoice, path: Path) -> None:
        result: tuple[ExportedFile, ...] | InputError
        try:
            result = choice.make_files(path)
        except InputError as error:
            result = error
        if not get_current_worker().is_cancelled:
            self.post_message(self.Made(choice, path, result))

    @on(Made)
    def _write_made(self, event: Made) -> None:
        """Write the files that have been made, unless one exists and nobody was asked about it."""
        if isinstance(event.result, InputError):
            self._show_problem(str(event.result))
            return
        paths = file_paths(event.path, event.result)
        try:
            question = replace_question([path for path in paths if path not in self._may_replace])
        except OSError as error:
            self._show_problem(str(_cannot_be_written(error)))
            return
        if question is not None:
            self._may_replace = frozenset(paths)
            self._show_problem(str(question))
            return
        self._is_writing = True
        self.run_worker(
            partial(self._write, event.choice, event.path, event.result), thread=True, description="write the files"
        )

    def _write(self, choice: ExportChoice, path: Path, files: tuple[ExportedFile, ...]) -> None:
        result: Message | InputError
        try:
            result = write_files(path, files)
        except InputError as error:
            result = error
        self.post_message(self.Written(choice, path, result))

    @on(Written)
    def _finish(self, event: Written) -> None:
        self._is_writing = False
        if isinstance(event.result, InputError):
            self._show_problem(str(event.result))
            return
        usage = event.choice.usage(shown_file(event.path))
        both = message("{written} {usage}", written=event.result, usage=usage)
        self.dismiss(both.or_shorter(event.result))

    def _show_problem(self, problem: str) -> None:
        self.query_one("#problem", Label).update(self.shown(problem))

    def action_cancel(self) -> None:
        """Close without writing anything."""
        if not self._is_writing:
            self.dismiss(None)


def _cannot_be_written(error: OSError) -> InputError:
    return InputError("unreadable", message("it cannot be written: {reason}.", reason=os_error_reason(error)))


def format_choices(choices: Sequence[ExportChoice], width: int, ascii_only: bool) -> list[str]:
    """Return each choice as its ending with its label beside it, wrapped to ``width`` cells."""
    indent = " " * _LABEL_COLUMN
    lines = []
    for choice in choices:
        label = wrap(to_display(str(choice.label), ascii_only), max(16, width - _LABEL_COLUMN))
        lines.append(f"{choice.ending:<{_LABEL_COLUMN}}" + f"\n{indent}".join(label))
    return lines
