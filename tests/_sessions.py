"""Random sessions for the tests of saving: the moves that make one, and its contents for comparisons."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.tui.saved.snapshot import pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.session import branches, stepping, timeline
from nn_tui.tui.session.session import Session, new_session
from tests._edits import bits, small_experiment
from tests._moves import STEPS, Move


def _change(text: str) -> Move:
    def make(session: Session) -> Session:
        try:
            edited = apply_edit(text, session.run, session.updates_done)
        except InputError:
            return session
        return branches.show_edited(session, edited)

    return make


def _compare(session: Session) -> Session:
    if session.other is not None:
        return branches.stop_comparing(session)
    try:
        return branches.compare(session, apply_edit("eta = 0.3", session.run, 0))
    except InputError:  # the run has this learning rate already
        return session


def _train(updates: int) -> Move:
    """Train from the last update of the run, as training on the screen does."""

    def make(session: Session) -> Session:
        reached = session.run.reached + updates
        return stepping.goto(session, session.run.goto(reached))

    return make


MOVES: Mapping[str, Move] = {
    **STEPS,
    "a": branches.switch_run,
    "c": _compare,
    "*": timeline.toggle_bookmark,
    "back 20": lambda session: timeline.scrub(session, -20),
    "train 3": _train(3),
    "train 90": _train(90),
    "eta": _change("eta = 0.05"),
    "diverge": _change("l2 = 1e308"),
    "weight": _change("w1[1,2] = 0.5"),
    "input": _change("x1 = 0.25"),
    "target": _change("y1 = 1"),
    "optimiser": _change("optimizer = adam"),
    "scalars": _change("optimizer = nadam"),
    "schedule": _change("schedule = cosine T_max=50 per=epoch"),
    "warm-up": _change("warmup = 20"),
    "units": _change("units 1 = 6"),
    "layer": _change("add layer 1 3 relu"),
    "noise": _change("noise = 0.3"),
    "data": _change("data seed = 9"),
    "batch": _change("batch = 3"),
}
MOVE_LISTS = st.lists(st.sampled_from(sorted(MOVES)), max_size=14)


def session_after(moves: list[str]) -> Session:
    """Return the session after some moves on a small problem."""
    session = new_session(small_experiment())
    for move in moves:
        session = MOVES[move](session)
    return session


def save_and_restore(session: Session) -> Session:
    """Save the session, and return it as a later start restores it."""
    return restore_session(pack_snapshot(take_snapshot(session, 0)).content, session.key_labels)


def contents(session: Session) -> object:
    """Return all that saving must preserve: the position, every number of the pass, and the records of the run."""
    run, trace = session.run, session.trace
    arrays = (*trace.computed, trace.x, trace.y, trace.terms)
    return (
        (trace.update, session.cursor, session.updates_done, session.active, len(session.runs)),
        (session.ref, session.zoom, session.bookmarks, session.other is None),
        (
            bits(trace.before),
            bits(trace.after),
            repr((trace.loss, trace.penalty)),
            *(array.tobytes() for array in arrays),
        ),
        [(each.reached, repr(each.divergence), [part.change for part in each.segments]) for each in session.runs],
        [array.tobytes() for array in run.losses.points()],
        (run.evaluations.stride, repr(list(run.evaluations))),
    )
