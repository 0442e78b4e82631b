"""Marks an answer: right, following from an earlier wrong answer, or wrong, with the mistake that gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.expression.explanation import Explanation
from nn_tui.core.practice.factors import factor_path
from nn_tui.core.practice.mistakes import MISTAKES, WrongValue, wrong_values
from nn_tui.core.practice.order import pass_order
from nn_tui.core.practice.plain_slips import correct_digits, plain_slip
from nn_tui.core.practice.rounding import DEFAULT_DIGITS, half_unit
from nn_tui.core.practice.slips import Kind
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.practice.wrong_pass import WrongPass
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.translation import Message, message, message_plural

Verdict = Literal["right", "follows", "wrong"]


@dataclass(frozen=True, slots=True)
class AnswerMark:
    """What is said about one answer.

    Attributes:
        verdict: Whether it is right, agrees with an earlier wrong answer, or is wrong.
        mistake: The mistake that gives it; None if it is not wrong or if no listed mistake gives it.
        also: Other mistakes that give the same number.
        text: The verdict in one sentence, which does not tell the right number.
        expected: The right number.
        tolerance: How far from the right number an answer may be.
        source: The first wrong answer, from which this one follows; None if it does not follow.
        has_too_few_digits: Whether it is the right number with fewer digits than asked for.
    """

    verdict: Verdict
    mistake: Kind | None
    also: tuple[Kind, ...]
    text: Message
    expected: float
    tolerance: float
    source: Ref | None = None
    has_too_few_digits: bool = False


def mark(
    engine: Engine,
    trace: Trace,
    ref: Ref,
    answer: float,
    digits: int = DEFAULT_DIGITS,
    earlier_answers: Mapping[Ref, float] | None = None,
    previous: Trace | None = None,
    *,
    sees_numbers: bool = False,
) -> AnswerMark:
    """Mark an answer to the question for the number at an address.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address.
        answer: The answer.
        digits: The significant digits of the numbers with which the person worked.
        earlier_answers: The person's other answers by their addresses, right or wrong, from which this one may follow.
        previous: The pass before, to recognise gradients that were added to the next; None if there is none.
        sees_numbers: Whether the person saw the numbers from which this one is computed, as in the app. Then a mistake
            in an earlier operation is named only if the formula of the number has the part that it concerns: none in
            the bias for a formula without a bias.
    """
    expected, allowed = value_of(engine, trace, ref), tolerance(engine, trace, ref, digits)
    if is_right(answer, expected, allowed):
        return AnswerMark("right", None, (), message("Right."), expected, allowed)
    spread = allowed - half_unit(expected, digits)

    def matches(value: float, factor: float = 1.0) -> bool:
        """Return whether the answer may come from this wrong number, with as much rounding as a right answer."""
        scale = max(1.0, abs(value / expected)) if expected else 1.0
        slack = half_unit(value, digits) + factor * spread * scale
        return isfinite(value) and abs(answer - value) <= (1.0 + 1e-9) * slack  # binary rounding decides nothing

    wrong = wrong_answers(engine, trace, earlier_answers or {}, digits)
    wrong.pop(ref, None)
    for carries in (False, True):
        if wrong and matches(WrongPass(engine, trace, answers=wrong, carries=carries).value(ref)):
            source = _first_source(engine, trace, ref, wrong, carries=carries)
            text = message("This follows from the answer for {name}, which is wrong.", name=short_name(source, trace))
            return AnswerMark("follows", None, (), text, expected, allowed, source)
    values = wrong_values(engine, trace, ref, previous)
    if sees_numbers:
        explanation = explain(engine, trace, ref)
        values = tuple(each for each in values if each.scope == "here" or _is_in_formula(explanation, each.kind))
    found = _kinds([value for value in values if matches(value.value, 2.0 if value.scope == "carried" else 1.0)])
    if not found and wrong:
        found = _kinds([value for value in wrong_values(engine, trace, ref, previous, wrong) if matches(value.value)])
    short = correct_digits(answer, expected, digits)
    if short > 1:  # one digit may be right by chance
        return _too_few_digits(short, digits, expected, allowed, found)
    if not found:
        slip = plain_slip(engine, trace, ref, answer, digits, allowed, matches)
        if slip is None and short:
            return _too_few_digits(short, digits, expected, allowed, found)
        return AnswerMark("wrong", None, (), slip or message("No usual mistake gives this number."), expected, allowed)
    return AnswerMark("wrong", found[0], found[1:], MISTAKES[found[0]].text, expected, allowed)


def _too_few_digits(count: int, digits: int, expected: float, allowed: float, also: tuple[Kind, ...]) -> AnswerMark:
    """Return the mark of the right number with ``count`` digits; ``also`` are mistakes that happen to give it too."""
    text = message_plural(
        "This is right to {count} digit, but the answer needs {digits} significant digits.",
        "This is right to {count} digits, but the answer needs {digits} significant digits.",
        count,
        digits=digits,
    )
    return AnswerMark("wrong", None, also, text, expected, allowed, has_too_few_digits=True)


def _is_in_formula(explanation: Explanation, kind: Kind) -> bool:
    """Return whether the formula of a number shows the part that a mistake concerns."""
    return kind == "accumulated" or factor_path(explanation, MISTAKES[kind].factor) is not None


def is_right(answer: float, expected: float, allowed: float) -> bool:
    """Return whether an answer is as near to the right number as careful work leads."""
    if not isfinite(expected):
        return answer == expected or (answer != answer and expected != expected)
    return abs(answer - expected) <= allowed


def wrong_answers(engine: Engine, trace: Trace, answers: Mapping[Ref, float], digits: int) -> dict[Ref, float]:
    """Return the answers that are wrong by themselves, in the order in which a pass computes their numbers."""
    return {
        ref: answers[ref]
        for ref in sorted(answers, key=pass_order)
        if not is_right(answers[ref], value_of(engine, trace, ref), tolerance(engine, trace, ref, digits))
    }


def short_name(ref: Ref, trace: Trace) -> str:
    """Return the name of a number as people type it, with its sample if the batch has several."""
    return typed_name(ref, with_sample=trace.n > 1 and ref.quantity in BY_SAMPLE)


def _first_source(engine: Engine, trace: Trace, ref: Ref, wrong: Mapping[Ref, float], *, carries: bool) -> Ref:
    """Return the first wrong answer that changes the number at ``ref``."""
    right = value_of(engine, trace, ref)
    for source, answer in wrong.items():
        changed = WrongPass(engine, trace, answers={source: answer}, carries=carries).value(ref)
        if abs(changed - right) > 1e-9 * abs(right):
            return source
    return next(iter(wrong))


def _kinds(values: list[WrongValue]) -> tuple[Kind, ...]:
    """Return the mistakes that give these numbers, each once, in their order."""
    return tuple(dict.fromkeys(value.kind for value in values))
