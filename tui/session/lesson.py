"""The moves of a lesson: from step to step, and back to a step as it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nn_tui.core.engine.computed import operation_of
from nn_tui.core.engine.quantities import first_nonzero_weight
from nn_tui.core.engine.steps import PHASES, Zoom
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Ask, Choose, Do, Lesson
from nn_tui.core.lesson.located import located
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.state import asked_ref, run_of
from nn_tui.core.lesson.text import fill
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message
from nn_tui.tui.session.lesson_progress import LessonProgress, lesson_key
from nn_tui.tui.session.lesson_state import LessonState, LessonTexts, StepPlace
from nn_tui.tui.session.practice_state import OpenQuestion, Outcome, Practice
from nn_tui.tui.session.session import Session, clamp_ref, with_message
from nn_tui.tui.session.stepping import move_to

FIRST_VIEW = "network"  # of a step that does not choose one


def open_step(session: Session, lesson: Lesson, index: int, outcomes: Mapping[int, Outcome]) -> Session:
    """Return a session at a step of a lesson as the lesson gives it.

    It depends on the session before only by the settings of the view that a person chooses once, such as the digits.

    Args:
        session: The session before.
        lesson: The lesson.
        index: The index of the step.
        outcomes: How the questions of the lesson ended so far.

    Raises:
        InputError: The step does not fit the network of the lesson.
    """
    found, step = run_of(lesson, index), lesson.steps[index]
    trace = found.at.trace
    fresh = Session(
        (found.run,),
        0,
        trace,
        cursor=found.at.cursor,
        zoom="operation",
        ref=found.ref or first_nonzero_weight(trace),
        tab=step.view or FIRST_VIEW,
        digits=session.digits,
        speed=session.speed,
        log=session.log,
        key_labels=session.key_labels,
        is_presented=session.is_presented,
    )
    state = LessonState(
        lesson,
        index,
        _texts(lesson, index, found.at),
        StepPlace(found.run, trace.update, found.at.cursor, found.at.updates),
        {number: outcome for number, outcome in outcomes.items() if number in lesson.asking_steps},
        is_typing=isinstance(step.question, Choose) and not session.is_presented,
    )
    if found.ref is None:  # a number that the operation or the phase before the moment has computed
        zoom: Zoom = "pass" if step.moment.part in ("", *PHASES) else "operation"
        fresh = move_to(fresh, trace.update, fresh.cursor, fresh.pass_steps.previous(fresh.cursor, zoom) or 0)
    fresh = replace(fresh, ref=clamp_ref(fresh, fresh.ref), lesson=state)
    if not isinstance(step.question, Ask):
        return fresh
    with located(("steps", index, "ask"), lesson.file):
        return _with_question(fresh, step.question, found.at)


def open_where_left(session: Session, lesson: Lesson, progress: Mapping[str, LessonProgress]) -> Session:
    """Return a session at the step with which a lesson goes on; a lesson that is done begins again.

    Args:
        session: The session before.
        lesson: The lesson.
        progress: The progress by the key of a lesson.

    Raises:
        InputError: The step does not fit the network of the lesson.
    """
    found = progress.get(lesson_key(lesson), LessonProgress())
    if found.is_done:
        return open_step(session, lesson, 0, {})
    return open_step(session, lesson, min(found.next_step, len(lesson.steps) - 1), found.outcomes)


def texts_of(lesson: Lesson, index: int) -> LessonTexts:
    """Return the texts of a step with the numbers of its state.

    Raises:
        InputError: The step does not fit the network of the lesson.
    """
    return _texts(lesson, index, run_of(lesson, index).at)


def _texts(lesson: Lesson, index: int, at: PassCursor) -> LessonTexts:
    step = lesson.steps[index]
    answers = step.question.answers if isinstance(step.question, Choose) else ()
    solved = "" if isinstance(step.question, Do) else step.solved  # a task is done at another moment
    with located(("steps", index), lesson.file):
        return LessonTexts(
            say=fill(step.say, at),
            answers=tuple(fill(each.answer, at, must_be_known=False) for each in answers),
            reasons=tuple(fill(each.why, at, must_be_known=False) for each in answers),
            hint=fill(step.hint, at),
            solved=fill(solved, at, must_be_known=False),
        )


def _with_question(session: Session, ask: Ask, at: PassCursor) -> Session:
    """Return the session with the question for a number that is still to come, as the practice mode asks it."""
    ref = asked_ref(ask, at)
    question = OpenQuestion(ref, target_of(session, ref))
    practice = Practice(ask.level, ask.digits, question=question, is_typing=not session.is_presented)
    return replace(session, ref=ref, practice=practice)


def target_of(session: Session, ref: Ref) -> int:
    """Return the cursor after the operation that computes a number; the session's cursor if that is done already."""
    operation = operation_of(ref.key)
    found = None if operation is None else session.pass_steps.find(operation, ref.layer)
    return session.cursor if found is None else max(found.end, session.cursor)


def next_step(session: Session) -> Session:
    """Return the session at the next step; after the last one, with the summary of the lesson."""
    state = session.lesson
    if state is None:
        return with_message(session, message("This is no lesson: `o` opens one."))
    if state.is_at_end:
        return session
    if state.index + 1 < len(state.lesson.steps):
        return _at_step(session, state, state.index + 1)
    practice = None  # a question that is open stays unanswered
    return replace(session, practice=practice, lesson=replace(state, is_at_end=True, is_typing=False), message="")


def previous_step(session: Session) -> Session:
    """Return the session at the step before."""
    state = session.lesson
    if state is None:
        return with_message(session, message("This is no lesson: `o` opens one."))
    if state.is_at_end:
        return _at_step(session, state, state.index)
    if not state.index:
        return with_message(session, message("This is the first step."))
    return _at_step(session, state, state.index - 1)


def step_again(session: Session) -> Session:
    """Return the session at the step as the lesson gives it."""
    state = session.lesson
    return session if state is None else _at_step(session, state, state.index)


def _at_step(session: Session, state: LessonState, index: int) -> Session:
    try:
        return open_step(session, state.lesson, index, state.outcomes)
    except InputError as error:
        return with_message(session, str(error))


def leave_lesson(session: Session) -> Session:
    """Return the session outside of the lesson."""
    text = message("You have left the lesson; `o` continues it.")
    practice = session.practice if session.lesson is None else None
    return replace(session, lesson=None, practice=practice, message=text)


def is_away(session: Session) -> bool:
    """Return whether the session shows another place than the one that the step gives."""
    state = session.lesson
    if state is None or state.is_at_end:
        return False
    given = state.given
    if given is None or session.run is not given.run:
        return True
    return (session.trace.update, session.cursor) != (given.update, given.cursor)


def is_elsewhere(session: Session) -> bool:
    """Return whether the session shows another problem than that of the lesson; changed data is no other problem."""
    return session.lesson is not None and session.experiment.preset.id != session.lesson.lesson.preset.id
