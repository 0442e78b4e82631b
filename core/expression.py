"""The shape of an explanation: words and numbers with their addresses, sums of products, and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from nn_tui.core.refs import Ref

SHOWN = 12  # terms written out; the rest are one number, so that the line still adds up


@dataclass(frozen=True, slots=True)
class Num:
    """A number in a formula, the address it was read from (None: computed here), and a label for its row."""

    value: float
    ref: Ref | None = None
    label: str = ""


Line = tuple["str | Num", ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A product of factors; an explanation's terms are added."""

    factors: tuple[Num, ...]

    @property
    def value(self) -> float:
        """The product."""
        return prod(factor.value for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where ``value`` at ``ref`` comes from: ``formula`` in symbols, ``lines`` with numbers.

    ``terms`` add up to ``value`` (empty where the operation is a function and not a sum). They are written out
    from line ``sum_from`` on, by :func:`sum_lines`.
    """

    ref: Ref
    formula: str
    lines: tuple[Line, ...]
    terms: tuple[Term, ...]
    value: float
    sum_from: int | None = None

    @property
    def addends(self) -> range:
        """The lines that hold a term each, or the rest of the terms: all but the last of the sum's."""
        return range(0) if self.sum_from is None else range(self.sum_from, len(self.lines) - 1)


def in_full(found: Explanation, most: int) -> Explanation:
    """The same with up to ``most`` terms of its sum written out."""
    if found.sum_from is None or len(found.terms) <= SHOWN:
        return found
    keep = found.ref.sample if found.addends else -1
    lines = sum_lines(found.ref.symbol, found.terms, found.value, keep, most)
    return replace(found, lines=(*found.lines[: found.sum_from], *lines))


def sum_lines(symbol: str, terms: Sequence[Term], value: float, keep: int = -1, most: int = SHOWN) -> tuple[Line, ...]:
    """The terms written out, one line each where they are labelled (samples), else one line for all.

    Of more than ``most`` terms the largest and term ``keep`` are written, in order, the rest as one number.
    """
    order = sorted(range(len(terms)), key=lambda index: (index != keep, -abs(terms[index].value)))
    shown = sorted(order[:most])
    rest = [terms[index].value for index in order[most:]]
    labelled = any(term.factors[0].label for term in terms)
    lines: list[Line] = []
    pieces: list[str | Num] = [f"{symbol} = "]
    for index in shown:
        term = terms[index]
        product: list[str | Num] = []
        for place, factor in enumerate(term.factors):
            product += [" × ", factor] if place else [factor]
        if labelled:
            lines.append(
                (f"{term.factors[0].label}: ", *product, *((" = ", Num(term.value)) if len(term.factors) > 1 else ()))
            )
        else:
            pieces += ([" + "] if len(pieces) > 1 else []) + product
    if rest:
        more = (f"{len(rest)} smaller terms together: ", Num(sum(rest)))
        if labelled:
            lines.append(more)
        else:
            pieces += [" + ", *more]
    if labelled:
        return (*lines, (f"{symbol} = sum = ", Num(value)))
    return ((*pieces, " = ", Num(value)),)
