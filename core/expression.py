"""The parts of an explanation: numbers with their addresses, terms of a sum, and lines of words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from nn_tui.core.refs import Ref

MAX_TERMS = 12  # terms of a sum that are written out; the rest are joined to one number


@dataclass(frozen=True, slots=True)
class Num:
    """A number in a formula.

    Attributes:
        value: The number.
        ref: The address from which it was read; None if it was computed for the explanation.
        label: A name for the line of its term, such as ``sample 2``.
    """

    value: float
    ref: Ref | None = None
    label: str = ""


Line = tuple["str | Num", ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A product of factors; the terms of an explanation are added."""

    factors: tuple[Num, ...]

    @property
    def value(self) -> float:
        """The product."""
        return prod(factor.value for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The computation of one number.

    Attributes:
        ref: The address of the number.
        formula: The computation in symbols.
        lines: The computation with the numbers of this pass.
        terms: Terms that add up to ``value``; empty if the operation is not a sum.
        value: The number.
        sum_from: The index of the first line that :func:`sum_lines` wrote; None if no line is written so.
    """

    ref: Ref
    formula: str
    lines: tuple[Line, ...]
    terms: tuple[Term, ...]
    value: float
    sum_from: int | None = None

    @property
    def addends(self) -> range:
        """The indices of the lines that contain one term each, or the remaining terms as one number."""
        return range(0) if self.sum_from is None else range(self.sum_from, len(self.lines) - 1)


def expand_sum(explanation: Explanation, max_terms: int) -> Explanation:
    """Return the explanation with up to ``max_terms`` terms of its sum written out."""
    if explanation.sum_from is None or len(explanation.terms) <= MAX_TERMS:
        return explanation
    required = explanation.ref.sample if explanation.addends else -1
    lines = sum_lines(explanation.ref.symbol, explanation.terms, explanation.value, required, max_terms)
    return replace(explanation, lines=(*explanation.lines[: explanation.sum_from], *lines))


def sum_lines(
    symbol: str, terms: Sequence[Term], value: float, required: int = -1, max_terms: int = MAX_TERMS
) -> tuple[Line, ...]:
    """Write a sum: one line per term and one for the total if the terms have labels, otherwise a single line.

    Args:
        symbol: The symbol of the sum.
        terms: The terms.
        value: The sum.
        required: The index of a term that is written out even if it is small; -1 for none.
        max_terms: The number of terms to write out: the largest, in their order. The others are added to one number.
    """
    order = sorted(range(len(terms)), key=lambda index: (index != required, -abs(terms[index].value)))
    shown = sorted(order[:max_terms])
    rest = [terms[index].value for index in order[max_terms:]]
    labelled = any(term.factors[0].label for term in terms)
    lines: list[Line] = []
    pieces: list[str | Num] = [f"{symbol} = "]
    for index in shown:
        term = terms[index]
        product: list[str | Num] = []
        for position, factor in enumerate(term.factors):
            product += [" × ", factor] if position else [factor]
        if labelled:
            result = (" = ", Num(term.value)) if len(term.factors) > 1 else ()
            lines.append((f"{term.factors[0].label}: ", *product, *result))
        else:
            pieces += ([" + "] if len(pieces) > 1 else []) + product
    if rest:
        rest_line = (f"{len(rest)} smaller terms together: ", Num(sum(rest)))
        if labelled:
            lines.append(rest_line)
        else:
            pieces += [" + ", *rest_line]
    if labelled:
        return (*lines, (f"{symbol} = sum = ", Num(value)))
    return ((*pieces, " = ", Num(value)),)
