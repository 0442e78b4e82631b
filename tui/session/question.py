"""What the arithmetic shows of an open question."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.explain.explain import explain
from nn_tui.core.expression.equations import Listed, has_unknown, without_unknown
from nn_tui.core.expression.explanation import SUM_KINDS, Explanation, mark_explanation, written_numbers
from nn_tui.core.expression.nodes import Node
from nn_tui.core.practice.factors import factor_path
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.translation import Message, all_of, message, tr
from nn_tui.tui.session.practice_state import OpenQuestion
from nn_tui.tui.session.session import Session

_ASKING_KINDS = ("value", *SUM_KINDS)  # lines from which the number follows; others give it in another way, too


def question_here(session: Session) -> OpenQuestion | None:
    """Return the open question if the selected number is the one that it asks for."""
    question = session.practice.question if session.practice else None
    return question if question is not None and question.ref == session.ref else None


def formula_digits(session: Session) -> int | None:
    """Return the digits of the numbers in the arithmetic: while a question is open, at least those of its answer."""
    practice = session.practice
    if practice is None or practice.question is None or session.digits is None:
        return session.digits
    return max(session.digits, practice.digits)


def question_text(session: Session) -> str:
    """Return the sentence above the formula of a question; "" if the selected number is not asked for."""
    question = question_here(session)
    if question is None:
        return ""
    if hides_formula(session):
        return tr(
            "You are asked for {symbol}. Find its formula yourself; `tab` shows it. "
            "To look at the numbers, press `esc`: then `d` shows more digits, and `␣` returns.",
            symbol=session.ref.symbol,
        )
    if question.other is not None:
        return tr(
            "Compare {symbol} with {other}. This is the formula of {symbol}; for the other, press `esc` and select it.",
            symbol=number_name(session, question.ref),
            other=number_name(session, question.other),
        )
    if missing := _missing_numbers(session):
        return tr(
            "You are asked for {symbol}. Compute {missing} first, which is in its formula: "
            "to see how, press `esc`, then `/` selects it, and `0` or `␣` returns.",
            symbol=session.ref.symbol,
            missing=all_of(missing),
        )
    return tr("You are asked for {symbol}. All numbers that you need are in its formula.", symbol=session.ref.symbol)


def _missing_numbers(session: Session) -> list[str]:
    """Return the symbols of the numbers in the formula that the pass has not computed; no part of a loss is one."""
    explanation = explain(session.engine, session.trace, session.ref, session.is_known)
    asking = {number for number, line in enumerate(explanation.lines, 1) if line.kind in _ASKING_KINDS}
    missing = [
        number.ref.symbol
        for path, number in written_numbers(explanation)
        if path[0] in asking and number.ref not in (None, session.ref) and number.value is None
        if number.ref is not None and number.ref.quantity not in ("term", "loss")
    ]
    return list(dict.fromkeys(missing))


def number_name(session: Session, ref: Ref) -> Message | str:
    """Return the symbol of a number, with its sample if the batch has several."""
    if session.trace.n == 1 or ref.quantity not in BY_SAMPLE:
        return ref.symbol
    return message("{symbol} of sample {sample}", symbol=ref.symbol, sample=ref.sample + 1)


def hides_formula(session: Session) -> bool:
    """Return whether the person must find the formula of the selected number without help."""
    question = question_here(session)
    return (
        question is not None
        and session.practice is not None
        and (session.practice.level == "number" and not question.hints)
    )


def as_question(explanation: Explanation, session: Session) -> Explanation:
    """Return the explanation with one question mark, for the number that is asked for, and with the marked factor.

    The results of other lines are left out, and so is the slope at the number, which follows from it.
    """
    if question_here(session) is None:
        return explanation
    lines = [line for line in explanation.lines if not (line.kind == "slope" and has_unknown(line.body))]
    asking = [index for index, line in enumerate(lines) if has_unknown(line.body)]
    shown = [
        replace(line, body=_with_last_unknown(line.body) if index in asking[-1:] else without_unknown(line.body))
        for index, line in enumerate(lines)
    ]
    return _with_marked_factor(replace(explanation, lines=tuple(shown)), session)


def _with_last_unknown(body: Node) -> Node:
    """Return equations of which only the last one ends with a question mark."""
    if not isinstance(body, Listed):
        return body
    *others, last = body.items
    return replace(body, items=(*map(without_unknown, others), last))


def _with_marked_factor(explanation: Explanation, session: Session) -> Explanation:
    """Return the explanation with a mark on the factor that the mistake of the last answer concerns."""
    question = question_here(session)
    if question is None or question.mistake is None:
        return explanation
    path = factor_path(explanation, MISTAKES[question.mistake].factor)
    return explanation if path is None else mark_explanation(explanation, path, "highlight")
