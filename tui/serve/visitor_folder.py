"""The folder of a visitor: the home, the state and the files of one person, and the environment of the process."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from nn_tui.core.errors import os_error_reason
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.translation import tr
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.exit import FAILED, print_error

_PASSED_ON = ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TZ", "SYSTEMROOT", "OPENBLAS_CORETYPE")
_OF_SERVER = ("NN_TUI_LOG", "NN_TUI_RESULTS", "NN_TUI_STUDENT")  # settings that visitors do not get
_STATE, RESULTS, _TEMPORARY = ".local/state", ".results", ".tmp"
LESSONS = "lessons"
"""The folder in that of the teacher for the progress in lessons; ``nn-tui mark`` reads the marks beside it."""
MAX_NAME = 40  # characters of the name of a visitor
MAX_FOLDER = 2**29  # bytes of all files of a visitor, besides the copies of the materials
FRAMES_PER_SECOND = 10


def make_visitor_folder(parent: Path, materials: Sequence[Path]) -> Path:
    """Make a folder that only its owner can read, with copies of some files."""
    folder = Path(tempfile.mkdtemp(dir=parent, prefix="visitor-")).resolve()  # with the mode 0700
    for name in (".local", _STATE, RESULTS, _TEMPORARY):
        (folder / name).mkdir(mode=0o700)
    for file in materials:
        shutil.copyfile(file, folder / file.name)
    return folder


def saved_files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the files that the visitor has saved, or got, with the time of their last change and their size."""
    found = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                found[Path(entry.path)] = (state.st_mtime_ns, state.st_size)
    return found


def folder_size(folder: Path) -> int:
    """Return how many bytes the files below a folder have together."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it is gone meanwhile
                size += os.lstat(os.path.join(parent, name)).st_size
    return size


def visitor_environment(
    folder: Path, environ: Mapping[str, str], size: tuple[int, int], student: str = ""
) -> dict[str, str]:
    """Return the whole environment of a visitor's process; of the server's own it has the language and the settings.

    Args:
        folder: The folder of the visitor.
        environ: The environment of the server.
        size: The width and the height of the terminal in the browser.
        student: The name of the visitor, whose results are kept; "" if none are.
    """
    settings = {name: value for name, value in environ.items() if name.startswith("NN_TUI_") and name not in _OF_SERVER}
    passed_on = {name: environ[name] for name in _PASSED_ON if name in environ}
    return {
        **passed_on,
        **settings,
        **({"NN_TUI_RESULTS": str(folder / RESULTS), "NN_TUI_STUDENT": student} if student else {}),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_STATE_HOME": str(folder / _STATE),
        "XDG_DATA_HOME": str(folder / ".local/share"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "TMPDIR": str(folder / _TEMPORARY),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "COLUMNS": str(size[0]),
        "ROWS": str(size[1]),
        "LINES": str(size[1]),
        "PYTHONUTF8": "1",
        "TEXTUAL_DRIVER": "nn_tui.tui.terminal.web_driver:BrowserDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TEXTUAL_FPS": str(FRAMES_PER_SECOND),
        "OPENBLAS_NUM_THREADS": "1",  # many processes share the processors
        **({} if sys.platform != "win32" else {"USERPROFILE": str(folder)}),
    }


class VisitorResults:
    """The folder of a visitor, and the copies of the results in it: marks of practice and progress in lessons.

    Args:
        folder: The folder of the visitor.
        results: The folder of the teacher; None if no results are collected.
        name: The name that the visitor has given.
    """

    def __init__(self, folder: Path, results: Path | None, name: str) -> None:
        self.folder, self.name = folder, name
        self._results = results
        self._copies: dict[Path, Path] = {}
        self._known: dict[Path, tuple[int, int]] = {}

    def collect(self) -> list[Path]:
        """Copy the results that have changed since the last call, each to the same file as before.

        Returns:
            The copies that were written.

        Raises:
            OSError: If they cannot be written.
        """
        if self._results is None:
            return []
        written = []
        for path, wanted in self._found(self._results):
            status = path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if self._known.get(path) == state:
                continue
            wanted.parent.mkdir(parents=True, exist_ok=True)
            copy = self._copies.setdefault(path, unused_path(wanted.parent, wanted.name, ".json"))
            write_atomically(copy, path.read_bytes())
            self._known[path] = state
            written.append(copy)
        return written

    def finish(self) -> None:
        """Collect what has changed, and remove the folder."""
        try:
            self.collect()
        except OSError as error:
            reason = os_error_reason(error)
            print_error(tr("the results of {name} cannot be written: {reason}", name=self.name, reason=reason), FAILED)
        remove_folder(self.folder)

    def _found(self, results: Path) -> list[tuple[Path, Path]]:
        """Return the files with results, and their copies without an ending."""
        stem = "".join(char if char.isalnum() else "-" for char in self.name)[:MAX_NAME] or "visitor"
        found = [(path, results / path.stem) for path in sorted((self.folder / RESULTS).glob(f"{stem}-*.json"))]
        lessons = self.folder / _STATE / "nn-tui" / "lessons.json"
        if lessons.exists():
            found.append((lessons, results / LESSONS / f"{stem}-{time.strftime('%Y%m%dT%H%M%S')}"))
        return found


def remove_folder(folder: Path) -> None:
    """Remove a folder, also if a process still writes into it."""
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
