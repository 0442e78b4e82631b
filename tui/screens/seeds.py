"""Training from many seeds: the prompt for the numbers, and the progress."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from nn_tui.core.analysis.seeds import SeedsResult, train_seeds
from nn_tui.core.spec import Experiment
from nn_tui.core.text import parse_int
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.progress import ProgressDialog

MAX_STARTS = 1000
MAX_UPDATES = 1_000_000  # for each start


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


class SeedsProgress(ProgressDialog[SeedsResult]):
    """Train the starts in a thread. The result has those that were done when all were or when escape was pressed."""

    def __init__(self, experiment: Experiment, count: int, updates: int, palette: Palette) -> None:
        super().__init__(tr("Many seeds"), tr("esc stops and shows the results so far"), palette)
        self._experiment = experiment
        self._result = SeedsResult(count, updates)

    def train(self, should_stop: Callable[[], bool]) -> SeedsResult:
        """Train all starts."""

        def progress(result: SeedsResult) -> None:
            self._result = result

        return train_seeds(
            self._experiment, self._result.requested, self._result.updates, should_stop=should_stop, progress=progress
        )

    def about(self) -> str:
        """Return how many starts are trained, and how many of them are stuck."""
        result = self._result
        if not result.results and result.in_training > 1:
            return tr_plural(
                "{training} of {count} start is in training.",
                "{training} of {count} starts are in training, side by side.",
                result.requested, training=result.in_training,
            )  # fmt: skip
        if not result.results:
            return tr_plural("No start of {count} trained yet.", "No start of {count} trained yet.", result.requested)
        return tr_plural(
            "{done} of {count} start trained, {stuck} of them stuck.",
            "{done} of {count} starts trained, {stuck} of them stuck.",
            result.requested, done=len(result.results), stuck=len(result.stuck),
        )  # fmt: skip

    def part_done(self) -> float:
        """Return which part of all updates is trained."""
        return self._result.passes / (self._result.requested * self._result.updates)
