"""The command that saves the session on screen to a file."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.text import printable, quote
from nn_tui.core.translation import message, tr
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.session_store import SUFFIX
from nn_tui.tui.saved.writers import WRITERS, check_folder, write_session, writer_for
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session.document import file_stamp
from nn_tui.tui.session.session import Document, with_message


async def save_as(screen: SessionScreen) -> None:
    """Ask for a file name, and write the session on screen there; the ending of the name says what is written."""
    await screen.pause()
    session = screen.session
    document = session.document
    name = unused_path(Path.cwd(), session.experiment.preset.id, SUFFIX).name if document is None else document.path
    about = "\n".join(str(writer.about) for writer in WRITERS.values())
    answer = await screen.ask(TextPrompt(tr("Save as"), about, _check_file(document), str(name)))
    if answer is None:
        return
    path = Path(answer).expanduser()
    try:
        session, note = write_session(path, screen.session)
    except InputError as error:
        screen.show(with_message(screen.session, message("Not saved: {problem}", problem=error)))
        return
    shown, folder = shlex.quote(printable(str(path))), printable(str(Path.cwd()))
    text = message("Saved in {folder}. Open it with: nn-tui {file}", folder=folder, file=shown)
    if note is not None:
        text = message("Saved. {note} Open it with: nn-tui {file}", note=note, file=shown)
    elif path.is_absolute():
        text = message("Saved. Open it with: nn-tui {file}", file=shown)
    screen.show(with_message(session, text))


def _check_file(document: Document | None) -> Callable[[str], None]:
    """Return a function that raises InputError for a file name to which nothing can be written.

    A file that exists is an error once: the same name a second time replaces it. The document of the session may be
    replaced at once, unless something else has written it in the meantime.
    """
    asked: set[str] = set()

    def check(text: str) -> None:
        try:
            path = Path(text.strip()).expanduser()
        except RuntimeError:
            problem = message("there is no home folder; write the path of the file without ~.")
            raise InputError("not_found", problem, value=text) from None
        writer_for(path)
        check_folder(path)
        if not path.exists() or text in asked:
            return
        problem = message("{name} exists. Press enter again to replace it.", name=quote(path.name))
        if document is not None and document.path.exists() and path.samefile(document.path):
            if file_stamp(path) == document.stamp:
                return
            problem = message(
                "{name} has changed since it was opened here. Press enter again to replace it.", name=quote(path.name)
            )
        asked.add(text)
        raise InputError("duplicate", problem, value=text)

    return check
