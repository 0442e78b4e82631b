"""Where the program's own files are, and writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def config_file(environ: Mapping[str, str]) -> Path:
    """The config file: ``$XDG_CONFIG_HOME/nn-tui/config.toml``, by default below ``~/.config``."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config") / "config.toml"


def state_file(environ: Mapping[str, str]) -> Path:
    """What the program remembers from one start to the next: ``state.toml`` in :func:`state_folder`."""
    return state_folder(environ) / "state.toml"


def state_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where kept sessions and notes go: ``$XDG_STATE_HOME/nn-tui``, else where ``platform`` has such things."""
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        default = Path(local) / "nn-tui" if local else Path("AppData/Local/nn-tui")
        return _folder(environ, "XDG_STATE_HOME", str(default), "")
    if platform == "darwin":
        return _folder(environ, "XDG_STATE_HOME", "Library/Application Support")
    return _folder(environ, "XDG_STATE_HOME", ".local/state")


def _folder(environ: Mapping[str, str], variable: str, default: str, name: str = "nn-tui") -> Path:
    # The base directory specification says that a relative path there is to be ignored.
    base = environ.get(variable, "")
    if os.path.isabs(base):
        return Path(base) / "nn-tui"
    return Path(environ.get("HOME") or os.path.expanduser("~")) / default / name


def describe_os_error(error: OSError) -> str:
    """Return what was wrong with a file, for the middle of a sentence."""
    reason = (error.strerror or "input/output error").lower()
    return f"{reason} ({error.filename})" if isinstance(error.filename, str) else reason


def make_folder(folder: Path, *, private: bool = False) -> None:
    """The folder, and those that it is in; ``private`` is for the owner alone. Raises OSError."""
    if not folder.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "there is no home folder")
    folder.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)


def write_whole(path: Path, content: str | Iterable[bytes | memoryview], *, private: bool = False) -> None:
    """Write UTF-8 text or bytes to ``path`` by way of a temporary file beside it, so that it is never half there.

    The old file stays as it is until the new one is on the disk. ``private`` is for the owner alone, folder
    included. Raises OSError.
    """
    make_folder(path.parent, private=private)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "wb") as stream:
            stream.writelines([content.encode()] if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            # The temporary file is for its owner alone; the finished one is as open as any new file.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut as well, where folders can be told to."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """The first of ``stem.ending``, ``stem-2.ending``, … that is not there yet."""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
