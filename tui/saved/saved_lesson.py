"""A lesson in a document: which one it is, its step, and how its questions ended. Its texts are read from its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Choose
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.core.run.run import Run
from nn_tui.tui.session.lesson import texts_of
from nn_tui.tui.session.lesson_progress import lesson_key
from nn_tui.tui.session.lesson_state import LessonState, StepPlace
from nn_tui.tui.session.practice_state import Outcome

# The fields of the next classes are keys in the files.


@dataclass(frozen=True, slots=True)
class SavedOutcome:
    """How the question of a step ended."""

    step: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SavedLesson:
    """A lesson that is on screen.

    Attributes:
        source: The id of a shipped lesson, or the path of a file.
        step: The index of the step.
        run: The number of the run that the step gave; None if it is in no run of the document.
        update: The pass that the step gave.
        cursor: The cursor that it gave.
        updates: The number of updates there.
        outcomes: How the questions of the lesson ended.
        outcome: How the question of this step ended; None while it is open.
        chosen: The wrong answers that were chosen.
        solved: The text after the question.
        shows_hint: Whether the hint is shown.
        shows_solution: Whether the solution is shown.
        is_typing: Whether keys go to the line for an answer.
        is_at_end: Whether the summary is shown.
    """

    source: str
    step: int
    run: int | None
    update: int
    cursor: int
    updates: int
    outcomes: tuple[SavedOutcome, ...]
    outcome: Outcome | None
    chosen: tuple[int, ...]
    solved: str
    shows_hint: bool
    shows_solution: bool
    is_typing: bool
    is_at_end: bool


def save_lesson(state: LessonState | None, runs: Sequence[Run]) -> SavedLesson | None:
    """Return what a document says about a lesson; None without one."""
    if state is None:
        return None
    given = state.given
    return SavedLesson(
        source=lesson_key(state.lesson),
        step=state.index,
        run=None if given is None or given.run not in runs else runs.index(given.run),
        update=0 if given is None else given.update,
        cursor=0 if given is None else given.cursor,
        updates=0 if given is None else given.updates,
        outcomes=tuple(SavedOutcome(step, outcome) for step, outcome in sorted(state.outcomes.items())),
        outcome=state.outcome,
        chosen=state.chosen,
        solved=state.texts.solved,
        shows_hint=state.shows_hint,
        shows_solution=state.shows_solution,
        is_typing=state.is_typing,
        is_at_end=state.is_at_end,
    )


def restore_lesson(saved: SavedLesson | None, runs: Sequence[Run]) -> LessonState | None:
    """Return the lesson of a document; None without one, or if the lesson is not what it was."""
    if saved is None:
        return None
    try:
        lesson = load_lesson(saved.source)
        if saved.step not in range(len(lesson.steps)):
            return None
        texts = texts_of(lesson, saved.step)
    except InputError:  # the file is gone, or has been changed
        return None
    question = lesson.steps[saved.step].question
    answers = len(question.answers) if isinstance(question, Choose) else 0
    chosen = tuple(index for index in saved.chosen if index in range(answers))
    given = None
    if saved.run is not None and saved.run in range(len(runs)):
        given = StepPlace(runs[saved.run], saved.update, saved.cursor, saved.updates)
    return LessonState(
        lesson,
        saved.step,
        texts if not saved.outcome else replace(texts, solved=saved.solved),
        given,
        {each.step: each.outcome for each in saved.outcomes if each.step in lesson.asking_steps},
        None if question is None else saved.outcome,
        chosen,
        shows_hint=saved.shows_hint,
        shows_solution=saved.shows_solution,
        is_typing=saved.is_typing and isinstance(question, Choose),
        is_at_end=saved.is_at_end,
    )
