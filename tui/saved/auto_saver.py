"""Keeps the session on screen: at intervals while it changes, before another one replaces it, and at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.saved.document import read_info
from nn_tui.core.text import path_from_home
from nn_tui.core.translation import message, tr
from nn_tui.tui.config.files import describe_os_error, state_folder
from nn_tui.tui.saved import session_store
from nn_tui.tui.saved.session_store import SessionFile, SessionInfo
from nn_tui.tui.session.document import (
    change_marks,
    file_stamp,
    is_as_opened,
    is_worth_saving,
    with_document,
    with_unsaved_work,
)
from nn_tui.tui.session.session import Document, FileStamp, Session

if TYPE_CHECKING:
    from nn_tui.tui.saved.snapshot import Snapshot

SAVE_INTERVAL = 1.0  # seconds between two checks whether the session has changed
_PAUSE_FACTOR = 100.0
_BUSY_PAUSE = 4.0  # seconds between two saves of a session that changes all the time

SaveFile = Callable[[SessionFile, bytes], None]


@dataclass(frozen=True, slots=True)
class PendingSave:
    """A snapshot that a thread is to write.

    Attributes:
        snapshot: The session to write.
        generation: The saver's generation when the snapshot was taken.
    """

    snapshot: Snapshot
    generation: int


class AutoSaver:
    """Writes the sessions of one app to a file that belongs to it.

    Any thread may call :meth:`write`, one at a time. Only the app's thread calls the other methods.

    Args:
        environ: The environment, which names the folder.
        pause_factor: The pause after a save, as a multiple of the time that the save took.
        busy_pause: The least pause in seconds if the session has changed since the last call of :meth:`prepare`.
        clock: Returns the time in seconds, for measuring.
        save: Writes the content of a session to its file; raises OSError.

    Attributes:
        folder: The folder of all kept sessions.
        problem: The reason of the last failed save; empty if the last save succeeded.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        pause_factor: float = _PAUSE_FACTOR,
        busy_pause: float = _BUSY_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        save: SaveFile = session_store.save,
    ) -> None:
        self.folder: Path = state_folder(environ) / "sessions"
        self.problem = ""
        self._pause_factor, self._busy_pause = pause_factor, busy_pause
        self._clock = clock
        self._save_file = save
        self._file: SessionFile | None = None
        self._document_lock: SessionFile | None = None
        self._saved_marks: object = None
        self._saved_document: tuple[Path, int] | None = None  # as written beside the file
        self._last_marks: object = None  # at the last call of prepare
        self._next_save_at = self._next_busy_save_at = float("-inf")
        self._generation = 0  # changes when the session on screen is saved at once, closed or replaced
        self._damaged: dict[SessionInfo, InputError] = {}  # sessions that could not be loaded
        self._lock = Lock()  # protects the file and the generation

    @property
    def path(self) -> Path | None:
        """The path of this app's file; None before the first save."""
        return self._file.path if self._file else None

    def find_sessions(self, preset: str | None = None) -> tuple[list[SessionInfo], list[str]]:
        """Find the sessions that this app can load.

        Args:
            preset: The id of the preset; None means any.

        Returns:
            The sessions, newest first, and a message for each file that cannot be loaded.
        """
        sessions, notices = session_store.find_sessions(self.folder, self.path)
        damaged = [self._damaged[saved] for saved in sessions if saved in self._damaged]
        notices += map(session_store.left_out_message, damaged)
        sessions = [saved for saved in sessions if saved not in self._damaged]
        return [saved for saved in sessions if preset in (None, saved.preset)], notices

    def prepare(self, session: Session, *, is_training: bool) -> PendingSave | None:
        """Take a snapshot for :meth:`write`.

        Args:
            session: The session on screen.
            is_training: Whether a thread is training its runs.

        Returns:
            The snapshot, or None if nothing has changed since the last save, or if the pause after it is not over.
        """
        marks = change_marks(session)
        is_quiet, self._last_marks = marks == self._last_marks, marks
        due_at = self._next_save_at if is_quiet else max(self._next_save_at, self._next_busy_save_at)
        is_saved = marks == self._saved_marks or self._is_only_in_document(session)
        if is_saved or self._clock() < due_at or not is_worth_saving(session):
            return None
        from nn_tui.tui.saved.snapshot import take_snapshot  # not before the first frame

        self._saved_marks = marks
        return PendingSave(take_snapshot(session, int(time.time()), is_training=is_training), self._generation)

    def write(self, pending: PendingSave) -> str:
        """Write a snapshot to this app's file, unless a newer one was saved or another session is on screen.

        Returns:
            A message if the save failed for a new reason, else the empty string.
        """
        with self._lock:
            return self._write(pending.snapshot) if pending.generation == self._generation else ""

    def _write(self, snapshot: Snapshot) -> str:
        from nn_tui.tui.saved.snapshot import pack_snapshot

        start = self._clock()
        try:
            content = pack_snapshot(snapshot).content
            if self._file is None:
                self._file = session_store.create(self.folder)
            self._save_file(self._file, content)
            self._save_document_path(self._file, snapshot.document)
            problem = ""
        except InputError as error:
            problem = str(error)
        except MemoryError:
            problem = tr("there is not enough memory.")
        except OSError as error:
            problem = tr("{reason}.", reason=describe_os_error(error))
            self._saved_marks = None
        end = self._clock()
        self._next_save_at = end + self._pause_factor * (end - start)
        self._next_busy_save_at = end + self._busy_pause
        is_new, self.problem = problem != self.problem, problem
        return not_saved_message(problem) if problem and is_new else ""

    def _save_document_path(self, file: SessionFile, document: Document | None) -> None:
        known = None if document is None else (document.path, document.saved_at)
        if known is not None and known != self._saved_document:
            session_store.save_document_path(file, *known)
        self._saved_document = known

    def save(self, session: Session) -> bool:
        """Save a session that no thread is training. Return False, and set ``problem``, if that fails."""
        if self._is_only_in_document(session) or not is_worth_saving(session):
            return True
        from nn_tui.tui.saved.snapshot import take_snapshot

        snapshot = take_snapshot(session, int(time.time()))
        with self._lock:
            self._generation += 1
            self._write(snapshot)
        self._saved_marks = change_marks(session)
        return not self.problem

    def _is_only_in_document(self, session: Session) -> bool:
        """Return whether nothing of the session has to be saved, because it was opened from a document as it is."""
        return self._file is None and is_as_opened(session)

    def close(self) -> None:
        """Unlock this app's file. The next session on screen gets a file of its own."""
        with self._lock:
            self._generation += 1
            if self._file is not None:
                session_store.unlock(self._file)
            self._file, self._saved_marks, self._saved_document = None, None, None
            self._unlock_document()

    def lock_document(self, path: Path) -> bool:
        """Note that this app has a document open, until :meth:`close`; return False if another app has noted it."""
        self._unlock_document()
        try:
            self._document_lock = session_store.lock_document(self.folder, path)
        except OSError:  # the folder cannot be written: other apps cannot note anything either
            return True
        return self._document_lock is not None

    def _unlock_document(self) -> None:
        if self._document_lock is not None:
            session_store.unlock(self._document_lock)
        self._document_lock = None

    def load_first(
        self, sessions: Sequence[SessionInfo], key_labels: Mapping[str, str]
    ) -> tuple[tuple[SessionInfo, Session] | None, list[str]]:
        """Load the first session that is not damaged. This app continues its file.

        Args:
            sessions: The sessions that :meth:`find_sessions` found.
            key_labels: The label of each remapped key, by its default label.

        Returns:
            The description and the session itself, or None if all are damaged; and a message for each damaged one.
        """
        notices: list[str] = []
        for saved in sessions:
            try:
                return (saved, self.load(saved, key_labels)), notices
            except InputError as error:
                notices.append(session_store.left_out_message(error))
        return None, notices

    def load(self, saved: SessionInfo, key_labels: Mapping[str, str]) -> Session:
        """Load a kept session. This app continues its file, unless another app has loaded the session too.

        Args:
            saved: The session to load.
            key_labels: The label of each remapped key, by its default label.

        Raises:
            InputError: If the file is damaged or does not exist any more.
        """
        from nn_tui.tui.saved.snapshot import restore_session

        try:
            with locate_errors(file=path_from_home(saved.path)):
                session = restore_session(session_store.read(saved.path), key_labels)
        except InputError as error:
            self._damaged[saved] = error
            raise
        except OSError as error:
            problem = message("the session does not exist any more: {reason}.", reason=describe_os_error(error))
            raise InputError("not_found", problem) from None
        if saved.document is not None:
            path, saved_at = saved.document
            session = with_document(session, path, saved.document_saved_at or saved_at, _stamp_of(path, saved_at))
            if saved.document_saved_at:
                session = with_unsaved_work(session)
        self.close()
        if session.document is not None:
            self.lock_document(session.document.path)
        with contextlib.suppress(OSError):
            self._file = session_store.lock(saved.path)
        self._saved_marks = change_marks(session) if self._file is not None else None
        return session


def _stamp_of(path: Path, saved_at: int) -> FileStamp:
    """Return the stamp of a document, or one that no file has if it was written again after ``saved_at``."""
    with contextlib.suppress(OSError, InputError), path.open("rb") as stream:
        if read_info(stream).saved_at == saved_at:
            return file_stamp(path)
    return 0, -1


def not_saved_message(problem: str) -> str:
    """Return the message that the session on screen is not saved; ``problem`` is a sentence with the reason."""
    return tr("This session is not kept: {problem}", problem=problem)
