"""Keeping the session on screen: now and then while it changes, when another takes its place, and at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from nn_tui.core.errors import InputError
from nn_tui.tui.config.files import state_folder, why
from nn_tui.tui.saved import session_store
from nn_tui.tui.saved.session_store import Offer, Slot
from nn_tui.tui.saved.snapshot import Snapshot, is_worth_keeping, packed, resumed, snapshot
from nn_tui.tui.session.session import Session

EVERY = 20.0  # seconds between two looks at whether there is something to keep
_SHARE = 100  # keeping takes no more than one part in this many of the time


@dataclass(frozen=True, slots=True)
class Due:
    """What a thread is to write. ``turn`` counts what the screen has kept, left or taken until then."""

    taken: Snapshot
    turn: int


class Keeper:
    """The place of one app on the shelf, and what it has put there.

    Any thread may call :meth:`write`, one at a time; the rest is the screen's.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.folder: Path = state_folder(environ) / "sessions"
        self.trouble = ""
        self._slot: Slot | None = None
        self._seen: object = None
        self._rest_until = 0.0
        self._turn = 0
        self._spoiled: dict[Offer, str] = {}  # what looked sound until it was to be resumed, and the sentence about it
        self._writing = Lock()  # held by who changes the file or the turn

    @property
    def path(self) -> Path | None:
        """This app's file; None before there is one."""
        return self._slot.path if self._slot else None

    def offers(self, preset: str | None = None) -> tuple[list[Offer], list[str]]:
        """What can be resumed, of one preset or of all, the newest first, and what cannot be."""
        found, notices = session_store.offers(self.folder, self.path)
        notices += [self._spoiled[offer] for offer in found if offer in self._spoiled]
        found = [offer for offer in found if offer not in self._spoiled]
        return [offer for offer in found if preset in (None, offer.preset)], notices

    def due(self, session: Session, *, live: bool) -> Due | None:
        """What to write now; None where nothing has changed, or the last writing took long and was not long ago."""
        seen = _marks(session)
        if seen == self._seen or time.monotonic() < self._rest_until or not is_worth_keeping(session):
            return None
        self._seen = seen
        return Due(snapshot(session, int(time.time()), live=live), self._turn)

    def write(self, due: Due) -> str:
        """Put what was due into this app's file; what is wrong where that fails, as a sentence, once for each cause.

        What comes too late is dropped: after a later one was kept, or with another session on screen.
        """
        with self._writing:
            return self._write(due.taken) if due.turn == self._turn else ""

    def _write(self, taken: Snapshot) -> str:
        began = time.monotonic()
        try:
            pieces = packed(taken)
            if self._slot is None:
                self._slot = session_store.new_slot(self.folder)
            session_store.put(self._slot, pieces)
            trouble = ""
        except (InputError, MemoryError) as error:
            trouble = f"This session is not kept: {error or 'there is not enough memory'}."
        except OSError as error:
            trouble = f"This session is not kept: {why(error)}."
            self._seen = None
        now = time.monotonic()
        self._rest_until = now + _SHARE * (now - began)
        new, self.trouble = trouble != self.trouble, trouble
        return trouble if new else ""

    def keep(self, session: Session) -> bool:
        """Keep a session that nothing runs in any more; False, and ``trouble`` says why, where that fails."""
        if not is_worth_keeping(session):
            return True
        taken = snapshot(session, int(time.time()))
        with self._writing:
            self._turn += 1
            self._write(taken)
        self._seen = _marks(session)
        return not self.trouble

    def leave(self) -> None:
        """Give up this app's file: the next session on screen is another one."""
        with self._writing:
            self._turn += 1
            if self._slot is not None:
                session_store.release(self._slot)
            self._slot, self._seen = None, None

    def take_newest(
        self, keys: Mapping[str, str], preset: str | None = None
    ) -> tuple[tuple[Offer, Session] | None, list[str]]:
        """The newest session that is sound, from now on this app's, if there is one; and what cannot be had."""
        found, notices = self.offers(preset)
        for offer in found:
            try:
                return (offer, self.take(offer, keys)), notices
            except InputError as error:
                notices.append(str(error))
        return None, notices

    def take(self, offer: Offer, keys: Mapping[str, str]) -> Session:
        """The session that is offered, from now on this app's; InputError where it cannot be had."""
        try:
            session = resumed(session_store.read(offer.path), keys)
        except InputError as error:
            self._spoiled[offer] = session_store.left_out(offer.path, error)
            raise InputError(self._spoiled[offer]) from None
        except OSError as error:
            raise InputError(f"The session is not there any more: {why(error)}.") from None
        self.leave()
        with contextlib.suppress(OSError):
            # Another app may have resumed the same one: then this one gets a file of its own.
            self._slot = session_store.claim(offer.path)
        self._seen = _marks(session)
        return session


def _marks(session: Session) -> object:
    """What has to differ for a session to be kept anew."""
    runs = tuple((id(run), run.reached, len(run.segments)) for run in session.runs)
    return runs, session.active, session.trace.update, session.cursor, session.bookmarks
