"""The files that the app opens, in the current folder or in one whose path is typed, and the completion of a path."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Literal

from nn_tui.core.table.file_names import DOCUMENT_ENDING

FileKind = Literal["table", "preset", "lesson", "document", "folder"]

_TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".data", ".dat", ".csv.gz", ".tsv.gz", ".data.gz", ".txt.gz")
_MAX_SCANNED = 5_000  # entries of a folder; more are not looked at
_MAX_LISTED = 200
_MAX_OPENED = 100  # files whose beginning is read to find out what they are
_SAMPLE = 4_096  # bytes of that beginning
_MATRIX = re.compile(r"(?P<stem>.+)-(?P<part>[wb][0-9]+)\.csv")  # of an export
_SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that the app opens, or a folder.

    Attributes:
        path: The path, from the current folder if it is in there; that of a folder ends in a slash.
        kind: What it is.
        size: The size in bytes; 0 for a folder.
    """

    path: str
    kind: FileKind
    size: int = 0

    @property
    def id(self) -> str:
        """The path."""
        return self.path

    @property
    def title(self) -> str:
        """The name; that of a folder ends in a slash."""
        return os.path.basename(self.path.rstrip("/")) + ("/" if self.kind == "folder" else "")


def files_in(folder: str = "", *, with_folders: bool = False) -> tuple[LocalFile, ...]:
    """Return the tables, presets, lessons and documents of a folder by name; none if it cannot be read.

    Tables of weights, as an export writes them, are left out: they are no data.

    Args:
        folder: The path as it was typed, with a slash at its end; an empty text for the current folder.
        with_folders: Whether to list the folders in it too, before the files.
    """
    found, opened = [list[LocalFile](), list[LocalFile]()], 0
    entries = sorted(_entries(folder), key=lambda entry: entry.name.casefold())
    exported = _exported_tables({entry.name for entry in entries})
    for entry in entries:
        if entry.name in exported:
            continue
        try:
            if entry.is_dir():
                found[0].append(LocalFile(f"{folder}{entry.name}/", "folder"))
                continue
            kind = _kind_by_name(entry.name)
            if kind is None and entry.name.lower().endswith((".toml", ".txt")) and opened < _MAX_OPENED:
                opened += 1
                kind = _kind_by_content(entry.path)
            if kind is not None and entry.is_file():
                found[1].append(LocalFile(f"{folder}{entry.name}", kind, entry.stat().st_size))
        except OSError:  # it was removed meanwhile, or cannot be read
            continue
    return tuple((found[0] if with_folders else []) + found[1])[:_MAX_LISTED]


def is_path(text: str) -> bool:
    """Return whether a text that is being typed is a folder, or the path of something in one."""
    return text.startswith("~") or "/" in text or os.sep in text or _is_folder(text)


def split_path(text: str) -> tuple[str, str]:
    """Return the folder of a path that is being typed, with a slash at its end, and the rest."""
    text = text.replace(os.sep, "/")
    if text in ("~", ".", ".."):
        text += "/"
    folder, slash, name = text.rpartition("/")
    return folder + slash, name


def matching_files(text: str) -> tuple[LocalFile, ...]:
    """Return the files and folders whose path begins with a text; hidden ones only if the text names a dot."""
    folder, name = split_path(text)
    exact = name != "." and _is_folder(folder + name if name else "")
    files = files_in(f"{folder}{name}/" if exact else folder, with_folders=True)
    if exact:
        return tuple(file for file in files if not file.title.startswith("."))
    prefix = name.casefold()
    return tuple(
        file
        for file in files
        if file.title.casefold().startswith(prefix) and (not file.title.startswith(".") or name.startswith("."))
    )


def complete_path(text: str) -> str:
    """Return a path that is being typed with all that follows from the files there, like a shell."""
    folder, name = split_path(text)
    titles = [f.title for f in files_in(folder, with_folders=True) if f.title.casefold().startswith(name.casefold())]
    if not titles:
        return text
    common = takewhile(lambda chars: len(set(chars)) == 1, zip(*(title.casefold() for title in titles), strict=False))
    return folder + titles[0][: len(list(common))]


def first_lines(file: LocalFile, count: int) -> list[str]:
    """Return the first lines of a table as text, for a preview; none if it cannot be read or is compressed."""
    lines = _sample(Path(file.path).expanduser()).splitlines()
    return [] if "\0" in "".join(lines) or file.path.endswith(".gz") else lines[:count]


def _is_folder(path: str) -> bool:
    try:
        return bool(path) and Path(path).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):  # too long, no home folder, NUL
        return False


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            for _, entry in zip(range(_MAX_SCANNED), entries, strict=False):
                yield entry
    except (OSError, RuntimeError, ValueError):  # no such folder, no home folder, NUL
        return


def _exported_tables(names: Collection[str]) -> set[str]:
    """Return the names of the tables that exports of weights have written: ``mine.csv``, ``mine-w1.csv`` and so on."""
    matches = [match for name in names if (match := _MATRIX.fullmatch(name))]
    parts: dict[str, set[str]] = {}
    for match in matches:
        parts.setdefault(match["stem"], set()).add(match["part"])
    stems = {stem for stem, found in parts.items() if {"w1", "b1"} <= found and f"{stem}.csv" in names}
    return {f"{stem}.csv" for stem in stems} | {match[0] for match in matches if match["stem"] in stems}


def _kind_by_name(name: str) -> FileKind | None:
    name = name.lower()
    if name.startswith("."):
        return None
    if name.endswith(DOCUMENT_ENDING):
        return "document"
    return "table" if name.endswith(_TABLE_ENDINGS) else None


def _kind_by_content(path: str) -> FileKind | None:
    """Return what a file with an ending of several meanings is; None if the app does not open it."""
    text = _sample(Path(path))
    if path.lower().endswith(".toml"):
        lines = {line.strip() for line in text.splitlines()}
        return (
            "lesson"
            if {'kind = "lesson"', "[[steps]]"} & lines
            else "preset"
            if {"[data]", "[[layers]]"} & lines
            else None
        )
    lines_of_text = [line for line in text.splitlines() if line.strip()][:5]
    counts = ({line.count(mark) for line in lines_of_text} for mark in _SEPARATORS)
    is_table = len(lines_of_text) > 1 and any(len(each) == 1 and each != {0} for each in counts)
    return "table" if is_table else None


def _sample(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_SAMPLE).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
