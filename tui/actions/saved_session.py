"""Saving the session for the next start, and resuming a saved one."""

from __future__ import annotations

import contextlib

from textual import on, work
from textual.message import Message
from textual.worker import Worker

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Experiment
from nn_tui.tui.actions.base import Move
from nn_tui.tui.actions.dialogs import DialogActions
from nn_tui.tui.actions.editing import EditActions
from nn_tui.tui.actions.stepping import StepActions
from nn_tui.tui.saved.auto_saver import SAVE_INTERVAL, AutoSaver, PendingSave, not_saved_message
from nn_tui.tui.saved.session_store import SessionInfo, left_out_summary, no_session_message
from nn_tui.tui.saved.snapshot import kernels_of
from nn_tui.tui.session.session import Session, with_message


class SavedSessionActions(EditActions, StepActions, DialogActions):
    """The actions on saved sessions.

    Attributes:
        auto_saver: Saves the session on screen; None if saving is switched off.
        offer: The saved session that stepping back resumes if it is the first key after the start.
    """

    auto_saver: AutoSaver | None = None
    offer: SessionInfo | None = None
    _writer: Worker[None] | None = None

    class SaveFailed(Message):
        """The session could not be saved; ``text`` says why."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_mount(self) -> None:
        """Start to save the session at regular intervals."""
        if self.auto_saver is not None:
            self.set_interval(SAVE_INTERVAL, self.save_in_background)

    def save_in_background(self) -> None:
        """Save the session in a thread if it has changed."""
        if self.auto_saver is None or (self._writer is not None and not self._writer.is_finished):
            return
        is_training = self._training is not None or self._catch_up_request is not None
        pending = None
        # A training may change a list of states while it is read; then the session is saved the next time.
        with contextlib.suppress(RuntimeError):
            pending = self.auto_saver.prepare(self.session, is_training=is_training)
        if pending is not None:
            self._writer = self._write(self.auto_saver, pending)

    @work(thread=True, group="saving", description="write the session")
    def _write(self, auto_saver: AutoSaver, pending: PendingSave) -> None:
        problem = auto_saver.write(pending)
        if problem:
            self.post_message(self.SaveFailed(problem))

    @on(SaveFailed)
    def _show_save_failed(self, message: SaveFailed) -> None:
        self.show(with_message(self.session, message.text))

    async def move(self, move: Move) -> None:
        """Pause, apply a move and show the result; afterwards stepping back resumes no saved session."""
        self.offer = None
        await super().move(move)

    async def action_previous_stop(self) -> None:
        """Go to the stop before; as the first key, resume the saved session that was offered."""
        offer, self.offer = self.offer, None
        if offer is not None and self.session.cursor == 0 and self.session.run.reached <= 1:
            await self._resume_or_offer(offer)
        else:
            await super().action_previous_stop()

    async def _resume_or_offer(self, offer: SessionInfo) -> None:
        """Resume a session; if it is damaged, offer the next one."""
        before = self.session
        await self.resume(offer)
        if self.auto_saver is None or self.session.run is not before.run:
            return
        sessions, _ = self.auto_saver.find_sessions()
        if sessions:
            self.offer = sessions[0]
            self.show(with_message(self.session, f"{self.session.message} {offer_message(sessions[0])}"))

    async def action_resume(self) -> None:
        """Resume the newest saved session."""
        if self.auto_saver is None:
            self.show(with_message(self.session, "Sessions are not saved here: that is switched off."))
            return
        sessions, notices = self.auto_saver.find_sessions()
        if not sessions:
            message = no_session_message(self.auto_saver.folder, notices) if notices else "No other session is saved."
            self.show(with_message(self.session, message))
        elif await self._save_current():
            loaded, notices = self.auto_saver.load_newest(self.session.key_labels)
            self._show_resumed(loaded, left_out_summary(self.auto_saver.folder, notices))

    async def resume(self, saved: SessionInfo) -> None:
        """Save the session on screen and resume another one; if saving fails, nothing changes."""
        if self.auto_saver is None or not await self._save_current():
            return
        try:
            self._show_resumed((saved, self.auto_saver.load(saved, self.session.key_labels)))
        except InputError as error:
            self._show_resumed(None, str(error))

    async def _save_current(self) -> bool:
        """Pause and save the session on screen; return False, with a message, if that fails."""
        await self.pause()
        if self.auto_saver is None or self.auto_saver.save(self.session):
            return True
        self.show(with_message(self.session, not_saved_message(self.auto_saver.problem)))
        return False

    def _show_resumed(self, loaded: tuple[SessionInfo, Session] | None, problem: str = "") -> None:
        """Show a resumed session, if there is one, and the message about damaged ones."""
        self.offer = None
        if loaded is None:
            self.show(with_message(self.session, problem))
            return
        saved, session = loaded
        self.show(with_message(session, f"{welcome_back(saved, session)} {problem}".rstrip()))

    def open_experiment(self, experiment: Experiment) -> None:
        """Save the session and show another experiment from its start."""
        message = ""
        if self.auto_saver is not None:
            if not self.auto_saver.save(self.session):
                message = not_saved_message(self.auto_saver.problem, "The session before")
            self.auto_saver.close()
        self.offer = None
        super().open_experiment(experiment)
        if message:
            self.show(with_message(self.session, message))


def offer_message(saved: SessionInfo, more: int = 0) -> str:
    """Return the message that offers a saved session at the start; ``more`` is the number of other ones."""
    others = f' {more} more: `ctrl+p`, then "resume".' if more else ""
    return f"`⌫` resumes {session_label(saved)}, saved at {saved.time_text}.{others}"


def welcome_back(saved: SessionInfo, session: Session) -> str:
    """Return the message for a session that was resumed."""
    other = "" if saved.kernels == kernels_of(session) else " Replays here may differ in the last digits."
    return f"{session_label(saved)}, as it was left at {saved.time_text}.{other}"


def session_label(saved: SessionInfo) -> str:
    """Return the title of a saved session and the update it is at."""
    return f"{saved.title} at {saved.progress}"
