"""Change the selected number: by name, by following a number of its arithmetic, and back again."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.edits.numbered_names import parse_name, parse_numbered
from nn_tui.core.engine.quantities import is_frozen
from nn_tui.core.explain.explain import explain
from nn_tui.core.expression.explanation import Explanation, written_numbers
from nn_tui.core.expression.nodes import Num
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message, message_plural
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

MAX_FOLLOW_STACK = 100


def followable_paths(explanation: Explanation) -> dict[tuple[int, ...], Num]:
    """Return the numbers of an explanation that can be followed by their paths, in the order in which they are written.

    These are the other numbers of the pass.
    """
    return {
        path: number
        for path, number in written_numbers(explanation)
        if number.ref is not None and number.ref != explanation.ref
    }


def followable(explanation: Explanation) -> list[Num]:
    """Return the numbers of an explanation that can be followed, in the order in which they are written."""
    return list(followable_paths(explanation).values())


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
    text = message(
        "{name}: `>` goes to it, `;` highlights the next number ({index} of {count}).",
        name=_name(target, session), index=index + 1, count=len(numbers),
    )  # fmt: skip
    return replace(session, highlighted=(session.ref, index), message=text)


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
    text = message("{name}; `<` goes back to {origin}.", name=_name(target, session), origin=session.ref.symbol)
    return replace(select(session, target), follow_stack=stack, message=text)


def follow_back(session: Session) -> Session:
    """Select the number from which the selected one was followed."""
    if not session.follow_stack:
        return with_message(
            session,
            message(
                "There is no earlier selection: `;` highlights a number of the arithmetic, `>` selects it."
            ).or_shorter(message("No earlier selection: `;` highlights a number, `>` selects it.")),
        )
    back = clamp_ref(session, session.follow_stack[-1])
    text = message("Back at {name}.", name=back.symbol)
    return replace(select(session, back), follow_stack=session.follow_stack[:-1], message=text)


def select_by_name(session: Session, text: str) -> Session:
    """Select a number by its name, for the sample on screen or the one that follows the name after an ``@``.

    Raises:
        InputError: No number has that name; the message says what is valid.
    """
    slots = session.engine.optimizer.slots
    sizes, rows = session.engine.sizes, session.trace.n
    ref = parse_name(text, sizes, session.ref.sample, slots, rows)
    numbered = parse_numbered(text, sizes) if ref.is_weight else ""
    if not numbered or parse_name(numbered, sizes, ref.sample, slots, rows) == ref:
        return select(session, ref)
    sentence = message(
        "{symbol}: the first weight of layer {layer}. If your book counts weights through all layers, type {name}.",
        symbol=ref.symbol, layer=ref.layer + 1, name=numbered,
    )  # fmt: skip
    return with_message(select(session, ref), sentence)


def toggle_batch(session: Session) -> Session:
    """Switch between all samples of the batch and one sample."""
    if session.batch:
        return replace(session, batch=False, message=message("Sample {sample} alone.", sample=session.ref.sample + 1))
    text = message_plural(
        "The one sample of the batch, in one row: the rows of δ add up to the gradient of b. "
        "`B` shows one sample again.",
        "All {count} samples of the batch, one row per sample: the rows of δ add up to the gradient of b. "
        "`B` shows one sample again.",
        session.trace.n,
    ).or_shorter(message("The whole batch, one row per sample. `B` shows one sample again."))
    return replace(session, batch=True, message=text)


def _name(ref: Ref, session: Session) -> Message | str:
    """Return the name of a number, with its sample if that is not the one on screen."""
    if ref.sample == session.ref.sample:
        return ref.symbol
    return message("{name} of sample {sample}", name=ref.symbol, sample=ref.sample + 1)


def _no_factors_message(session: Session) -> Message:
    if not session.is_known(session.ref):
        return message("{name} is not computed yet, so there is nothing to follow.", name=session.ref.symbol)
    if session.ref.key.is_step and is_frozen(session.engine, session.ref.key, session.ref.layer):
        return message("{name} is 0 because its parameter is frozen.", name=session.ref.symbol)
    return message("{name} is given: it comes from no other number on screen.", name=session.ref.symbol)
