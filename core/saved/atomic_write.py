"""Writing of files that are never half written."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nn_tui.core.translation import tr


def make_folder(folder: Path, *, private: bool = False) -> None:
    """Make a folder and its parents. Only the owner can read a ``private`` one. Raises OSError."""
    if not folder.is_absolute():
        raise FileNotFoundError(errno.ENOENT, tr("there is no home folder"))
    folder.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file through a temporary file beside it. The old file stays until the new one is on the disk.

    Args:
        path: The file.
        content: Bytes, or text, which is written as UTF-8.
        private: Whether only the owner can read the file and its folder.

    Raises:
        OSError: If it cannot be written; the old file stays.
    """
    with open_atomically(path, private=private) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def write_named_file(path: Path, content: bytes) -> None:
    """Write a file that a person named, in a folder that exists.

    Raises:
        OSError: If there is no such folder, or the file cannot be written; the old file stays.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, tr("there is no folder {folder}", folder=folder), str(path))
    write_atomically(path.absolute(), content)


@contextlib.contextmanager
def open_atomically(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a temporary file to write to; at the end of the block it becomes the file, and after an error it is removed.

    Args:
        path: The file.
        private: Whether only the owner can read the file and its folder.

    Raises:
        OSError: If it cannot be written; the old file stays.
    """
    make_folder(path.parent, private=private)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except FileNotFoundError:  # the folder exists, but it is one of the system, such as /proc
        raise PermissionError(errno.EPERM, tr("no file can be made in this folder"), str(path)) from None
    except OSError as error:
        if error.filename is not None:  # the temporary file
            error.filename = str(path)
        raise
    try:
        with open(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            # Only the owner can read the temporary file; the finished one gets the permissions of any new file.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _fsync_folder(path.parent)


def _fsync_folder(folder: Path) -> None:
    """Flush the folder to the disk, on systems that can, so that a power cut does not lose the new name."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
