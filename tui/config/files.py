"""The paths of the config and state files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from nn_tui.core.errors import os_error_reason
from nn_tui.core.text import path_from_home


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
    return f"{reason} ({path_from_home(error.filename)})" if isinstance(error.filename, str) else reason


def unused_path(folder: Path, stem: str, ending: str) -> Path:
    """Return the first of ``stem.ending``, ``stem-2.ending``, … that does not exist."""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
