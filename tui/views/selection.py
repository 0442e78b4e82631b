"""Change the selected number: by name, by following a number of its arithmetic, and back again."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.explain.explain import explain
from nn_tui.core.expression import Explanation, Num
from nn_tui.core.refs import Ref, parse_ref
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

MAX_FOLLOW_STACK = 100


def is_followable(part: str | Num, explained: Ref) -> bool:
    """Return whether a part of the explanation of ``explained`` is another number of the pass."""
    return isinstance(part, Num) and part.ref is not None and part.ref != explained


def followable(explanation: Explanation) -> list[Num]:
    """Return the numbers of an explanation that can be followed, in the order in which they are written."""
    return [
        part
        for line in explanation.lines
        for part in line
        if isinstance(part, Num) and is_followable(part, explanation.ref)
    ]


def factors(session: Session) -> list[Num]:
    """Return the numbers that can be followed from the selected number; none if it is not computed yet."""
    if not session.is_known(session.ref):
        return []
    return followable(explain(session.engine, session.trace, session.ref))


def highlighted(session: Session) -> int:
    """Return the index of the highlighted number among the factors; −1 if none is highlighted."""
    ref, index = session.highlighted
    return index if ref == session.ref else -1


def highlight_next(session: Session) -> Session:
    """Highlight the next number of the arithmetic that can be followed."""
    numbers = factors(session)
    if not numbers:
        return with_message(session, _no_factors_message(session))
    index = (highlighted(session) + 1) % len(numbers)
    target = numbers[index].ref
    assert target is not None
    message = f"{_name(target, session)}: `>` goes to it, `;` lights the next number ({index + 1} of {len(numbers)})."
    return replace(session, highlighted=(session.ref, index), message=message)


def follow(session: Session, index: int | None = None) -> Session:
    """Select a number of the arithmetic; the cursor stays, and :func:`follow_back` returns.

    Args:
        session: The session.
        index: The index of the number; None for the highlighted one, or the first if none is highlighted.
    """
    numbers = factors(session)
    if not numbers:
        return with_message(session, _no_factors_message(session))
    target = numbers[max(highlighted(session), 0) if index is None else index].ref
    assert target is not None
    stack = (*session.follow_stack, session.ref)[-MAX_FOLLOW_STACK:]
    message = f"{_name(target, session)}; `<` goes back to {session.ref.symbol}."
    return replace(select(session, target), follow_stack=stack, message=message)


def follow_back(session: Session) -> Session:
    """Select the number from which the selected one was followed."""
    if not session.follow_stack:
        return with_message(session, "Nothing was followed yet: `;` lights a number of the arithmetic, `>` goes to it.")
    back = clamp_ref(session, session.follow_stack[-1])
    message = f"Back at {back.symbol}."
    return replace(select(session, back), follow_stack=session.follow_stack[:-1], message=message)


def select_by_name(session: Session, text: str) -> Session:
    """Select a number by its name, for the sample on screen or the one that the name has behind an ``@``.

    Raises:
        InputError: No number has that name; the message says what is valid.
    """
    slots = session.engine.optimizer.slots
    ref = parse_ref(text, session.engine.sizes, session.ref.sample, slots, session.trace.n)
    return select(session, ref)


def toggle_batch(session: Session) -> Session:
    """Switch between all samples of the batch and one sample."""
    if session.batch:
        return replace(session, batch=False, message=f"Sample {session.ref.sample + 1} alone.")
    n = session.trace.n
    count = "The one sample of the batch" if n == 1 else f"All {n} samples of the batch"
    message = f"{count}, a row each: the rows of δ add up to the gradient of b. `B` shows one sample again."
    return replace(session, batch=True, message=message)


def _name(ref: Ref, session: Session) -> str:
    sample = f" of sample {ref.sample + 1}" if ref.sample != session.ref.sample else ""
    return f"{ref.symbol}{sample}"


def _no_factors_message(session: Session) -> str:
    if not session.is_known(session.ref):
        return f"{session.ref.symbol} is not computed yet, so that there is nothing to follow."
    return f"{session.ref.symbol} is given: it comes from no other number on screen."
