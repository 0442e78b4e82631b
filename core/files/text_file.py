"""Reading a text file from a person, with one sentence for whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.text import shown_path
from nn_tui.core.translation import message

MAX_BYTES = 32 * 2**20  # of a sheet, of answers, or of a file with results


def read_bytes(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file.

    Raises:
        InputError: It cannot be read, or is too large.
    """
    try:
        if path.exists() and not path.is_file():
            problem = message("it is a folder.") if path.is_dir() else message("it is not a regular file.")
            raise InputError("unreadable", problem, file=shown_path(path))
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except InputError:
        raise
    except OSError as error:
        problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem, file=shown_path(path)) from None
    except ValueError:  # the name contains NUL
        raise InputError(
            "unreadable",
            message("the name contains a NUL character, which no file name may have."),
            file=shown_path(path),
        ) from None
    if len(content) > max_bytes:
        problem = message("it is larger than {max} MiB.", max=max_bytes >> 20)
        raise InputError("too_large", problem, file=shown_path(path))
    return content


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file; a byte order mark is allowed.

    Raises:
        InputError: It cannot be read, is too large or is not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = message("this is not UTF-8 text; save the file as UTF-8.")
        raise InputError("unreadable", problem, file=shown_path(path), line=line) from None
