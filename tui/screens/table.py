"""The screen that shows a table before its network is opened: what each column is, and keys that change it.

A thread reads the file. The choices are changes of ``[data]``; a :class:`TableReview` is all that follows from them,
and a change of a role makes another one. Another way of reading reads the file again.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import get_current_worker

from nn_tui.core.data.opened_table import Tables
from nn_tui.core.errors import InputError
from nn_tui.core.preset.table_file import table_spec
from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.spec import Experiment
from nn_tui.core.table.values import Layout, TableData
from nn_tui.core.translation import tr
from nn_tui.tui.background.table_opener import TableRequest
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import table_reading, table_review
from nn_tui.tui.session.table_keys import BINDINGS, CHOICES, READINGS
from nn_tui.tui.session.table_own_choices import own_changes
from nn_tui.tui.session.table_reading import no_separator_text
from nn_tui.tui.session.table_review import TableReview, try_review
from nn_tui.tui.views.table_help import table_help
from nn_tui.tui.views.table_keys import frame_keys, leave_text
from nn_tui.tui.widgets.table_widget import TableWidget

_INTERVAL = 0.1  # seconds between two pictures of the progress
RESUME = "resume"  # the result if the kept session of the table is wanted


class TableScreen(Dialog[Experiment | str | None]):
    """Show a table. The result is its experiment, ``RESUME``, or None if nothing is to be opened.

    Args:
        request: The file, the choices at first, and where the screen was opened.
        palette: The colours.
        tables: The content of the file, if it has been read already.
        data: The rows for training that follow from it and the choices, if they are there already.
    """

    BINDINGS = [*BINDINGS]

    class Read(Message):
        """The table was read: there is a review of it, or a problem, or both."""

        def __init__(self, problem: InputError | None) -> None:
            super().__init__()
            self.problem = problem

    class Built(Message):
        """The network was made, or there is a problem."""

        def __init__(self, experiment: Experiment | None, problem: InputError | None) -> None:
            super().__init__()
            self.experiment, self.problem = experiment, problem

    def __init__(
        self,
        request: TableRequest,
        palette: Palette,
        *,
        tables: Tables | None = None,
        data: TableData | None = None,
    ) -> None:
        super().__init__()
        self._request = request
        self._opener = request.opener
        self._palette = palette
        self._tried = request.changes  # the choices of the last attempt to read the table
        # What the thread takes, and what it leaves. Textual may hold its arguments and its messages for long.
        self._tables = tables
        self._data = data
        self._found: TableReview | None = None
        self._has_explicit_choices = request.origin == "network"  # until the table is read
        self._first: tuple[DataChanges, Layout] | None = None  # the choices at first, without how the file is read
        self._problem = ""  # why the choices give no network
        self._review: TableReview | None = None
        self._stop: Event | None = None  # of the thread that reads or builds; None if there is none
        self._part = 0.0

    def compose(self) -> ComposeResult:
        """Compose the frame and what it shows."""
        with Vertical(id="table") as frame:
            name = self._opener.name
            kept = self._request.kept
            frame.border_title = self.shown(tr("{file}: {kept}", file=name, kept=kept) if kept else name)
            yield TableWidget(self._palette)

    def on_mount(self) -> None:
        """Read the table, unless that was done."""
        self.set_interval(_INTERVAL, self._show_progress)
        self._start_reading([self._tried])

    def on_resize(self) -> None:
        """Name the keys that there is room for."""
        self._set_subtitle()

    # Reading

    def _start_reading(self, attempts: Sequence[DataChanges]) -> None:
        self._stop, self._part = Event(), 0.0
        self._tried = attempts[0] if len(attempts) == 1 else self._tried
        self._set_subtitle()
        self._read(attempts, self._stop)

    @work(thread=True, exclusive=True, group="table")
    def _read(self, attempts: Sequence[DataChanges], stop: Event) -> None:
        """Read the file in the only way, or in the first of several that gives a network."""
        worker = get_current_worker()
        tables, data = self._tables, self._data
        self._tables = self._data = None  # the review has them
        review, problem = None, None
        for changes in attempts:
            try:
                if tables is None:
                    tables = self._opener.read(changes, self._set_part, lambda: stop.is_set() or worker.is_cancelled)
                review, problem = try_review(tables, changes, data, self._request.own_network)
                if self._has_explicit_choices:
                    review = table_review.change(review, own_changes(review))
            except InputError as error:
                problem = error
            if problem is None or stop.is_set() or len(attempts) == 1:
                break
            tables = review = None
        else:
            problem = InputError("not_available", no_separator_text())
        if not stop.is_set():
            self._found = review
            self.post_message(self.Read(problem))

    @property
    def has_table(self) -> bool:
        """Whether there is a table to show."""
        return self._review is not None

    def _set_part(self, part: float) -> None:
        self._part = part

    def _show_progress(self) -> None:
        if self._stop is not None and (self._review is None or self._part):
            text = tr("Reading {file}: {part:.0%}. Esc stops it.", file=self._opener.name, part=self._part)
            self._widget.show_progress(self.shown(text), self._part)

    @on(Read)
    def _show_read(self, message: Read) -> None:
        self._stop, self._part = None, 0.0
        problem = "" if message.problem is None else message.problem.sentence_with_line
        problem = problem[:1].upper() + problem[1:]
        review, self._found = self._found, None
        if self._first is None:
            self._first = None if review is None else table_reading.choices_and_layout(review)
        self._has_explicit_choices = False
        if review is not None:
            self._tried = review.changes
            if self._review is None:
                self._widget.line = review.line_of(review.target)
            self._show(review, problem, problem)
        elif self._review is not None:
            self._show(self._review, problem, self._problem)
        else:
            self._widget.show_problem(self.shown(problem))
        self._set_subtitle()

    @property
    def _widget(self) -> TableWidget:
        return self.query_one(TableWidget)

    def _show(self, review: TableReview, note: str = "", problem: str = "") -> None:
        self._review, self._problem = review, problem
        self._widget.show(review, self.shown(note), has_network=not problem)

    def _set_subtitle(self) -> None:
        keys = frame_keys(
            is_busy=self._stop is not None, has_table=self.has_table, is_start=self._request.origin == "start"
        )
        shown = first_fitting(map(self.shown, keys), self.size.width - 8) or ""
        for frame in self.query("#table"):  # none before the screen is composed
            frame.border_subtitle = shown

    # Keys

    def action_move(self, lines: int) -> None:
        """Mark another column."""
        self._widget.move(lines)

    def action_page(self, direction: int) -> None:
        """Mark a column a page further."""
        self._widget.move(direction * self._widget.page_size)

    def action_choose(self, choice: str) -> None:
        """Give the marked column another role or kind, or change the test part or what happens to gaps."""
        review = self._review
        if review is None or self._stop is not None:
            return
        group = review.groups[self._widget.line]
        try:
            changed = CHOICES[choice](review, group)
        except InputError as error:
            self._show(review, error.sentence, self._problem)
        else:
            self._widget.line = changed.line_of(group.start)
            self._tried = changed.changes
            self._show(changed)

    def action_read(self, way: str) -> None:
        """Read the file in another way."""
        if self._stop is None:
            layout = None if self._review is None else self._review.table.layout
            self._start_reading(READINGS[way](self._chosen, layout, self._tried))

    @property
    def _chosen(self) -> DataChanges:
        """The choices in force; those of the last attempt if there is no table yet."""
        return self._tried if self._review is None else self._review.changes

    @work
    async def action_read_encoding(self) -> None:
        """Ask for an encoding, and read with it."""
        layout = None if self._review is None else self._review.table.layout
        current = str(table_reading.in_force("encoding", layout, self._tried, "utf-8"))
        about = tr("The encoding of the file, such as utf-8, cp949, euc-kr, cp1252 or utf-16.")

        def check(text: str) -> object:
            return table_spec(self._opener.name, {"encoding": text})

        answer = await self.app.push_screen_wait(TextPrompt(tr("Encoding"), about, check, current))
        if answer and self._stop is None:
            self._start_reading([table_reading.read_with(self._chosen, "encoding", answer.lower())])

    def action_open(self) -> None:
        """Make the network and close with it."""
        if self._review is None or self._stop is not None:
            return
        if self._problem:
            self._show(self._review, self._problem, self._problem)
            return
        if self._request.origin != "file" and not self._is_changed:
            self.dismiss(None)
            return
        self._stop = Event()
        self._build(self._stop)

    @work(thread=True, exclusive=True, group="table")
    def _build(self, stop: Event) -> None:
        review, experiment, problem = self._review, None, None
        if review is None:
            return
        try:
            network = review.layers, review.training
            experiment = self._opener.build((review.table, review.test), review.changes, network)
        except InputError as error:
            problem = error
        if not stop.is_set():
            self.post_message(self.Built(experiment, problem))

    @on(Built)
    def _close(self, message: Built) -> None:
        self._stop = None
        if message.experiment is not None:
            self.dismiss(message.experiment)
        elif self._review is not None:
            problem = "" if message.problem is None else message.problem.sentence_with_line
            self._show(self._review, problem[:1].upper() + problem[1:])

    def action_cancel(self) -> None:
        """Stop reading and show the table as it was; else close, the second time if choices would be lost."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            if self._review is not None:
                self._tried = self._review.changes
                self._show(self._review, "", self._problem)
                self._set_subtitle()
                return
        text = self.shown(leave_text(is_start=self._request.origin == "start"))
        if self._review is not None and self._is_changed and not self._problem and self._widget.note != text:
            self._show(self._review, text)
        else:
            self.dismiss(None)

    @property
    def _is_changed(self) -> bool:
        """Whether there are other choices than at first."""
        return self._review is not None and self._first != table_reading.choices_and_layout(self._review)

    def action_help(self) -> None:
        """Show all that is known about the table, the keys and the words."""
        review, line, palette = self._review, self._widget.line, self._palette
        title = tr("Columns of {file}", file=self._opener.name)
        self.app.push_screen(TextScreen(title, lambda width: table_help(review, line, palette, width)))

    def action_resume(self) -> None:
        """Close for the kept session of the table."""
        if self._request.kept and self._stop is None:
            self.dismiss(RESUME)

    def on_unmount(self) -> None:
        """Stop the thread, and free the memory of the table: the app may hold a screen that was closed."""
        if self._stop is not None:
            self._stop.set()
        self._review = None
