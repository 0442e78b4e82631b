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
from nn_tui.tui.saved.auto_saver import EVERY, Due, Keeper
from nn_tui.tui.saved.session_store import Offer, all_left_out, none_can_be
from nn_tui.tui.saved.snapshot import computed_with
from nn_tui.tui.session.session import Session, with_message


class SavedSessionActions(EditActions, StepActions, DialogActions):
    """The actions on saved sessions. ``offer`` is the one that stepping back resumes, as the first key of a start."""

    keeper: Keeper | None = None
    offer: Offer | None = None
    _writer: Worker[None] | None = None

    class Trouble(Message):
        """The session could not be saved; ``sentence`` says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def on_mount(self) -> None:
        """Start to save the session at regular intervals."""
        if self.keeper is not None:
            self.set_interval(EVERY, self.keep)

    def keep(self) -> None:
        """Save the session in a thread if it has changed."""
        if self.keeper is None or (self._writer is not None and not self._writer.is_finished):
            return
        live = self._training is not None or self._catch_up_request is not None
        due = None
        # A training may change a list of states while it is read; then the session is saved the next time.
        with contextlib.suppress(RuntimeError):
            due = self.keeper.due(self.session, live=live)
        if due is not None:
            self._writer = self._write(self.keeper, due)

    @work(thread=True, group="keeping", description="write the session")
    def _write(self, keeper: Keeper, due: Due) -> None:
        trouble = keeper.write(due)
        if trouble:
            self.post_message(self.Trouble(trouble))

    @on(Trouble)
    def _show_trouble(self, message: Trouble) -> None:
        self.show(with_message(self.session, message.sentence))

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

    async def _resume_or_offer(self, offer: Offer) -> None:
        """Resume a session; if it is damaged, offer the next one."""
        before = self.session
        await self.resume(offer)
        if self.keeper is not None and self.session.run is before.run and (offers := self.keeper.offers()[0]):
            self.offer = offers[0]
            self.show(with_message(self.session, f"{self.session.message} {offered(offers[0])}"))

    async def action_resume(self) -> None:
        """Resume the newest saved session."""
        if self.keeper is None:
            self.show(with_message(self.session, "Sessions are not kept here: that is switched off."))
            return
        offers, notices = self.keeper.offers()
        if not offers:
            message = none_can_be(self.keeper.folder, notices) if notices else "No other session is kept."
            self.show(with_message(self.session, message))
        elif await self._save_current():
            taken, notices = self.keeper.take_newest(self.session.keys)
            self._show_resumed(taken, all_left_out(self.keeper.folder, notices))

    async def resume(self, offer: Offer) -> None:
        """Save the session on screen and resume another one; if saving fails, nothing changes."""
        if self.keeper is None or not await self._save_current():
            return
        try:
            self._show_resumed((offer, self.keeper.take(offer, self.session.keys)))
        except InputError as error:
            self._show_resumed(None, str(error))

    async def _save_current(self) -> bool:
        """Pause and save the session on screen; return False, with a message, if that fails."""
        await self.pause()
        if self.keeper is None or self.keeper.keep(self.session):
            return True
        self.show(with_message(self.session, self.keeper.trouble))
        return False

    def _show_resumed(self, taken: tuple[Offer, Session] | None, trouble: str = "") -> None:
        """Show a resumed session, if there is one, and what is wrong with the others."""
        self.offer = None
        if taken is None:
            self.show(with_message(self.session, trouble))
            return
        offer, session = taken
        self.show(with_message(session, f"{welcome_back(offer, session)} {trouble}".rstrip()))

    def open_experiment(self, experiment: Experiment) -> None:
        """Save the session and show another experiment from its start."""
        trouble = ""
        if self.keeper is not None:
            if not self.keeper.keep(self.session):
                trouble = self.keeper.trouble.replace("This session", "The session before")
            self.keeper.leave()
        self.offer = None
        super().open_experiment(experiment)
        if trouble:
            self.show(with_message(self.session, trouble))


def offered(offer: Offer, more: int = 0) -> str:
    """Return the message that offers a saved session at the start; ``more`` is the number of other ones."""
    others = f' {more} more: `ctrl+p`, then "resume".' if more else ""
    return f"`⌫` resumes {session_label(offer)}, kept from {offer.when}.{others}"


def welcome_back(offer: Offer, session: Session) -> str:
    """Return the message for a session that was resumed."""
    other = "" if offer.kernels == computed_with(session) else " Replays here may differ in the last digits."
    return f"{session_label(offer)}, as it was left at {offer.when}.{other}"


def session_label(offer: Offer) -> str:
    """Return the title of a saved session and the update it is at."""
    return f"{offer.title} at {offer.place}"
