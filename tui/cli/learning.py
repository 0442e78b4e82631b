"""The command ``learn``: the lessons of the course with what is done, or the session with which the app opens one."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson, shipped_lessons
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.text import one_line
from nn_tui.core.translation import tr
from nn_tui.tui.cli.output import print_json, print_line, row_lines
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.session.lesson import open_where_left
from nn_tui.tui.session.lesson_progress import LessonProgress
from nn_tui.tui.session.session import Session, new_session


def learn(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui learn --list``: the lessons by chapter, in the order of the course.

    Raises:
        UsageError: For a lesson or an option that has no meaning in a list.
    """
    if args.lesson is not None or args.present:
        raise UsageError(tr("--list lists all lessons and opens none; leave out the lesson and --present"))
    store = LessonStore(os.environ)
    progress, problem = store.read(), store.problem()
    if problem is not None:
        print_error(str(problem), FAILED)
    lessons, done = shipped_lessons(), {name for name, each in progress.items() if each.is_done}
    if args.json:
        names = ("id", "title", "summary", "questions", "done")
        values = [(lesson.id, lesson.title, lesson.summary, lesson.questions, lesson.id in done) for lesson in lessons]
        print_json({"lessons": [dict(zip(names, row, strict=True)) for row in values]})
        return 0
    mark = "x" if settings.ascii else "✓"
    rows: list[tuple[str, ...]] = [
        (f"  {mark if lesson.id in done else ' '} {lesson.id}", one_line(lesson.title), one_line(lesson.summary))
        for lesson in lessons
    ]
    if any(lesson.id in progress for lesson in lessons):
        states = [_progress_text(lesson, progress.get(lesson.id)) for lesson in lessons]
        rows = [(id, state, *others) for (id, *others), state in zip(rows, states, strict=True)]
    chapter = ""
    for lesson, line in zip(lessons, row_lines(rows, settings), strict=True):
        if lesson.chapter != chapter:
            chapter = lesson.chapter
            print_line(chapter, settings)
        print_line(line, settings)
    return 0


def _progress_text(lesson: Lesson, progress: LessonProgress | None) -> str:
    """Return how far a person has come in a lesson; "" before it is begun."""
    if progress is None:
        return ""
    if progress.is_done:
        score = sum(progress.outcomes.get(step) == "at once" for step in lesson.asking_steps)
        return tr("{score} of {questions} right at once", score=score, questions=lesson.questions)
    step = min(progress.next_step, len(lesson.steps) - 1) + 1
    return tr("at step {step} of {steps}", step=step, steps=len(lesson.steps))


def lesson_session(name: str, environ: Mapping[str, str]) -> Session:
    """Return the session of a lesson at the step where it was left.

    Args:
        name: The id of a lesson, or the path of a file.
        environ: The environment, which names the folder with the progress.

    Raises:
        InputError: If there is no such lesson, and for anything wrong with the file.
    """
    lesson = load_lesson(name)
    return open_where_left(new_session(load_experiment(lesson.preset)), lesson, LessonStore(environ).read())
