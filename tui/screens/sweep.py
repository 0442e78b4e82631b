"""The screen of a sweep: it trains all combinations in a thread and shows their table, from which runs are opened."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import get_current_worker

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.row import SweepRow, start_of
from nn_tui.core.sweep.rows import sweep_rows
from nn_tui.core.sweep.writers import csv_text
from nn_tui.core.text import shown_path
from nn_tui.core.translation import Message as Note
from nn_tui.core.translation import message, tr, tr_plural
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting
from nn_tui.tui.saved.files import check_folder, write_file
from nn_tui.tui.saved.typed_file import check_no_folder, replace_question, typed_path
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.progress import ProgressDialog
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session import sweep_table
from nn_tui.tui.session.sweep_table import SweepTable
from nn_tui.tui.views.sweep_page import SweepProgress
from nn_tui.tui.widgets.sweep_widget import SweepWidget

_INTERVAL = 0.1  # seconds between two pictures of the table while the sweep trains
NEW_SWEEP = "new"

SweepAnswer = tuple[int, ...] | str
"""What was chosen: the rows to open, by their indices, or ``NEW_SWEEP``."""


class SweepScreen(Dialog[SweepAnswer | None]):
    """Train the combinations of a sweep and show their table. The result is what was chosen; None if it was closed.

    Args:
        table: The table; its rows are those of a sweep that has ended, or there are none.
        combinations: The combinations to train; none to show the rows that there are.
        palette: The colours.

    Attributes:
        table: The table, also after the screen was closed.
    """

    BINDINGS = [
        ("escape,q", "cancel", "Stop, or close"),
        ("enter", "open", "Open the marked runs"),
        ("space", "mark", "Mark"),
        ("up,k", "move(-1)", "Row above"),
        ("down,j", "move(1)", "Row below"),
        ("home", "move(-1000000)", "First row"),
        ("end", "move(1000000)", "Last row"),
        ("pageup", "page(-1)", "Page up"),
        ("pagedown", "page(1)", "Page down"),
        ("right,l", "sort(1)", "Sort by the next column"),
        ("left,h", "sort(-1)", "Sort by the column before"),
        ("r", "reverse", "Reverse the order"),
        ("s", "save", "Save the table"),
        ("n", "new_sweep", "New sweep"),
    ]

    class Ended(Message):
        """The thread has ended."""

    def __init__(self, table: SweepTable, combinations: Sequence[Combination], palette: Palette) -> None:
        super().__init__()
        self.table = table
        self._combinations = combinations
        self._widget = SweepWidget(table, palette)
        self._stop = Event()
        self._new_rows = deque[SweepRow]()  # that the thread has trained and the table does not have yet
        self._done, self._started = 0.0, monotonic()
        self._is_training = bool(combinations)

    def compose(self) -> ComposeResult:
        """Compose the frame and the table."""
        with Vertical(id="sweep") as frame:
            title = self.table.experiment.preset.title
            frame.border_title = self.shown(
                tr_plural(
                    "Sweep of {title}, {count:,} update each", "Sweep of {title}, {count:,} updates each",
                    self.table.updates, title=title,
                )
            )  # fmt: skip
            yield self._widget

    def on_mount(self) -> None:
        """Start to train, unless the rows are there."""
        self._show()
        if self._is_training:
            self.set_interval(_INTERVAL, self._take_rows)
            self._train()

    def on_resize(self) -> None:
        """Name the keys that there is room for."""
        self._set_subtitle()

    # Training

    @work(thread=True, exclusive=True, group="sweep")
    def _train(self) -> None:
        worker = get_current_worker()

        def should_stop() -> bool:
            return self._stop.is_set() or worker.is_cancelled

        table = self.table
        # In this process alone: another one cannot be started while the app owns the terminal.
        for row in sweep_rows(
            table.experiment,
            self._combinations,
            table.updates,
            jobs=1,
            should_stop=should_stop,
            progress=self._set_done,
        ):
            self._new_rows.append(row)
        self.post_message(self.Ended())

    def _set_done(self, done: float) -> None:
        self._done = done

    def _take_rows(self) -> None:
        """Add the rows that the thread has trained since."""
        if self._is_training:
            while self._new_rows:
                self.table = sweep_table.add_row(self.table, self._new_rows.popleft())
            self._show()

    @on(Ended)
    def _end(self) -> None:
        self._take_rows()
        self._is_training = False
        self._note("")  # which may be about a key that does not act while it trains

    # Showing

    def _show(self) -> None:
        if self.is_attached:
            seconds = monotonic() - self._started
            self._widget.show(self.table, SweepProgress(self._done, seconds) if self._is_training else None)
            self._set_subtitle()

    def _set_subtitle(self) -> None:
        for frame in self.query("#sweep"):
            keys = (
                (tr("esc stops, the rows so far stay"),)
                if self._is_training
                else (
                    tr("↑ ↓ run, space marks, enter opens, ← → sorts, r reverses, s saves, n: new sweep, esc closes"),
                    tr("↑ ↓ run, space marks, enter opens, ← → sorts, s saves, n new, esc closes"),
                    tr("space marks, enter opens, ← → sorts, esc closes"),
                    tr("esc closes"),
                )
            )
            frame.border_subtitle = self.shown(first_fitting(map(self.shown, keys), self.size.width - 6) or "")

    def _update(self, table: SweepTable) -> None:
        self.table = table
        self._show()

    # Keys

    def action_mark(self) -> None:
        """Mark the highlighted row, or take its mark away."""
        self._update(sweep_table.toggle_mark(self.table))

    def action_reverse(self) -> None:
        """Reverse the order."""
        self._update(sweep_table.reverse(self.table))

    def action_move(self, lines: int) -> None:
        """Highlight the row that many lines below, or above if negative."""
        self._update(sweep_table.move(self.table, lines))

    def action_page(self, direction: int) -> None:
        """Highlight the row a page below (``direction`` 1) or above (−1)."""
        self.action_move(direction * self._widget.page_size)

    def action_sort(self, step: int) -> None:
        """Sort by the next column (``step`` 1) or by the one before (−1)."""
        self._update(sweep_table.sort_next(self.table, step))

    @on(SweepWidget.RowClicked)
    def _highlight(self, event: SweepWidget.RowClicked) -> None:
        self._update(sweep_table.highlight(self.table, event.index))

    @on(SweepWidget.HeadingClicked)
    def _sort_by(self, event: SweepWidget.HeadingClicked) -> None:
        is_again = event.name == self.table.sorted_by
        self._update(sweep_table.reverse(self.table) if is_again else sweep_table.sort_by(self.table, event.name))

    @on(SweepWidget.Scrolled)
    def _scroll(self, event: SweepWidget.Scrolled) -> None:
        self.action_move(event.lines)

    def action_open(self) -> None:
        """Close, and open the marked runs, or the highlighted one if none is marked."""
        if self._is_training:
            self._note(message("The sweep is training: esc stops it, then enter opens a run."))
            return
        chosen = sweep_table.rows_to_open(self.table)
        if chosen:
            self.dismiss(chosen)
        elif self.table.rows:
            self._note(message("This combination is not valid, so it has no run."))

    def action_new_sweep(self) -> None:
        """Close, and ask for another sweep."""
        if not self._is_training:
            self.dismiss(NEW_SWEEP)

    def action_cancel(self) -> None:
        """Stop the training; once it has ended, close."""
        if self._is_training:
            self._stop.set()
        else:
            self.dismiss(None)

    def _note(self, note: Note | str) -> None:
        self._update(replace(self.table, note=note))

    async def action_save(self) -> None:
        """Ask for a file name, and write the rows so far there as CSV."""
        if not self.table.rows:
            return
        name = unused_path(Path.cwd(), f"{self.table.experiment.preset.id}-sweep", ".csv").name
        about = tr("The table as CSV, with a line for each run, as nn-tui sweep writes it.")
        if self.table.starts > 1:
            about = tr(
                'The table as CSV, with a line for each run. The column "set seed" has the seed of its initial '
                'weights; "seed" is that of the data, which is the same for all runs.'
            )
        prompt = TextPrompt(tr("Save the table"), about, _TableWriter(self.table), name)
        self.app.push_screen(prompt, self._show_saved)

    def _show_saved(self, name: str | None) -> None:
        if name is not None:
            self._note(message("Saved the table in {file}.", file=shown_path(typed_path(name, "sweep.csv"))))


class _TableWriter:
    """Writes the rows of a table to the file that a person names; an existing file is replaced the second time."""

    def __init__(self, table: SweepTable) -> None:
        self._text = csv_text(table.rows)
        self._asked: set[str] = set()

    def __call__(self, text: str) -> None:
        path = typed_path(text, "sweep.csv")
        try:
            check_no_folder(path)
            check_folder(path)
            question = replace_question([path])
        except OSError as error:
            reason = os_error_reason(error)
            raise InputError("unreadable", message("it cannot be written: {reason}.", reason=reason)) from None
        if question is not None and text not in self._asked:
            self._asked.add(text)
            raise InputError("duplicate", question, value=text)
        write_file(path, self._text.encode())


class RunsProgress(ProgressDialog[tuple[Run, ...] | None]):
    """Train some runs of a sweep again in a thread. The result is the runs; None if it was stopped."""

    def __init__(self, table: SweepTable, chosen: Sequence[int], palette: Palette) -> None:
        super().__init__(tr("Open runs"), tr("esc stops"), palette)
        self._experiment = table.experiment
        self._rows = [table.rows[index] for index in chosen]
        self._updates = max(1, sum(row.updates for row in self._rows))

    def train(self, should_stop: Callable[[], bool]) -> tuple[Run, ...] | None:
        """Train all runs."""
        runs = []
        for row in self._rows:
            run = start_of(self._experiment, row.combination)
            run.train(row.updates, should_stop=should_stop)
            if run.position < row.updates:
                return None
            run.release_buffers()
            runs.append(run)
        return tuple(runs)

    def about(self) -> str:
        """Return how many runs are trained."""
        return tr_plural(
            "Training {count} run again, with the same numbers.", "Training {count} runs again, with the same numbers.",
            len(self._rows),
        )  # fmt: skip

    def part_done(self) -> float:
        """Return which part of all updates is trained."""
        return self.passes / self._updates
