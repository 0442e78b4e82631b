"""Saving the session in a thread while the app is open."""

from __future__ import annotations

import contextlib
from functools import partial

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from nn_tui.tui.saved.auto_saver import AutoSaver, PendingSave
from nn_tui.tui.session.session import Session


class SaveFailed(Message):
    """The session could not be saved; ``text`` says why."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class BackgroundSaver:
    """Saves the session of a screen, which gets the message :class:`SaveFailed` if that fails."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._worker: Worker[None] | None = None

    def save(self, auto_saver: AutoSaver, session: Session, *, is_training: bool) -> None:
        """Save the session in a thread if it has changed.

        Args:
            auto_saver: Saves it.
            session: The session on screen.
            is_training: Whether a thread is training its runs.
        """
        if self._worker is not None and not self._worker.is_finished:
            return
        pending = None
        # A training may change a list of states while it is read; then the session is saved the next time.
        with contextlib.suppress(RuntimeError):
            pending = auto_saver.prepare(session, is_training=is_training)
        if pending is not None:
            work = partial(self._write, auto_saver, pending)
            self._worker = self._screen.run_worker(work, thread=True, group="saving", description="write the session")

    def _write(self, auto_saver: AutoSaver, pending: PendingSave) -> None:
        problem = auto_saver.write(pending)
        if problem:
            self._screen.post_message(SaveFailed(problem))
