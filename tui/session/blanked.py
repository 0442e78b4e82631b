"""The session that is drawn while a question is open: it has only the numbers that are computed at the cursor."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from nn_tui.core.engine.trace import Trace
from nn_tui.core.lesson.lesson import Choose
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.tui.session.session import Session

_BY_SAMPLE: tuple[Quantity, ...] = ("z", "a", "da", "dz")
_BY_UNIT: tuple[Quantity, ...] = ("dw", "db")


def blank_unanswered(session: Session) -> Session:
    """Return the session to draw: while a question is open, its pass has only the numbers up to the cursor.

    The views that are computed from the parameters, and the charts of the run, ask :func:`is_blanked` themselves. While
    a lesson asks to choose an answer, no finding tells it.
    """
    if session.lesson is not None and isinstance(session.lesson.question, Choose):
        session = replace(session, findings=())
    if not is_blanked(session):
        return session
    return replace(session, trace=blank_trace(session), other=None, other_trace=None, findings=(), history=None)


def is_blanked(session: Session) -> bool:
    """Return whether a question is open, so that nothing may show the number that it asks for."""
    return session.practice is not None and session.practice.question is not None


def blank_trace(session: Session) -> Trace:
    """Return a copy of the pass on screen with 0 in place of all numbers that are still to come."""
    trace, engine = session.trace, session.engine
    blank = Trace(engine.sizes, trace.inputs[0], trace.inputs_t[0], trace.y_t, trace.scale, deque())
    blank.update, blank.batches, blank.rows = trace.update, trace.batches, trace.rows
    blank.learning_rate, blank.known_finite = trace.learning_rate, trace.known_finite
    blank.before, blank.after = trace.before, trace.before.copy()
    blank.after.steps, blank.after.scalars = trace.after.steps, trace.after.scalars
    for layer in range(len(engine.sizes) - 1):
        for name in _BY_SAMPLE:
            known = session.known_units(name, layer)
            getattr(blank, name)[layer][:, :known] = getattr(trace, name)[layer][:, :known]
        for name in _BY_UNIT:
            known = session.known_units(name, layer)
            getattr(blank, name)[layer][:known] = getattr(trace, name)[layer][:known]
        known = session.known_units(QuantityKey("w", after=True), layer)
        for new, old in zip(blank.after.array, trace.after.array, strict=True):
            split_parameters(new, engine.sizes)[layer][:known] = split_parameters(old, engine.sizes)[layer][:known]
    if session.known_units("loss", 0):
        blank.terms[...] = trace.terms
        blank.loss, blank.data_loss, blank.penalty = trace.loss, trace.data_loss, trace.penalty
    return blank
