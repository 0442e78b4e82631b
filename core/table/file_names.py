"""What the name of a file says about it, and the files in a folder whose names are similar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.text import closest_names

TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".data", ".dat", ".txt", ".gz")
"""The usual endings of files with a table; others are read too."""

DOCUMENT_ENDING = ".nntui"
"""The ending of a document."""

STANDARD_INPUT = "-"
"""The name that means standard input instead of a file."""

_ENDING = re.compile(r"\.[a-z][a-z0-9]{1,7}", re.IGNORECASE)
_MAX_SCANNED = 5_000  # entries of a folder; more are not looked at


def exists(path: Path) -> bool:
    """Return whether there is a file or a folder; no for a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError):  # the name is too long for the file system, or contains NUL
        return False


def is_document_name(name: str | Path) -> bool:
    """Return whether a name is that of a document."""
    return Path(name).suffix.lower() == DOCUMENT_ENDING


def is_named_like_a_file(name: str) -> bool:
    """Return whether a name has an ending, as files have and presets have not."""
    return bool(_ENDING.fullmatch(Path(name).suffix))


def nearest_files(path: Path) -> tuple[str, ...]:
    """Return up to three files of the same folder with similar names, also with another ending."""
    try:
        files = [entry.name for entry in islice(path.parent.iterdir(), _MAX_SCANNED) if not entry.name.startswith(".")]
    except (OSError, ValueError):
        return ()
    by_stem: dict[str, list[str]] = {}
    for name in sorted(files):
        by_stem.setdefault(name.split(".")[0], []).append(name)
    stems = closest_names(path.name.split(".")[0], by_stem, 3)
    names = [name for stem in stems for name in closest_names(path.name, by_stem[stem], 3, cutoff=0.0)]
    return tuple(name for name in names if (path.parent / name).is_file())[:3]


@contextmanager
def suggesting_files(path: Path) -> Iterator[None]:
    """Add the nearest file names to an error about a file that does not exist."""
    try:
        yield
    except InputError as error:
        if not error.suggestions and not exists(path):
            error.suggestions = nearest_files(path)
        raise
