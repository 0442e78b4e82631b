"""The command that saves the session on screen to a file."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.table.file_names import DOCUMENT_ENDING
from nn_tui.core.text import path_from_home, printable, quote
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.files import check_folder
from nn_tui.tui.saved.typed_file import check_no_folder, replace_question, typed_path
from nn_tui.tui.saved.writers import WRITERS, write_session, writer_for
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session.document import file_stamp
from nn_tui.tui.session.session import Document, Session, with_message


async def save_as(screen: SessionScreen) -> None:
    """Ask for a file name, and write the session on screen there; the ending of the name says what is written."""
    await screen.pause()
    session = screen.session
    document = session.document
    unused = unused_path(Path.cwd(), session.experiment.preset.id, DOCUMENT_ENDING)
    name = unused.name if document is None else str(_from_here(document.path))
    about = "\n".join(str(writer.about) for writer in WRITERS.values())
    saved: list[tuple[Path, Session, Message | None]] = []
    check = _check_file(document)

    def save(text: str) -> None:
        path = check(text)
        saved.append((path, *write_session(path, screen.session)))

    if await screen.ask(TextPrompt(tr("Save as"), about, save, name)) is None:
        return
    path, session, note = saved[0]
    folder, shown = path_from_home(path.absolute().parent), shlex.quote(printable(str(_from_here(path))))
    text = message("Saved. Open it with: nn-tui {file} (in {folder})", file=shown, folder=folder)
    if note is not None:
        text = message("Saved. {note} Open it with: nn-tui {file} (in {folder})", note=note, file=shown, folder=folder)
    if screen.app.is_web:
        text = message(
            "Saved. The browser downloads {file}. It opens here until this page is closed, and in any other nn-tui.",
            file=shown,
        )
    longer = message("{saved} x writes the network as code, or a figure.", saved=text)
    screen.show(with_message(session, longer.or_shorter(text)))


def _from_here(path: Path) -> Path:
    """Return a path from the working folder if the file is in or below it, as a command takes it."""
    folder = Path.cwd()
    return path.relative_to(folder) if path.is_absolute() and path.is_relative_to(folder) else path


def _check_file(document: Document | None) -> Callable[[str], Path]:
    """Return a function that returns the path of a typed name; it raises InputError if nothing can be written there.

    A file that exists is an error once: the same name a second time replaces it. The document of the session may be
    replaced at once, unless something else has written it in the meantime.
    """
    asked: set[str] = set()

    def check(text: str) -> Path:
        path = typed_path(text, f"mine{DOCUMENT_ENDING}")
        try:
            question = _why_not_at_once(path, document)
        except OSError as error:
            reason = os_error_reason(error)
            raise InputError("unreadable", message("it cannot be written: {reason}.", reason=reason)) from None
        if question is None or text in asked:
            return path
        asked.add(text)
        raise InputError("duplicate", question, value=text)

    return check


def _why_not_at_once(path: Path, document: Document | None) -> Message | None:
    """Return the question before a file is replaced; None if there is none.

    Raises:
        InputError: If nothing can be written there.
        OSError: If the folder cannot be read.
    """
    check_no_folder(path)
    writer_for(path)
    check_folder(path)
    if document is not None and document.path.exists() and path.exists() and path.samefile(document.path):
        if file_stamp(path) == document.stamp:
            return None
        return message(
            "{name} has changed since it was opened here. Press enter again to replace it.", name=quote(path.name)
        )
    return replace_question([path])
