"""The selection by name, and following a number of the arithmetic to where it was computed, and back."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.explain.explain import explain
from nn_tui.core.expression import Explanation, Num
from nn_tui.core.refs import Ref, parse_ref
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

LONGEST_TRAIL = 100


def is_followable(part: str | Num, explained: Ref) -> bool:
    """Whether a part of an explanation is a number that stands somewhere else."""
    return isinstance(part, Num) and part.ref is not None and part.ref != explained


def followable(explanation: Explanation) -> list[Num]:
    """The numbers of an explanation that stand somewhere else, as they are written."""
    return [
        part
        for line in explanation.lines
        for part in line
        if isinstance(part, Num) and is_followable(part, explanation.ref)
    ]


def factors(session: Session) -> list[Num]:
    """The numbers that can be followed from the selection; none while it is not computed."""
    if not session.is_known(session.ref):
        return []
    return followable(explain(session.engine, session.trace, session.ref))


def lit(session: Session) -> int:
    """Which of the numbers that can be followed is lit; −1 for none."""
    ref, index = session.factor
    return index if ref == session.ref else -1


def next_factor(session: Session) -> Session:
    """Light the next number of the arithmetic that stands somewhere else."""
    found = factors(session)
    if not found:
        return with_message(session, _nothing(session))
    index = (lit(session) + 1) % len(found)
    target = found[index].ref
    assert target is not None
    message = f"{_name(target, session)}: `>` goes to it, `;` lights the next number ({index + 1} of {len(found)})."
    return replace(session, factor=(session.ref, index), message=message)


def follow(session: Session, index: int | None = None) -> Session:
    """Select the number that is lit (or number ``index``, or the first); the cursor stays, the way back is kept."""
    found = factors(session)
    if not found:
        return with_message(session, _nothing(session))
    target = found[max(lit(session), 0) if index is None else index].ref
    assert target is not None
    trail = (*session.trail, session.ref)[-LONGEST_TRAIL:]
    message = f"{_name(target, session)}; `<` goes back to {session.ref.symbol}."
    return replace(select(session, target), trail=trail, message=message)


def follow_back(session: Session) -> Session:
    """Return to the selection that was followed from."""
    if not session.trail:
        return with_message(session, "Nothing was followed yet: `;` lights a number of the arithmetic, `>` goes to it.")
    back = clamp_ref(session, session.trail[-1])
    message = f"Back at {back.symbol}."
    return replace(select(session, back), trail=session.trail[:-1], message=message)


def find(session: Session, text: str) -> Session:
    """Select a number by its name. Raises InputError with what would be right."""
    slots = session.engine.optimizer.slots
    return select(session, parse_ref(text, session.engine.sizes, session.ref.sample, slots))


def toggle_batch(session: Session) -> Session:
    """Show the batch at once, or one sample of it."""
    if session.batch:
        return replace(session, batch=False, message=f"Sample {session.ref.sample + 1} alone.")
    n = session.trace.n
    count = "The one sample of the batch" if n == 1 else f"All {n} samples of the batch"
    message = f"{count}, a row each: the rows of δ add up to the gradient of b. `B` shows one sample again."
    return replace(session, batch=True, message=message)


def _name(ref: Ref, session: Session) -> str:
    sample = f" of sample {ref.sample + 1}" if ref.sample != session.ref.sample else ""
    return f"{ref.symbol}{sample}"


def _nothing(session: Session) -> str:
    if not session.is_known(session.ref):
        return f"{session.ref.symbol} is not computed yet, so that there is nothing to follow."
    return f"{session.ref.symbol} is given: it comes from no other number on screen."
