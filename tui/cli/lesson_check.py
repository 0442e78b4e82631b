"""The command ``check`` for a lesson."""

from __future__ import annotations

import argparse

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.check import lesson_problems
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.core.text import one_line
from nn_tui.core.translation import message_plural, tr, tr_plural
from nn_tui.tui.cli.output import print_json, print_line
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error


def check_lesson(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui check`` for a lesson: print everything that is wrong with it.

    Raises:
        InputError: The file cannot be read as a lesson.
    """
    if args.set or args.weights or args.seed is not None:
        raise UsageError(tr("a lesson has its own changes and seed; leave out --set, --weights and --seed"))
    lesson = load_lesson(args.preset)
    problems = lesson_problems(lesson, key_names())
    if args.json:
        print_json(
            {
                "lesson": lesson.id,
                "steps": len(lesson.steps),
                "questions": lesson.questions,
                "problems": [str(problem) for problem in problems],
                "passed": not problems,
            }
        )
    else:
        _print_check(lesson, problems, settings)
    if not problems:
        return 0
    failed = tr_plural(
        "{lesson}: there is {count} problem", "{lesson}: there are {count} problems", len(problems), lesson=lesson.file
    )
    return print_error(failed, FAILED)


def key_names() -> frozenset[str]:
    """Return the names that a lesson may use for the keys of the app: Textual's names and the labels on screen."""
    from nn_tui.tui.keys.keys import KEYS  # imports Textual, which other commands do not need

    return frozenset(name for key in KEYS for name in (*key.keys.split(","), *key.key_label.split()))


def _print_check(lesson: Lesson, problems: tuple[InputError, ...], settings: Settings) -> None:
    """Print the problems of a lesson, or that it has none."""
    for problem in problems:
        print_line(one_line(str(problem)), settings)
    if not problems:
        steps = message_plural("{count} step", "{count} steps", len(lesson.steps))
        valid = tr_plural(
            "{lesson}: valid, {steps}, {count} question.",
            "{lesson}: valid, {steps}, {count} questions.",
            lesson.questions,
            lesson=one_line(lesson.id),
            steps=steps,
        )
        print_line(valid, settings)
        print_line(one_line(lesson.title), settings)
        print_line(one_line(lesson.summary), settings)
