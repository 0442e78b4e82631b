"""The sessions with which the app starts in the practice mode."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nn_tui.core.fields import check_choice
from nn_tui.core.practice.exercises import generate
from nn_tui.core.practice.names import LEVELS, TOPICS
from nn_tui.core.practice.rounding import DEFAULT_DIGITS
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message, tr
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.saved.practice_results import PracticeResults
from nn_tui.tui.session.exercise import begin_exercise
from nn_tui.tui.session.practice import start_practice
from nn_tui.tui.session.practice_state import Exercise, Practice
from nn_tui.tui.session.session import Session, session_of

_SEEDS = 100_000  # from which one is taken by the clock if none is given


def exercise_session(args: argparse.Namespace, settings: Settings) -> Session:
    """Return the session of ``nn-tui practice``: the first exercise of a topic, before its first question.

    Raises:
        InputError: If there is no such topic.
    """
    name = check_choice(args.topic or "forward", ("--topic",), TOPICS, message("a topic"))
    topic = next(each for each in TOPICS if each == name)
    seed = time.time_ns() % _SEEDS if settings.seed is None else settings.seed
    digits = args.practice_digits or DEFAULT_DIGITS
    session = session_of(Run.start(generate(topic, seed, digits=digits)))
    return replace(session, practice=Practice(digits=digits, exercise=Exercise(topic, seed)))


def results_of(args: argparse.Namespace, environ: Mapping[str, str]) -> PracticeResults | None:
    """Return the file for the marks that ``--results`` or ``NN_TUI_RESULTS`` asks for; None for none.

    Raises:
        InputError: If the folder cannot be made.
        UsageError: If a student is named without a folder.
    """
    folder = args.results or environ.get("NN_TUI_RESULTS")
    if args.student is not None and not folder:
        raise UsageError(tr("--student is the name in the results; add --results FOLDER"))
    student = args.student or environ.get("NN_TUI_STUDENT", "")
    return PracticeResults(Path(folder), student) if folder else None


def practising_session(args: argparse.Namespace, session: Session) -> Session:
    """Return the session in the practice mode, before its first question.

    Raises:
        InputError: If there is no such level.
    """
    name = check_choice(args.level or "formula", ("--level",), LEVELS, message("a level"))
    level = next(each for each in LEVELS if each == name)
    exercise = session.practice.exercise if session.practice else None
    return begin_exercise(start_practice(session, level, args.practice_digits or DEFAULT_DIGITS, exercise))
