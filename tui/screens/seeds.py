"""Training from many seeds: the prompt for the numbers, and the progress."""

from __future__ import annotations

from threading import Event

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Label
from textual.worker import get_current_worker

from nn_tui.core.analysis.seeds import SeedsResult, train_seeds
from nn_tui.core.spec import Experiment
from nn_tui.core.text import parse_int
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.seeds_results import progress_bar

MAX_STARTS = 1000
MAX_UPDATES = 1_000_000  # for each start
PROGRESS_INTERVAL = 0.1  # seconds


class SeedsPrompt(Dialog[tuple[int, int] | None]):
    """Ask for the numbers of starts and of updates for each. The result is both, or None if cancelled."""

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, count: int, updates: int) -> None:
        super().__init__()
        self._count = count
        self._updates = updates

    def compose(self) -> ComposeResult:
        """Compose the two inputs."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(tr("Many seeds"))
            frame.border_subtitle = self.shown(tr("enter trains, tab: next line, esc cancels"))
            about = tr("Train this network from many initial weights, to see how many runs get stuck.")
            yield Label(self.shown(about), id="about", markup=False)
            yield Label(self.shown(tr("Starts:")), markup=False)
            yield Input(str(self._count), id="count")
            yield Label(self.shown(tr("Updates for each:")), markup=False)
            yield Input(str(self._updates), id="updates")
            yield Label("", id="problem", markup=False)

    @on(Input.Submitted)
    def _submit(self) -> None:
        numbers: list[int] = []
        starts = tr("Starts: write a whole number from {low} to {high:,}.", low=2, high=MAX_STARTS)
        updates = tr("Updates: write a whole number from {low} to {high:,}.", low=1, high=MAX_UPDATES)
        for id, problem, min_, max_ in (("#count", starts, 2, MAX_STARTS), ("#updates", updates, 1, MAX_UPDATES)):
            number = parse_int(self.query_one(id, Input).value.replace(",", ""), min_, max_)
            if number is None:
                self.query_one("#problem", Label).update(self.shown(problem))
                self.query_one(id, Input).focus()
                return
            numbers.append(number)
        self.dismiss((numbers[0], numbers[1]))

    def action_cancel(self) -> None:
        """Close without training."""
        self.dismiss(None)


class SeedsProgress(Dialog[SeedsResult]):
    """Train the starts in a thread. The result has those that were done when all were or when escape was pressed."""

    BINDINGS = [("escape", "cancel", "Cancel")]

    class Done(Message):
        """The thread has ended with ``result``."""

        def __init__(self, result: SeedsResult) -> None:
            super().__init__()
            self.result = result

    def __init__(self, experiment: Experiment, count: int, updates: int, palette: Palette) -> None:
        super().__init__()
        self._experiment = experiment
        self._palette = palette
        self._result = SeedsResult(count, updates)
        self._passes = 0
        self._stop = Event()

    def compose(self) -> ComposeResult:
        """Compose the sentence and the progress bar."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(tr("Many seeds"))
            frame.border_subtitle = self.shown(tr("esc stops and shows the results so far"))
            yield Label("", id="about", markup=False)
            yield Label("", id="bar", markup=False)

    def on_mount(self) -> None:
        """Start to train, unless the app is exiting and nothing was composed."""
        if not self.query("#about"):
            return
        self._show_progress()
        self.set_interval(PROGRESS_INTERVAL, self._show_progress)
        self._train()

    @work(thread=True, exclusive=True)
    def _train(self) -> None:
        worker = get_current_worker()

        def should_stop() -> bool:
            self._passes += 1
            return self._stop.is_set() or worker.is_cancelled

        def progress(result: SeedsResult) -> None:
            self._result, self._passes = result, 0

        result = train_seeds(
            self._experiment, self._result.requested, self._result.updates, should_stop=should_stop, progress=progress
        )
        self.post_message(self.Done(result))

    def _show_progress(self) -> None:
        result, glyphs = self._result, self._palette.glyphs
        done = len(result.results)
        part = min(1.0, (done + min(1.0, self._passes / result.updates)) / result.requested)
        if done:
            about = tr_plural(
                "{done} of {count} start trained, {stuck} of them stuck.",
                "{done} of {count} starts trained, {stuck} of them stuck.",
                result.requested,
                done=done,
                stuck=len(result.stuck),
            )
        else:
            about = tr_plural("No start of {count} trained yet.", "No start of {count} trained yet.", result.requested)
        self.query_one("#about", Label).update(self.shown(about))
        bar = self.query_one("#bar", Label)
        width = max(10, self.query_one("#ask").content_size.width - 6)
        bar.update(f"{progress_bar(part, width, glyphs.full, glyphs.hline)} {100 * part:3.0f} %")

    @on(Done)
    def _close(self, message: Done) -> None:
        self.dismiss(message.result)

    def action_cancel(self) -> None:
        """Stop the training; the starts that are done are shown."""
        self._stop.set()
