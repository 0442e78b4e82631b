"""Which number of an operation the practice mode asks for, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np

from nn_tui.core.engine.steps import LayerOperation
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.expression.explanation import written_numbers
from nn_tui.core.practice.rounding import round_to
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.refs import BY_SAMPLE, QuantityKey, Ref
from nn_tui.tui.session.practice_state import Practice
from nn_tui.tui.session.session import Session

MAX_SAMPLES = 12  # of which one is looked for whose number is worth asking for
_CERTAIN = 0.99
_FAR_APART = 3.0  # tolerances between two numbers that are compared


def choose_number(
    session: Session, practice: Practice, place: LayerOperation, start: int
) -> tuple[Ref, Ref | None] | None:
    """Return the first number that is worth asking for and what it is compared with; None if there is no such number.

    A number that is compared with no other is compared with 0, which is no question if it cannot be negative.
    """
    for ref in _candidates(session, place, start):
        if not is_worth_asking(session, ref, practice.digits):
            continue
        other = _compared_number(session, ref, place, start)
        if practice.level != "compare" or other is not None or not _is_never_negative(session, ref):
            return ref, other
    return None


def _candidates(session: Session, place: LayerOperation, start: int) -> Iterator[Ref]:
    """Yield the numbers that the steps from cursor ``start`` compute in an operation, the selected one first."""
    ref = session.ref
    yield ref
    if ref.quantity == "loss":
        return
    first, last = max(start, place.start) - place.start, min(session.cursor, place.end) - place.start
    keys = [ref.key]
    if ref.key.is_from_update:
        keys = [QuantityKey("w", after=True), QuantityKey("b", after=True)]
    samples = [ref.sample]
    if ref.quantity in BY_SAMPLE:
        samples += [n for n in range(min(session.trace.n, MAX_SAMPLES)) if n != ref.sample]
    for sample in samples:
        for key in keys:
            for unit in range(first, last):
                for column in range(session.engine.sizes[ref.layer] if key.is_weight else 1):
                    yield key.at(ref.layer, unit, column, sample)


def is_worth_asking(session: Session, ref: Ref, digits: int) -> bool:
    """Return whether a number is finite, not 0, and not equal to one of the numbers from which it is computed.

    The loss of a large batch is not worth asking, and neither is the sign of a number that cannot be negative.
    """
    value = value_of(session.engine, session.trace, ref)
    if not isfinite(value) or value == 0.0:
        return False
    if ref.quantity == "loss" and not _is_short_loss(session):
        return False
    if session.practice is not None and session.practice.level == "sign" and _is_never_negative(session, ref):
        return False
    is_softmax = ref.quantity == "a" and session.engine.activations[ref.layer].slope is None
    if is_softmax and value > _CERTAIN:  # the sum in its formula is 1, too
        return False
    shown = abs(round_to(value, digits))
    numbers = written_numbers(explain(session.engine, session.trace, ref))
    sources = (number.value for _, number in numbers if number.ref not in (None, ref) and number.value is not None)
    return all(not isfinite(source) or abs(round_to(source, digits)) != shown for source in sources)


def _is_never_negative(session: Session, ref: Ref) -> bool:
    """Return whether a number cannot be negative, as a loss or the output of a sigmoid: its sign is no question."""
    low = session.engine.activations[ref.layer].low
    return ref.quantity == "loss" or (ref.quantity == "a" and low is not None and low >= 0.0)


def _is_short_loss(session: Session) -> bool:
    """Return whether the loss of the batch has so few terms that a person can add them up."""
    terms = session.trace.terms
    return len(terms) <= MAX_SAMPLES and int(np.count_nonzero(terms)) <= MAX_SAMPLES


def _compared_number(session: Session, ref: Ref, place: LayerOperation, start: int) -> Ref | None:
    """Return a number that differs clearly from the one at ``ref``: the old parameter, or one of the same operation."""
    practice = session.practice
    if practice is None or practice.level != "compare":
        return None
    others = [ref.with_key(ref.quantity)] if ref.after else []
    others += [other for other in _candidates(session, place, start) if other != ref]
    value, allowed = (f(session.engine, session.trace, ref) for f in (value_of, tolerance))
    for other in others:
        if abs(value_of(session.engine, session.trace, other) - value) > _FAR_APART * allowed:
            return other
    return None
