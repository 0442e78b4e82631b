"""The document that a session was opened from or saved in, and whether the session has changed since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nn_tui.core.text import printable
from nn_tui.core.translation import tr
from nn_tui.tui.session.lesson import is_away
from nn_tui.tui.session.session import Document, FileStamp, Session

_MAX_NAME = 30  # characters of the name of a document in the header


def change_marks(session: Session) -> object:
    """Return a value that differs between two sessions if the second one has to be kept again, as after each step."""
    return document_marks(session), _place(session), session.practice


def document_marks(session: Session) -> object:
    """Return a value that differs between two sessions if their work differs: the runs, the edits or the bookmarks."""
    return tuple((id(run), run.reached, len(run.segments)) for run in session.runs), session.bookmarks


def with_document(session: Session, path: Path, saved_at: int, stamp: FileStamp) -> Session:
    """Return the session as one that is in a document; the other arguments are fields of :class:`Document`."""
    return replace(session, document=Document(path, saved_at, stamp, document_marks(session), _place(session)))


def with_unsaved_work(session: Session) -> Session:
    """Return a session with a document as one that has work which is not in its document."""
    return session if session.document is None else replace(session, document=replace(session.document, marks=None))


def file_stamp(path: Path) -> FileStamp:
    """Return a value that is another one after the file was written again. Raises OSError."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def is_changed(session: Session) -> bool:
    """Return whether the session has a document that lacks some of its work; the position and the view are no work."""
    return session.document is not None and session.document.marks != document_marks(session)


def is_as_opened(session: Session) -> bool:
    """Return whether the session has a document and shows the same work as it, at the same position."""
    document = session.document
    return document is not None and not is_changed(session) and document.place == _place(session)


def _place(session: Session) -> tuple[int, int, int]:
    return session.active, session.trace.update, session.cursor


def document_title(session: Session) -> str:
    """Return the name of the session's document and whether the session has changed; empty without a document."""
    if session.document is None:
        return ""
    name = printable(session.document.path.name)
    if len(name) > _MAX_NAME:
        name = f"{name[: _MAX_NAME - 1]}…"
    return tr("{file} (changed)", file=name) if is_changed(session) else name


def is_worth_saving(session: Session) -> bool:
    """Return whether the session has something that opening the preset or the lesson would not bring back."""
    runs, state = session.runs, session.lesson
    if state is not None:
        return state.index > 0 or bool(state.outcomes) or is_away(session)
    is_practised = session.practice is not None and session.practice.is_begun
    return is_practised or len(runs) > 1 or session.updates_done > 0 or runs[0].reached > 1 or len(runs[0].segments) > 1
