"""Keeping the session on screen for the next start, and going on with one that was kept."""

from __future__ import annotations

import contextlib

from textual import on, work
from textual.message import Message
from textual.worker import Worker

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Experiment
from nn_tui.tui.actions.base import Move
from nn_tui.tui.actions.dialogs import Dialogs
from nn_tui.tui.actions.editing import Editing
from nn_tui.tui.actions.stepping import Stepping
from nn_tui.tui.saved.auto_saver import EVERY, Due, Keeper
from nn_tui.tui.saved.session_store import Offer, all_left_out, none_can_be
from nn_tui.tui.saved.snapshot import computed_with
from nn_tui.tui.session.session import Session, with_message


class Resuming(Editing, Stepping, Dialogs):
    """The actions around kept sessions. ``offer`` is the one that a first step back goes on with."""

    keeper: Keeper | None = None
    offer: Offer | None = None
    _writer: Worker[None] | None = None

    class Trouble(Message):
        """The session could not be kept; ``sentence`` says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def on_mount(self) -> None:
        """Look now and then whether there is something to keep."""
        if self.keeper is not None:
            self.set_interval(EVERY, self.keep)

    def keep(self) -> None:
        """Keep the session if it has changed; a thread writes it."""
        if self.keeper is None or (self._writer is not None and not self._writer.is_finished):
            return
        live = self._training is not None or self._bringing is not None
        due = None
        # A training may be adding to what is being listed: then it is the next time's.
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
    def _tell(self, message: Trouble) -> None:
        self.show(with_message(self.session, message.sentence))

    async def move(self, make: Move) -> None:
        """One key press; from then on a step back is one."""
        self.offer = None
        await super().move(make)

    async def action_previous_stop(self) -> None:
        """Go back one stop; from the very start, to the session that was kept."""
        offer, self.offer = self.offer, None
        if offer is not None and self.session.cursor == 0 and self.session.run.reached <= 1:
            await self._resume_or_offer(offer)
        else:
            await super().action_previous_stop()

    async def _resume_or_offer(self, offer: Offer) -> None:
        """Go on with a session; where it turns out to be damaged, the next one is offered."""
        here = self.session
        await self.resume(offer)
        if self.keeper is not None and self.session.run is here.run and (found := self.keeper.offers()[0]):
            self.offer = found[0]
            self.show(with_message(self.session, f"{self.session.message} {offered(found[0])}"))

    async def action_resume(self) -> None:
        """Go on with the newest session that was kept."""
        if self.keeper is None:
            self.show(with_message(self.session, "Sessions are not kept here: that is switched off."))
            return
        found, notices = self.keeper.offers()
        if not found:
            none = none_can_be(self.keeper.folder, notices) if notices else "No other session is kept."
            self.show(with_message(self.session, none))
        elif await self._has_room_for_another():
            taken, notices = self.keeper.take_newest(self.session.keys)
            self._go_on(taken, all_left_out(self.keeper.folder, notices))

    async def resume(self, offer: Offer) -> None:
        """Go on with a kept session; the one on screen is kept in its place, else nothing happens."""
        if self.keeper is None or not await self._has_room_for_another():
            return
        try:
            self._go_on((offer, self.keeper.take(offer, self.session.keys)))
        except InputError as error:
            self._go_on(None, str(error))

    async def _has_room_for_another(self) -> bool:
        """Pause and keep the session on screen; where that fails, it stays."""
        await self.pause()
        if self.keeper is None or self.keeper.keep(self.session):
            return True
        self.show(with_message(self.session, self.keeper.trouble))
        return False

    def _go_on(self, taken: tuple[Offer, Session] | None, trouble: str = "") -> None:
        """Show the session that was taken, if one was, and say what is wrong with others."""
        self.offer = None
        if taken is None:
            self.show(with_message(self.session, trouble))
            return
        offer, session = taken
        self.show(with_message(session, f"{welcome_back(offer, session)} {trouble}".rstrip()))

    def open_experiment(self, experiment: Experiment) -> None:
        """Start over with another experiment; the session until then is kept."""
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
    """What offers a session at the start, and ``more`` beside it."""
    others = f' {more} more: `ctrl+p`, then "resume".' if more else ""
    return f"`⌫` resumes {place_of(offer)}, kept from {offer.when}.{others}"


def welcome_back(offer: Offer, session: Session) -> str:
    """The sentence over a session that was resumed."""
    other = "" if offer.kernels == computed_with(session) else " Replays here may differ in the last digits."
    return f"{place_of(offer)}, as it was left at {offer.when}.{other}"


def place_of(offer: Offer) -> str:
    """Which session it is, and where it stands."""
    return f"{offer.title} at {offer.place}"
