"""The mode for a projector: each number is hidden until a key shows it, and there are no hints."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.tui.session.practice_state import Practice
from nn_tui.tui.session.session import Session


def start_presenting(session: Session) -> Session:
    """Return the session in the mode for a projector.

    The numbers of stops are hidden as in the practice mode, without a line for answers; a lesson hides its own.
    """
    state, practice = session.lesson, session.practice
    if state is not None:
        state = replace(state, is_typing=False)
        practice = None if practice is None else replace(practice, is_typing=False)
    else:
        practice = Practice()
    zoom = session.zoom if session.zoom == "unit" else "operation"
    return replace(session, is_presented=True, lesson=state, practice=practice, zoom=zoom, notes=False, message="")


def has_hidden_answer(session: Session) -> bool:
    """Return whether a key shows an answer next: a number, or the answer of a lesson."""
    is_asking = session.practice is not None and session.practice.question is not None
    return is_asking or (session.lesson is not None and session.lesson.question is not None)
