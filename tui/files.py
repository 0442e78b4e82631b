"""Where the program's own files are, and writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def config_file(environ: Mapping[str, str]) -> Path:
    """The config file: ``$XDG_CONFIG_HOME/nn-tui/config.toml``, by default below ``~/.config``."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config") / "config.toml"


def state_file(environ: Mapping[str, str]) -> Path:
    """What the program remembers from one start to the next: ``$XDG_STATE_HOME/nn-tui/state.toml``."""
    return _folder(environ, "XDG_STATE_HOME", ".local/state") / "state.toml"


def _folder(environ: Mapping[str, str], variable: str, default: str) -> Path:
    # The base directory specification says that a relative path there is to be ignored.
    base = environ.get(variable, "")
    if os.path.isabs(base):
        return Path(base) / "nn-tui"
    return Path(environ.get("HOME") or os.path.expanduser("~")) / default / "nn-tui"


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text to ``path`` by way of a temporary file beside it, so that it is never half there; OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        # The temporary file is for its owner alone; the finished one is as open as any new file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """The first of ``stem.ending``, ``stem-2.ending``, … that is not there yet."""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
