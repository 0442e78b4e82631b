"""What the practice mode says between two questions: how the pass or exercise went, and what comes next."""

from __future__ import annotations

from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message, message_plural
from nn_tui.tui.session.exercise import has_next_question
from nn_tui.tui.session.practice import tolerance_text, value_text
from nn_tui.tui.session.practice_state import OUTCOMES
from nn_tui.tui.session.session import Session


def is_pass_over(session: Session) -> bool:
    """Return whether the pass or exercise on screen asks for no more numbers."""
    practice = session.practice
    if practice is None or practice.question is not None:
        return False
    return session.cursor >= session.pass_steps.end if practice.exercise is None else not has_next_question(session)


def pass_summary(session: Session) -> Message:
    """Return how the questions of the pass or exercise on screen ended."""
    practice = session.practice
    results = () if practice is None else practice.results[practice.pass_start :]
    once, later, revealed = (sum(result.outcome == outcome for result in results) for outcome in OUTCOMES)
    short = message("Done: right {once}, later {later}, revealed {revealed}", once=once, later=later, revealed=revealed)
    if practice is not None and practice.exercise is not None:
        return message_plural(
            "Exercise {number} is done: {count} question, right at once {once}, later {later}, revealed {revealed}.",
            "Exercise {number} is done: {count} questions, right at once {once}, later {later}, revealed {revealed}.",
            len(results),
            number=practice.exercise.number + 1, once=once, later=later, revealed=revealed,
        ).or_shorter(short)  # fmt: skip
    return message_plural(
        "Pass {number} is done: {count} question, right at once {once}, later {later}, revealed {revealed}.",
        "Pass {number} is done: {count} questions, right at once {once}, later {later}, revealed {revealed}.",
        len(results),
        number=session.trace.update, once=once, later=later, revealed=revealed,
    ).or_shorter(short)  # fmt: skip


def next_message(session: Session) -> Message:
    """Return what comes next between two questions, with the key for it."""
    practice = session.practice
    if not is_pass_over(session) or practice is None:
        return message("`enter` asks the next question.")
    if practice.exercise is not None:
        number = practice.exercise.number + 2
        return message("`enter` opens exercise {number}, `esc` twice ends practice.", number=number)
    return message("`enter` begins pass {number}, `esc` twice ends practice.", number=session.trace.update + 1)


def right_message(session: Session, ref: Ref, following: Message) -> Message:
    """Return that the answer for a number was right, with its tolerance at the levels that ask for a number.

    Args:
        session: The session in the practice mode, after the question.
        ref: The address of the number.
        following: What comes next.
    """
    value = value_text(session, ref)
    short = message("Right: {symbol} = {value}. {next}", symbol=ref.symbol, value=value, next=following)
    if session.practice is not None and session.practice.level in ("sign", "compare"):
        return short
    return message(
        "Right: {symbol} = {value}, right within ±{tolerance}. {next}",
        symbol=ref.symbol, value=value, tolerance=tolerance_text(session, ref), next=following,
    ).or_shorter(short)  # fmt: skip


def revealed_message(session: Session, ref: Ref, following: Message) -> Message:
    """Return a number that was revealed; arguments as in :func:`right_message`."""
    value = value_text(session, ref)
    short = message("{symbol} = {value}. {next}", symbol=ref.symbol, value=value, next=following)
    if session.practice is not None and session.practice.level in ("sign", "compare"):
        return short
    return message(
        "{symbol} = {value}; answers within ±{tolerance} are right. {next}",
        symbol=ref.symbol, value=value, tolerance=tolerance_text(session, ref), next=following,
    ).or_shorter(short)  # fmt: skip
