"""The progress of training from many starts."""

from __future__ import annotations

from collections.abc import Callable

from nn_tui.core.analysis.seeds import SeedsResult, train_seeds
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.progress import ProgressDialog


class SeedsProgress(ProgressDialog[SeedsResult]):
    """Train the starts in a thread. The result has those that were done when all were or when escape was pressed."""

    def __init__(self, experiment: Experiment, count: int, updates: int, palette: Palette) -> None:
        super().__init__(tr("Many starts"), tr("esc stops and shows the results so far"), palette)
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
