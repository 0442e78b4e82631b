"""The reverse index: which lessons teach a quantity, a kind of finding, or a word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.text import to_name


class LessonPlace(NamedTuple):
    """A step of a lesson.

    Attributes:
        lesson: The lesson.
        step: The index of the step, from 0.
    """

    lesson: Lesson
    step: int


def lessons_about(word: str) -> tuple[LessonPlace, ...]:
    """Return the first step of each shipped lesson that teaches something, in the order of the course.

    Args:
        word: The name of a quantity (``dw``), a kind of finding (``dead_units``), or a word, in any case.
    """
    return _index().get(to_name(word).casefold(), ())


@cache
def _index() -> Mapping[str, tuple[LessonPlace, ...]]:
    """Return the steps by the words that they teach; only the first step of a lesson for each word."""
    index: dict[str, dict[str, LessonPlace]] = {}
    for lesson in shipped_lessons():
        for number, step in enumerate(lesson.steps):
            for word in step.teaches:
                index.setdefault(to_name(word).casefold(), {}).setdefault(lesson.id, LessonPlace(lesson, number))
    return {word: tuple(places.values()) for word, places in index.items()}
