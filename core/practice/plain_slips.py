"""What can be said about a wrong answer that no listed mistake gives: a sign, a term, a digit or the decimal point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import node_text
from nn_tui.core.expression.equations import to_symbols
from nn_tui.core.expression.explanation import Explanation, Term, written_numbers
from nn_tui.core.practice.rounding import answer_text, half_unit, round_to
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message

MAX_TERMS = 12  # of a longer sum, some term would match by chance
_SHIFTS = (-3, -2, -1, 1, 2, 3)  # places by which the decimal point may be moved
_CLOSE = 0.01


def plain_slip(
    engine: Engine,
    trace: Trace,
    ref: Ref,
    answer: float,
    digits: int,
    allowed: float,
    matches: Callable[[float], bool],
) -> Message | None:
    """Return what is wrong with an answer, in one sentence that does not tell the right number.

    It is None if this is unknown, or if the answer only has too few digits.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.
        answer: The wrong answer.
        digits: Its significant digits.
        allowed: How far from the right number a right answer may be.
        matches: Returns whether the answer may come from a wrong number, with the rounding of work by hand.
    """
    explanation = explain(engine, trace, ref)
    expected = explanation.value
    if expected is None or not isfinite(expected) or expected == 0.0:
        return None
    for value, text in _wrong_numbers(engine, trace, explanation, expected):
        # A number beside the right one explains nothing.
        if isfinite(value) and abs(value - expected) > 2.0 * allowed and matches(value):
            return text
    return None if correct_digits(answer, expected, digits) else _wrong_digits(answer, expected, digits)


def correct_digits(answer: float, expected: float, digits: int) -> int:
    """Return to how many digits, fewer than asked for, an answer is the right number; 0 if it is not."""
    if not isfinite(expected) or not expected:
        return 0
    return next((count for count in range(digits - 1, 0, -1) if answer == round_to(expected, count)), 0)


def _wrong_numbers(
    engine: Engine, trace: Trace, explanation: Explanation, expected: float
) -> Iterator[tuple[float, Message]]:
    """Yield the numbers that plain slips give, each with what was done."""
    yield -expected, message("It has the other sign.")
    yield from _of_terms(explanation, expected)
    if explanation.ref.quantity == "loss":
        yield from _of_outputs(trace)
    for _, number in written_numbers(explanation):
        if number.ref is not None and number.ref != explanation.ref and number.value:
            symbol = number.ref.symbol
            yield number.value, message("That is {symbol}, one of the numbers in the formula.", symbol=symbol)
    yield from _of_factors(trace, explanation, expected)
    if explanation.ref.quantity == "a":
        yield _activation_of_minus_z(engine, trace, explanation.ref), message("That is the activation of −z.")
    for shift in _SHIFTS:
        yield expected * 10.0**shift, message("The digits are right, but the decimal point is in the wrong place.")


def _of_factors(trace: Trace, explanation: Explanation, expected: float) -> Iterator[tuple[float, Message]]:
    """Yield a product without one of its factors, and δ times the weight in place of δ times the input."""
    ref = explanation.ref
    if ref.quantity == "dw" and trace.n == 1:
        value = trace.dz[ref.layer][0, ref.unit] * trace.before.weights[ref.layer][ref.indices]
        yield float(value), message("That is δ times the weight; it must be δ times the input of the weight.")
    lines: dict[int, dict[Ref, float]] = {}
    for path, number in written_numbers(explanation):
        if number.ref is not None and number.ref != ref and number.value:
            lines.setdefault(path[0], {})[number.ref] = number.value
    for factors in lines.values():
        if len(factors) > 1 and np.isclose(np.prod(list(factors.values())), expected, rtol=1e-9, atol=0.0):
            for factor, value in factors.items():
                yield expected / value, message("The factor {factor} was left out.", factor=factor.symbol)


def _of_terms(explanation: Explanation, expected: float) -> Iterator[tuple[float, Message]]:
    """Yield one term alone, the sum without it, and the sum with its other sign."""
    if not 2 <= len(explanation.terms) <= MAX_TERMS:
        return
    count = len(explanation.terms)
    named = [
        (term.node.value, _term_name(explanation.ref, term, number))
        for number, term in enumerate(explanation.terms, 1)
        if term.node.value
    ]
    for value, name in named:
        yield value, message("That is {term} alone, one of the {count} terms of the sum.", term=name, count=count)
    for value, name in named:
        yield expected - value, message("In the sum, {term} is missing.", term=name)
    for value, name in named:
        yield expected - 2.0 * value, message("In the sum, {term} has the other sign.", term=name)


def _term_name(ref: Ref, term: Term, number: int) -> Message | str:
    """Return a term in words or as symbols: of a batch its sample, of a loss its output."""
    if term.label is not None and term.sample is not None:
        return message("the term of sample {sample}", sample=term.sample + 1)
    if ref.quantity == "loss":
        return message("the term of output {output}", output=number)
    return node_text(to_symbols(term.node))


def _of_outputs(trace: Trace) -> Iterator[tuple[float, Message]]:
    """Yield the terms of the loss of a batch, each with the factor of the mean and without."""
    if trace.n == 1 or trace.terms.size > MAX_TERMS**2:
        return
    for (sample, output), term in np.ndenumerate(trace.terms):
        text = message(
            "That is the term of output {output} of sample {sample} alone.", output=output + 1, sample=sample + 1
        )
        yield float(term) * trace.scale, text
        yield float(term), text


def _activation_of_minus_z(engine: Engine, trace: Trace, ref: Ref) -> float:
    z = -trace.z[ref.layer]
    out = np.empty(z.shape)
    with np.errstate(all="ignore"):
        engine.activations[ref.layer].value(np.ascontiguousarray(z), out)
    return float(out[ref.sample, ref.unit])


def _wrong_digits(answer: float, expected: float, digits: int) -> Message | None:
    """Return what is wrong with the digits of an answer that is near the right number."""
    right, typed = (answer_text(value, digits) for value in (expected, answer))
    if _are_neighbours_exchanged(right, typed):
        return message("Two digits are exchanged.")
    is_cut = abs(answer) < abs(expected) and abs(expected - answer) < 2.0 * half_unit(expected, digits)
    if is_cut and answer == round_to(answer, digits):
        return message("The last digit was cut off; round it.")
    if abs(answer - expected) <= _CLOSE * abs(expected):
        return message("This is close, but not near enough: keep more digits, and round only at the end.")
    return None


def _are_neighbours_exchanged(right: str, typed: str) -> bool:
    """Return whether two texts differ only in two digits that stand side by side, each in the other's place."""
    places = [index for index, pair in enumerate(zip(right, typed, strict=False)) if pair[0] != pair[1]]
    if len(right) != len(typed) or len(places) != 2:
        return False
    first, last = places
    is_beside = right[first + 1 : last] in ("", ".")
    return is_beside and right[first] == typed[last] and right[last] == typed[first]
