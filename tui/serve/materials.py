"""The files that a visitor needs for what is served: the file itself, and those that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.preset.toml import parse_toml, read_toml_text
from nn_tui.core.translation import message

_MAX_FILES = 100


def materials_of(path: Path) -> tuple[Path, ...]:
    """Return a file, and the files beside it that it names, such as the table of a preset or the preset of a lesson.

    Returns:
        The files; none if there is no such file, because the name is that of a shipped preset or lesson.
    """
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting and len(found) < _MAX_FILES:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found[file] = None
        if file.suffix.lower() == ".toml":
            waiting += [file.parent / name for name in _texts(_content(file)) if _is_file_name(name)]
    return tuple(found)


def _content(path: Path) -> object:
    try:
        return parse_toml(read_toml_text(path, message("a file")))
    except InputError:  # the app says what is wrong with the file when a visitor opens it
        return {}


def _texts(value: object) -> Iterator[str]:
    """Return every text in a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _is_file_name(text: str) -> bool:
    """Return whether a text may be the name of a file in the same folder."""
    return len(text) < 256 and "\0" not in text and Path(text).suffix != "" and Path(text).name == text
