"""The name of a file to write, as a person types it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.text import path_from_home, quote
from nn_tui.core.translation import Message, message


def typed_path(text: str, example: str) -> Path:
    """Return the path that a person typed.

    Args:
        text: The text.
        example: A name for an error.

    Raises:
        InputError: If the text is empty, or is in a home folder that does not exist.
    """
    if not text.strip():
        raise InputError("missing", message('type a name, such as "{example}".', example=example))
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        problem = message("there is no home folder; write the path of the file without ~.")
        raise InputError("not_found", problem, value=text) from None


def check_no_folder(path: Path) -> None:
    """Raise InputError if a path is a folder; OSError if its folder cannot be read."""
    if path.is_dir():
        raise InputError("unreadable", message("{name} is a folder; type the name of a file.", name=quote(path.name)))


def replace_question(paths: Sequence[Path]) -> Message | None:
    """Return the question before files are replaced; None if none of them exists.

    Args:
        paths: Files in one folder, the one that a person named first.
    """
    found = [path for path in paths if path.exists()]
    if not found:
        return None
    name, folder = quote(found[0].name), found[0].absolute().parent
    if folder == Path.cwd():
        return message("{name} exists. Press enter again to replace it.", name=name)
    return message(
        "{name} exists in {folder}. Press enter again to replace it.", name=name, folder=path_from_home(folder)
    )
