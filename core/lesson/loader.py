"""Finding and loading lessons: the shipped ones, in the order of the course, and files."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.parser import parse_lesson
from nn_tui.core.preset.toml import parse_toml, read_toml_text
from nn_tui.core.text import closest_names, printable, quote, shorten_path
from nn_tui.core.translation import message
from nn_tui.presets import LESSONS

PREFIX = "lesson:"
"""The start of the name of a lesson where a command also takes a preset: ``lesson:ID``."""
_SHIPPED = Path(str(files("nn_tui.presets"))) / "lessons"


def lesson_ids() -> tuple[str, ...]:
    """Return the ids of the shipped lessons, in the order of the course."""
    return tuple(id for ids in LESSONS.values() for id in ids)


@cache
def shipped_lessons() -> tuple[Lesson, ...]:
    """Return the shipped lessons, in the order of the course."""
    return tuple(map(load_lesson, lesson_ids()))


def load_lesson(name_or_path: str) -> Lesson:
    """Return a shipped lesson by its id, with or without ``lesson:`` before it, or the lesson of a .toml file.

    Raises:
        InputError: If there is no such lesson, and for anything wrong with the file.
    """
    name = name_or_path.removeprefix(PREFIX)
    if Path(name).suffix.lower() == ".toml":
        return read_lesson(Path(name))
    if name in lesson_ids():
        return _shipped_lesson(name)
    problem = message("there is no lesson {name}.", name=quote(name))
    nearest = tuple(closest_names(name, lesson_ids(), 3))
    if not nearest:
        problem = message("there is no lesson {name}; nn-tui learn --list shows all lessons.", name=quote(name))
    raise InputError("not_found", problem, value=name, suggestions=nearest)


@cache
def _shipped_lesson(id: str) -> Lesson:
    chapter = next(chapter for chapter, ids in LESSONS.items() if id in ids)
    return replace(read_lesson(_SHIPPED / f"{id}.toml"), chapter=chapter)


def read_lesson(path: Path) -> Lesson:
    """Read a lesson from a TOML file; its id is the name of the file.

    Raises:
        InputError: For anything wrong with the file.
    """
    source = read_toml_text(path, message("a lesson"))
    file = shorten_path(printable(path.name))
    return replace(parse_lesson(source, id=path.stem, file=file, folder=path.parent), path=path)


def is_lesson(name_or_path: str) -> bool:
    """Return whether what a command names is a lesson: ``lesson:ID``, or a .toml file with a kind or steps.

    A preset has neither, so the reader of lessons says what is wrong with ``kind = "leson"``.
    """
    if name_or_path.startswith(PREFIX):
        return True
    if Path(name_or_path).suffix.lower() != ".toml":
        return False
    with suppress(InputError):  # whoever reads the file says what is wrong with it
        table = parse_toml(read_toml_text(Path(name_or_path), message("a lesson")))
        return "kind" in table or "steps" in table
    return False
