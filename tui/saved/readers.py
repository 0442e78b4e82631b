"""The formats of files that the app opens, by the ending of the file's name, and opening one of them or a preset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors, os_error_reason
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.preset.toml import MAX_BYTES
from nn_tui.core.saved.document import read_info
from nn_tui.core.spec import Experiment
from nn_tui.core.text import printable, quote, shorten_path
from nn_tui.core.translation import message
from nn_tui.tui.saved.session_store import SUFFIX, read
from nn_tui.tui.saved.snapshot import restore_session
from nn_tui.tui.session.document import file_stamp, with_document
from nn_tui.tui.session.session import Session


def open_document(name: str | Path, seed: int | None = None) -> Session:
    """Return the session in a document, paused; it has its own seed.

    Raises:
        InputError: If the file cannot be read, or is not a document that this version can open.
    """
    path = Path(name)
    with locate_errors(file=shorten_path(printable(str(path)))):
        try:
            if path.is_dir():
                raise InputError("unreadable", message("it is a folder; a document is a file."))
            if path.exists() and not path.is_file():
                raise InputError("unreadable", message("it is not a regular file; a document must be one."))
            stamp, content = file_stamp(path), read(path)
            if b"\n[[layers]]" in content[:MAX_BYTES] and not content.startswith(b"PK"):
                problem = message(
                    "it is a preset, and not a document; rename it to {name}.", name=quote(f"{path.stem}.toml")
                )
                raise InputError("unreadable", problem)
            session = restore_session(content, {})
            return with_document(session, path, read_info(BytesIO(content)).saved_at, stamp)
        except OSError as error:
            raise InputError(
                "unreadable", message("it cannot be read: {reason}.", reason=os_error_reason(error))
            ) from None


READERS: Mapping[str, Callable[[str, int | None], Session | Experiment]] = {
    SUFFIX: open_document,
    ".toml": open_experiment,
    ".csv": open_experiment,
}
"""For each ending the function that opens a file: a session as it was saved, or an experiment to start with."""


def open_any(name_or_path: str, seed: int | None = None) -> Session | Experiment:
    """Open a file by its ending, or a preset by its id.

    Args:
        name_or_path: The id of a preset, or the path of a file.
        seed: Replaces the seed of an experiment.

    Raises:
        InputError: If there is no such file or preset, and for anything wrong with it.
    """
    return READERS.get(Path(name_or_path).suffix.lower(), open_experiment)(name_or_path, seed)
