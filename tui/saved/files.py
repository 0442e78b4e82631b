"""Writing files that a person names."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import message
from nn_tui.tui.session.document import file_stamp
from nn_tui.tui.session.session import FileStamp


def check_folder(path: Path) -> None:
    """Raise InputError unless the folder of a file exists."""
    if not path.absolute().parent.is_dir():
        folder = quote(shown_path(path.parent))
        problem = message("there is no folder {folder}; make it first, or write the file elsewhere.", folder=folder)
        raise InputError("not_found", problem, value=str(path.parent))


def write_file(path: Path, data: bytes) -> FileStamp:
    """Write a file, or replace one, and return its stamp.

    Raises:
        InputError: If it cannot be written; an old file stays as it is.
    """
    shown = shown_path(path)
    try:
        write_atomically(path.absolute(), data)
        return file_stamp(path)
    except OSError as error:
        problem = message("it cannot be written: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem, file=shown) from None
    except ValueError:  # the name contains NUL
        raise InputError("unreadable", message("this is not a file name."), file=shown) from None
