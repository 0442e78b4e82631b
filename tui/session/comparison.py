"""Two runs that are compared: the other run at the same pass, and the letters and names of both.

The older run is A and the other one B, whichever is on screen. A new run that an edit makes of one of them takes its
letter.
"""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.steps import steps_of
from nn_tui.tui.session.map_cursor import map_cursor
from nn_tui.tui.session.run_names import distinct_names
from nn_tui.tui.session.session import Session, clamp_ref


def other_session(session: Session) -> Session | None:
    """Return the session with the other run on screen, its cursor as far into the same pass.

    Returns:
        The session, or None if no runs are compared. If the other run has no trace of this pass, the result is marked
        as running, so views show only recorded figures.
    """
    other = session.other
    if other is None:
        return None
    swapped = replace(session, runs=(other,), active=0, other=session.run, other_trace=None)
    steps = steps_of(other.segment(session.trace.update - 1).engine.sizes[1:])
    trace = session.other_trace
    if trace is None:
        return replace(swapped, cursor=steps.end, running=True)
    cursor = map_cursor(session.pass_steps, steps, session.cursor)
    swapped = replace(swapped, trace=trace, other_trace=session.trace, cursor=cursor)
    return replace(swapped, ref=clamp_ref(swapped, session.ref))


def letters(session: Session) -> tuple[str, str]:
    """Return the letters of the run on screen and of the other run; the older run is A."""
    older = next(run for run in session.runs if run is session.run or run is session.other)
    return ("A", "B") if older is session.run else ("B", "A")


def names(session: Session) -> tuple[str, str]:
    """Return the names of the run on screen and of the other run, by their differences: ``sgd η 0.5``."""
    assert session.other is not None
    return distinct_names(session.run, session.other)
