"""The base of the dialogs that train in a thread: a sentence, a progress bar, and escape to stop."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from threading import Event
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label
from textual.worker import get_current_worker

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Answer, Dialog
from nn_tui.tui.screens.seeds_results import progress_bar

_INTERVAL = 0.1  # seconds


class ProgressDialog(Dialog[Answer]):
    """Train in a thread and show how far it is. The result is that of :meth:`train`.

    Args:
        title: The title of the frame.
        hint: What escape does.
        palette: The palette of the screen.

    Attributes:
        passes: The number of passes that the thread has trained.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]

    class Done(Message):
        """The thread has ended with ``result``."""

        def __init__(self, result: Any) -> None:
            super().__init__()
            self.result = result

    def __init__(self, title: str, hint: str, palette: Palette) -> None:
        super().__init__()
        self._heading, self._hint = title, hint
        self._palette = palette
        self._stop = Event()
        self.passes = 0

    @abstractmethod
    def train(self, should_stop: Callable[[], bool]) -> Answer:
        """Train in the thread; ``should_stop`` is asked after every pass."""

    @abstractmethod
    def about(self) -> str:
        """Return the sentence above the bar."""

    @abstractmethod
    def part_done(self) -> float:
        """Return which part of the work is done; 1 or more is all of it."""

    def compose(self) -> ComposeResult:
        """Compose the sentence and the progress bar."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(self._heading)
            frame.border_subtitle = self.shown(self._hint)
            yield Label("", id="about", markup=False)
            yield Label("", id="bar", markup=False)

    def on_mount(self) -> None:
        """Start to train, unless the app is exiting and nothing was composed."""
        if not self.query("#about"):
            return
        self._show_progress()
        self.set_interval(_INTERVAL, self._show_progress)
        self._train()

    @work(thread=True, exclusive=True)
    def _train(self) -> None:
        worker = get_current_worker()

        def should_stop() -> bool:
            self.passes += 1
            return self._stop.is_set() or worker.is_cancelled

        self.post_message(self.Done(self.train(should_stop)))

    def _show_progress(self) -> None:
        glyphs, part = self._palette.glyphs, min(1.0, self.part_done())
        self.query_one("#about", Label).update(self.shown(self.about()))
        width = max(10, self.query_one("#ask").content_size.width - 6)
        bar = progress_bar(part, width, glyphs.full, glyphs.hline)
        self.query_one("#bar", Label).update(f"{bar} {100 * part:3.0f} %")

    @on(Done)
    def _close(self, message: Done) -> None:
        self.dismiss(message.result)

    def action_cancel(self) -> None:
        """Stop the training."""
        self._stop.set()
