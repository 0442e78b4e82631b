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
from nn_tui.tui.saved.writers import DOCUMENT, WRITERS, check_folder, write_session, writer_for
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session.session import with_message


async def save_as(screen: SessionScreen) -> None:
    """Ask for a file name, and write the session on screen there; the ending of the name says what is written."""
    await screen.pause()
    session = screen.session
    name = unused_path(Path.cwd(), session.experiment.preset.id, DOCUMENT).name
    about = "\n".join(str(writer.about) for writer in WRITERS.values())
    answer = await screen.ask(TextPrompt(tr("Save as"), about, _check_file(), name))
    if answer is None:
        return
    path = Path(answer).expanduser()
    try:
        note = write_session(path, screen.session)
    except InputError as error:
        screen.show(with_message(screen.session, message("Not saved: {problem}", problem=error)))
        return
    shown = shlex.quote(printable(str(path)))
    text = message("Saved. Open it with: nn-tui {file}", file=shown)
    if note is not None:
        text = message("Saved. {note} Open it with: nn-tui {file}", note=note, file=shown)
    screen.show(with_message(screen.session, text))


def _check_file() -> Callable[[str], None]:
    """Return a function that raises InputError for a file name to which nothing can be written.

    A file that exists is an error once: the same name a second time replaces it.
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
        if path.exists() and text not in asked:
            asked.add(text)
            problem = message("{name} exists. Press enter again to replace it.", name=quote(path.name))
            raise InputError("duplicate", problem, value=text)

    return check
