"""The check of a lesson: everything that can be wrong with it, beyond what its parser refuses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.check_questions import (
    answers_differ,
    asked_number_is_to_come,
    hint_has_no_answer,
    keys_allow_the_task,
    right_number_is_computed,
    task_is_open,
    task_is_solved,
)
from nn_tui.core.lesson.check_texts import (
    claims_hold,
    names_are_known,
    numbers_exist,
    selection_is_computed,
    sentences_are_few,
    texts_fit,
)
from nn_tui.core.lesson.checked_step import Check, CheckedStep
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.limits import MIN_QUESTIONS
from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.lesson.state import run_of
from nn_tui.core.text import quote
from nn_tui.core.translation import message, message_plural

CHECKS: tuple[Check, ...] = (
    selection_is_computed,
    names_are_known,
    numbers_exist,
    claims_hold,
    sentences_are_few,
    texts_fit,
    asked_number_is_to_come,
    answers_differ,
    right_number_is_computed,
    hint_has_no_answer,
    keys_allow_the_task,
    task_is_open,
    task_is_solved,
)
"""The checks of one step, in the order in which their problems are listed."""


def lesson_problems(lesson: Lesson, known_keys: Collection[str] = ()) -> tuple[InputError, ...]:
    """Return everything that is wrong with a lesson; nothing if it is ready to be taken.

    Args:
        lesson: The lesson.
        known_keys: The names of the keys of the app; empty to leave the names of keys unchecked.
    """
    problems = list(_problems_of_whole(lesson))
    for index in range(len(lesson.steps)):
        try:
            state = run_of(lesson, index)
        except InputError as error:
            problems.append(error)
            continue
        checked = CheckedStep(lesson, index, state, known_keys)
        problems += [problem for check in CHECKS for problem in check(checked)]
        state.run.release(state.at.trace)
    return tuple({str(problem): problem for problem in problems}.values())


def _problems_of_whole(lesson: Lesson) -> Iterator[InputError]:
    """Yield what is wrong with the title and the number of questions."""
    if lesson.questions < MIN_QUESTIONS:
        problem = message_plural(
            "there is only {count} question; a lesson has at least {min} steps with ask, choose or do.",
            "there are only {count} questions; a lesson has at least {min} steps with ask, choose or do.",
            lesson.questions,
            min=MIN_QUESTIONS,
        )
        yield InputError("missing", problem, path=("steps",), file=lesson.file)
    file = _file_of(lesson)
    for other in shipped_lessons():
        is_same_file = file is not None and file == _file_of(other)
        if other.title.casefold() == lesson.title.casefold() and not is_same_file:
            problem = message("the lesson {name} has this title, too; choose another one.", name=quote(other.id))
            yield InputError("duplicate", problem, path=("title",), value=lesson.title, file=lesson.file)


def _file_of(lesson: Lesson) -> Path | None:
    """Return the file of a lesson without links and relative parts."""
    return None if lesson.path is None else lesson.path.resolve()
