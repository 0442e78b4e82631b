"""The formats in which the session on screen can be written to a file, by the ending of the file's name."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.export.values import ExportOptions
from nn_tui.core.export.write_preset import write_preset
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.saved.document import MAX_BYTES
from nn_tui.core.table.file_names import DOCUMENT_ENDING
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message
from nn_tui.tui.saved.files import check_folder, write_file
from nn_tui.tui.saved.snapshot import pack_snapshot, take_snapshot
from nn_tui.tui.session.document import with_document
from nn_tui.tui.session.lesson import leave_lesson
from nn_tui.tui.session.session import Session


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file, and a sentence about what is not in it."""

    data: bytes
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class SessionWriter:
    """A format.

    Attributes:
        about: What the file is, as a sentence.
        content: Returns the content of the file for a session that no thread is training, the time of the save in
            seconds since 1970, and the folder of the file; raises InputError.
    """

    about: Message
    content: Callable[[Session, int, Path], Content]


def _document(session: Session, saved_at: int, folder: Path) -> Content:
    """Return the whole session, or only its run on screen if all runs are too large.

    A lesson from a file is left out: only its path could name it, and a document has no path.
    """
    saved = replace(session, document=None)
    note = None
    if session.lesson is not None and not session.lesson.lesson.chapter:
        saved = leave_lesson(saved)
        note = message("The lesson is not saved with it, because it is a file of its own.")
    packed = pack_snapshot(take_snapshot(saved, saved_at))
    if not packed.has_all_runs:
        note = message(
            "Only the run on screen is saved, because all runs are larger than {max} MiB.", max=MAX_BYTES >> 20
        )
    return Content(packed.content, note)


def _preset(session: Session, saved_at: int, folder: Path) -> Content:
    (file,) = write_preset(checkpoint_at(session.run, session.updates_done), ExportOptions("", folder))
    return Content(file.content)


WRITERS: Mapping[str, SessionWriter] = {
    DOCUMENT_ENDING: SessionWriter(
        message(".nntui saves a document: runs, edits, position, view and bookmarks."), _document
    ),
    ".toml": SessionWriter(
        message(".toml saves a preset that starts from the current weights; the optimiser starts again."), _preset
    ),
}


def writer_for(path: Path) -> SessionWriter:
    """Return the writer for the ending of a file's name.

    Raises:
        InputError: No format has that ending.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        endings, example = ", ".join(WRITERS), f"{path.stem or 'mine'}{next(iter(WRITERS))}"
        problem = message(
            "{name} needs one of these file extensions: {endings}; write for example {example}.",
            name=quote(path.name),
            endings=endings,
            example=quote(example),
        )
        raise InputError("not_a_choice", problem, value=path.name)
    return writer


def write_session(path: Path, session: Session) -> tuple[Session, Message | None]:
    """Write a session to a file, or replace one; the ending of its name says in which format.

    Returns:
        The session, which has another document if it was written as one; and a sentence about what is not in the file,
        None if nothing is missing.

    Raises:
        InputError: If the ending is unknown, the session cannot be written so, or the file cannot be written.
    """
    check_folder(path)
    writer, saved_at = writer_for(path), int(time.time())
    content = writer.content(session, saved_at, path.parent)
    stamp = write_file(path, content.data)
    if writer is WRITERS[DOCUMENT_ENDING]:
        session = with_document(session, path, saved_at, stamp)
    return session, content.note
