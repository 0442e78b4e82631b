"""The paths of the config and state files, and atomic writing of files."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nn_tui.core.errors import os_error_reason
from nn_tui.core.translation import tr


def config_file(environ: Mapping[str, str]) -> Path:
    """Return the path of the config file: ``$XDG_CONFIG_HOME/nn-tui/config.toml``, by default below ``~/.config``."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config") / "config.toml"


def state_file(environ: Mapping[str, str]) -> Path:
    """Return the path of ``state.toml`` in :func:`state_folder`, which records the first start."""
    return state_folder(environ) / "state.toml"


def state_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder for state: in ``$XDG_STATE_HOME``, by default the usual folder of ``platform``."""
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        default = Path(local) / "nn-tui" if local else Path("AppData/Local/nn-tui")
        return _folder(environ, "XDG_STATE_HOME", str(default), "")
    if platform == "darwin":
        return _folder(environ, "XDG_STATE_HOME", "Library/Application Support")
    return _folder(environ, "XDG_STATE_HOME", ".local/state")


def _folder(environ: Mapping[str, str], variable: str, default: str, name: str = "nn-tui") -> Path:
    # The base directory specification says that a relative path is to be ignored.
    base = environ.get(variable, "")
    if os.path.isabs(base):
        return Path(base) / "nn-tui"
    return Path(environ.get("HOME") or os.path.expanduser("~")) / default / name


def describe_os_error(error: OSError) -> str:
    """Return the reason of an error, for the middle of a sentence."""
    reason = os_error_reason(error)
    return f"{reason} ({error.filename})" if isinstance(error.filename, str) else reason


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
    make_folder(path.parent, private=private)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
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


def unused_path(folder: Path, stem: str, ending: str) -> Path:
    """Return the first of ``stem.ending``, ``stem-2.ending``, … that does not exist."""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
