"""Writing files that a person names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.saved.atomic_write import open_atomically
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.session.document import file_stamp
from nn_tui.tui.session.session import FileStamp

if TYPE_CHECKING:
    from nn_tui.core.export.values import ExportedFile

_MAX_NAMES = 3  # names of files in a sentence


def check_folder(path: Path) -> None:
    """Raise InputError unless the folder of a file exists."""
    if not path.absolute().parent.is_dir():
        folder = quote(shown_path(path.parent))
        problem = message("there is no folder {folder}; make it first, or write the file elsewhere.", folder=folder)
        raise InputError("not_found", problem, value=str(path.parent))


def check_regular(path: Path) -> Path:
    """Return the file that is written, which is the target of a symbolic link.

    Raises:
        InputError: If it is a pipe or a device, which a new file would replace.
    """
    shown = shown_path(path)
    if "\0" in str(path):
        problem = message("the name contains a NUL character, which no file name may have.")
        raise InputError("unreadable", problem, file=shown)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        problem = message(
            "it is a pipe or a device, not a regular file; name a file, or on the command line write - for stdout."
        )
        raise InputError("unreadable", problem, file=shown)
    return target


def check_writable(path: Path) -> None:
    """Raise InputError if it is known before a long training that a file cannot be written."""
    target = check_regular(path)
    check_folder(target if path.is_symlink() else path)
    if path.is_dir():
        raise InputError(
            "unreadable", message("it is a folder; write the name of a file in it."), file=shown_path(path)
        )
    if not os.access(target.parent, os.W_OK):
        problem = message("no file can be made in this folder; write the file elsewhere.")
        raise InputError("unreadable", problem, file=shown_path(path))


def write_file(path: Path, data: bytes) -> FileStamp:
    """Write a file, or replace one, and return its stamp.

    Raises:
        InputError: If it cannot be written; an old file stays as it is.
    """
    with open_file(path) as stream:
        stream.write(data)
    return file_stamp(path)


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write to; it is there, or replaces an old one, at the end of the block.

    Raises:
        InputError: If it cannot be written; an old file stays as it is, and so does a pipe or a device.
    """
    target = check_regular(path)
    try:
        with open_atomically(target) as stream:
            yield stream
    except OSError as error:
        problem = message("it cannot be written: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem, file=shown_path(path)) from None


def is_same_file(first: Path, second: Path) -> bool:
    """Return whether two paths are those of one file."""
    with suppress(OSError, ValueError):  # one of them does not exist
        return first.samefile(second)
    return False


def write_files(path: Path, files: Sequence[ExportedFile]) -> Message:
    """Write the files of an export, or replace them.

    Args:
        path: The place of the first one; the others have theirs beside it.
        files: The files.

    Returns:
        A sentence that names them.

    Raises:
        InputError: If a file cannot be written.
    """
    paths, is_new = file_paths(path, files), not path.exists()
    for place, file in reversed(list(zip(paths, files, strict=True))):  # the file that reads the others comes last
        write_file(place, file.content)
    if len(paths) <= _MAX_NAMES:
        named = all_of([shown_path(place) for place in paths])
        return message("Wrote {files}.", files=named) if is_new else message("Replaced {files}.", files=named)
    shown, first, last = (shown_path(place) for place in (path, paths[1], paths[-1]))
    written = message(
        "Wrote {file} and {count} files beside it, {first} to {last}.",
        file=shown, count=len(files) - 1, first=first, last=last,
    )  # fmt: skip
    replaced = message(
        "Replaced {file} and {count} files beside it, {first} to {last}.",
        file=shown, count=len(files) - 1, first=first, last=last,
    )  # fmt: skip
    return written if is_new else replaced


def file_paths(path: Path, files: Sequence[ExportedFile]) -> tuple[Path, ...]:
    """Return the places of the files of an export, of which the first one is at ``path``."""
    return (path, *(path.with_name(file.name) for file in files[1:]))
