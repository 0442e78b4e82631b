"""The moves of an exercise: from one of its questions to the next."""

from __future__ import annotations

from nn_tui.core.engine.steps import LayerOperation
from nn_tui.core.practice.exercises import SPECS
from nn_tui.tui.session.practice import count_from_here, practise
from nn_tui.tui.session.session import Session
from nn_tui.tui.session.stepping import move_to, next_stop


def has_next_question(session: Session) -> bool:
    """Return whether the exercise on screen asks for another number."""
    return _next_operation(session) is not None


def next_exercise_stop(session: Session) -> Session:
    """Return the session after the next operation that the exercise asks for; the same session if there is none."""
    stop = _next_operation(session)
    return session if stop is None else move_to(session, session.trace.update, stop.end, stop.start)


def _next_operation(session: Session) -> LayerOperation | None:
    exercise = session.practice.exercise if session.practice else None
    if exercise is None or session.trace.update > SPECS[exercise.topic].first_pass:
        return None
    names = SPECS[exercise.topic].operations
    found = (each for each in session.pass_steps.operations if each.operation in names and each.start >= session.cursor)
    return next(found, None)


def begin_exercise(session: Session) -> Session:
    """Return the session before the first question of its exercise; without an exercise, the same session."""
    exercise = session.practice.exercise if session.practice else None
    if exercise is None:
        return session
    for update in range(1, SPECS[exercise.topic].first_pass):
        session = move_to(session, update, session.pass_steps.end)
    session = move_to(session, SPECS[exercise.topic].first_pass, 0)
    stop = _next_operation(session)
    if stop is not None:
        session = move_to(session, session.trace.update, stop.start)
    return count_from_here(session)


def first_question(session: Session) -> Session:
    """Return the session, which is in the practice mode, with the next question of its exercise or pass."""
    is_exercise = session.practice is not None and session.practice.exercise is not None
    return practise(next_exercise_stop if is_exercise else next_stop)(session)
