"""The dialog that writes the network on screen, or a figure of it, to a file for use elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as Event
from textual.widgets import Input, Label, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.export.values import ExportedFile
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import Message, any_of, message, tr
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.draw.text import fit, to_display, wrap
from nn_tui.tui.saved.export_choices import ExportChoice, named_choice, with_word
from nn_tui.tui.saved.files import check_folder, file_paths, write_files
from nn_tui.tui.saved.typed_file import check_no_folder, replace_question, typed_path
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList

_MIN_WIDE = 54  # cells of the list, from which a label may have several lines
_MARGIN = 3  # cells beside a text of the list: the padding and the scroll bar
_MIN_HEIGHT_FOR_ABOUT = 16  # lines of the screen
_OTHER_LINES = 10  # of the screen: the frame, the sentences, the name, and what stays free


class ExportRequest(NamedTuple):
    """What is written, and where."""

    choice: ExportChoice
    path: Path


class ExportScreen(Dialog[Message | None]):
    """Ask what to write and where, and write it. The result is a sentence about it; None if the dialog was cancelled.

    The files are made in a thread; escape or another name drops them. A file that exists is replaced after a second
    enter.

    Args:
        about: A sentence that says which network is written, and where.
        choices: What can be written.
        first: The index of the choice that is proposed.
    """

    BINDINGS = [
        ("escape", "cancel", "Cancel"),
        ("down", "pick(1)", "Next format"),
        ("up", "pick(-1)", "Format before"),
        ("pagedown", "page(1)", "A page of formats down"),
        ("pageup", "page(-1)", "A page of formats up"),
    ]

    class Made(Event):
        """A thread has made the files of a request, or an error says why not."""

        def __init__(self, request: ExportRequest, result: tuple[ExportedFile, ...] | InputError) -> None:
            super().__init__()
            self.request, self.result = request, result

    class Written(Event):
        """The files have been written, or an error says why not."""

        def __init__(self, request: ExportRequest, result: Message | InputError) -> None:
            super().__init__()
            self.request, self.result = request, result

    def __init__(self, about: str, choices: Sequence[ExportChoice], first: int = 0) -> None:
        super().__init__()
        self._about = about
        self._choices = choices
        self._first = first
        self._proposed = self._proposal(choices[first])
        self._may_replace: frozenset[Path] = frozenset()  # files that a person was asked about
        self._request: ExportRequest | None = None  # the newest one, unless it was dropped
        self._threads = 0  # that make files
        self._is_figure_assumed = False  # a name with .svg was typed that names no figure
        self._is_writing = False  # from then on it cannot be cancelled
        self._is_closing = False

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
        """Select the name, so that it can be typed over at once."""
        for line in self.query(Input):  # none if the dialog was closed while it opened
            line.selection = Selection(0, len(line.value))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the list for the new size; a low terminal has no room for the sentence."""
        for about in self.query("#about"):
            about.display = event.size.height >= _MIN_HEIGHT_FOR_ABOUT
        self.call_after_refresh(self._lay_out, event.size.height - _OTHER_LINES)

    def _lay_out(self, max_height: int) -> None:
        for formats in self.query(SafeOptionList):
            width = formats.container_size.width - _MARGIN
            if width > 0:
                current = self._first if formats.highlighted is None else formats.highlighted
                texts = format_choices(self._choices, width, self.app.has_class("-ascii"))
                formats.styles.height = max(3, min(max_height, sum(len(text.split("\n")) for text in texts)))
                formats.clear_options()
                formats.add_options([Option(Content(text)) for text in texts])
                formats.highlighted = current

    @property
    def _choice(self) -> ExportChoice:
        highlighted = self.query_one("#formats", OptionList).highlighted
        return self._choices[self._first if highlighted is None else highlighted]

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
        formats.highlighted, self._is_figure_assumed = index, False
        proposed = self._proposal(choice)
        if name == self._proposed:  # nobody has typed a name
            line.value = proposed
            line.selection = Selection(0, len(proposed))
        else:
            endings = [each.ending for each in self._choices if name.lower().endswith(each.ending)]
            stem = with_word(name[: -len(endings[0])] if endings else name, choice, self._choices)
            line.value = f"{stem}{choice.ending}"
            line.cursor_position = len(stem)
        self._proposed = proposed
        self._show_problem("")

    def _proposal(self, choice: ExportChoice) -> str:
        return unused_path(Path.cwd(), choice.stem, choice.ending).name

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        """Take the format with the ending that was typed, and the figure or the framework that the name names."""
        self._drop_request()
        self._show_problem("")
        path, formats = Path(message.value.strip()), self.query_one("#formats", OptionList)
        fitting = [index for index, choice in enumerate(self._choices) if choice.ending == path.suffix.lower()]
        named = named_choice([self._choices[index] for index in fitting], path.stem)
        if not fitting or not formats.option_count:
            return
        if named is not None:
            formats.highlighted, self._is_figure_assumed = self._choices.index(named), False
        elif formats.highlighted not in fitting:
            formats.highlighted, self._is_figure_assumed = fitting[0], self._choices[fitting[0]].is_figure

    # Writing

    def _drop_request(self) -> None:
        """Let the files that are being made not be written."""
        self._request = None

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        if self._is_writing or self._is_closing:
            return
        choice = self._choice
        try:
            path = self._checked_path(message.value, choice)
            if self._is_figure_assumed:
                self._is_figure_assumed = False
                names = any_of([each.word for each in self._choices if each.is_figure])
                question = tr(
                    "Which figure: {names}? ↑ ↓ choose it; enter writes {name}.", names=names, name=choice.word
                )
                self._show_problem(question)
                return
        except InputError as error:
            self._show_problem(str(error))
            return
        self._show_problem(tr("Writing {file} …", file=shown_path(path)))
        self._request = ExportRequest(choice, path)
        self._threads += 1
        self.run_worker(partial(self._make, self._request), thread=True, description="make the files")

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
        other = Path(path.stem).suffix.lower()
        if other in {each.ending for each in self._choices} and path.name != self._proposed:
            problem = message(
                "{name} has two endings; leave out {first} or {second}.",
                name=quote(path.name), first=other, second=choice.ending,
            )  # fmt: skip
            raise InputError("not_a_choice", problem, value=text)
        try:
            check_no_folder(path)
            check_folder(path)
        except OSError as error:
            raise _cannot_be_written(error) from None
        return path

    def _make(self, request: ExportRequest) -> None:
        result: tuple[ExportedFile, ...] | InputError
        try:
            result = request.choice.make_files(request.path)
        except InputError as error:
            result = error
        self.post_message(self.Made(request, result))

    @on(Made)
    def _write_made(self, event: Made) -> None:
        """Write the files that have been made, unless one exists and nobody was asked about it."""
        self._threads -= 1
        if self._is_closing and not self._threads:
            self.dismiss(None)
        if event.request is not self._request:  # it was dropped
            return
        if isinstance(event.result, InputError):
            self._show_problem(str(event.result))
            return
        paths = file_paths(event.request.path, event.result)
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
        self.run_worker(partial(self._write, event.request, event.result), thread=True, description="write the files")

    def _write(self, request: ExportRequest, files: tuple[ExportedFile, ...]) -> None:
        result: Message | InputError
        try:
            result = write_files(request.path, files)
        except InputError as error:
            result = error
        self.post_message(self.Written(request, result))

    @on(Written)
    def _finish(self, event: Written) -> None:
        self._is_writing = False
        if isinstance(event.result, InputError):
            self._show_problem(str(event.result))
            return
        choice, written = event.request.choice, event.result
        if choice.needs is not None:
            written = message("{written} {needs}", written=written, needs=choice.needs).or_shorter(written)
        both = message("{written} {usage}", written=written, usage=choice.usage(shown_path(event.request.path)))
        self.dismiss(both.or_shorter(written))

    def _show_problem(self, problem: str) -> None:
        self.query_one("#problem", Label).update(self.shown(problem))

    def action_cancel(self) -> None:
        """Close without writing anything, as soon as no thread reads the network."""
        if self._is_writing:
            return
        self._drop_request()
        self._is_closing = True
        if not self._threads:
            self.dismiss(None)
        else:
            self._show_problem(tr("Stopping …"))


def _cannot_be_written(error: OSError) -> InputError:
    return InputError("unreadable", message("it cannot be written: {reason}.", reason=os_error_reason(error)))


def format_choices(choices: Sequence[ExportChoice], width: int, ascii_only: bool) -> list[str]:
    """Return each choice as its ending with its label beside it, wrapped to ``width`` cells; cut if that is narrow."""
    column = max(len(choice.ending) for choice in choices) + 2
    lines = []
    for choice in choices:
        label, room = to_display(str(choice.label), ascii_only), max(8, width - column)
        parts = wrap(label, room) if width >= _MIN_WIDE else [fit(label, room, ellipsis="..." if ascii_only else "…")]
        lines.append(f"{choice.ending:<{column}}" + f"\n{' ' * column}".join(parts))
    return lines
