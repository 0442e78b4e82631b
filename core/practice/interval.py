"""Intervals of numbers, and the interval in which the value of an expression lies if its numbers are rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np

from nn_tui.core.expression.equations import Cases, Marked, WithDefinition
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import Negative, Node, Num, Power, Product, Quotient, Sum, Symbol
from nn_tui.core.practice.rounding import half_unit, is_printed_exactly

POINTS = 3  # where a function of an interval is evaluated: at its ends and in its middle


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``low`` to ``high``."""

    low: float
    high: float

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        return hull(x * y for x, y in product((self.low, self.high), (other.low, other.high)))

    def reciprocal(self) -> Interval:
        """Return 1 divided by each number; all numbers if 0 is among them."""
        if self.low <= 0.0 <= self.high:
            return Interval(-inf, inf)
        return Interval(1.0 / self.high, 1.0 / self.low)

    def widen(self, by: float) -> Interval:
        """Return the interval with ``by`` more at both ends."""
        return Interval(self.low - by, self.high + by)

    def round_to(self, digits: int) -> Interval:
        """Return the interval in which the numbers lie after rounding them to significant digits."""
        if self.low == self.high:
            return printed_interval(self.low, digits)
        return Interval(self.low - half_unit(self.low, digits), self.high + half_unit(self.high, digits))

    def union(self, other: Interval) -> Interval:
        """Return the smallest interval that contains both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def distance_to(self, value: float) -> float:
        """Return the largest distance of a number of the interval to ``value``."""
        return max(self.high - value, value - self.low, 0.0)


def point(value: float) -> Interval:
    """Return the interval of one number."""
    return Interval(value, value)


def hull(values: Iterable[float]) -> Interval:
    """Return the smallest interval with these numbers; a 0 · ∞ among them makes it infinite."""
    numbers = np.fromiter(values, float)
    if np.isnan(numbers).any():
        return Interval(-inf, inf)
    return Interval(float(numbers.min()), float(numbers.max()))


def printed_interval(value: float, digits: int) -> Interval:
    """Return the numbers that are printed like this one with so many significant digits."""
    return point(value) if is_printed_exactly(value, digits) else point(value).widen(half_unit(value, digits))


def function_interval(function: Callable[..., Node], *arguments: Interval) -> Interval:
    """Return the interval of a formula for numbers of these intervals.

    The formula is evaluated at the ends and in the middle of each, which is exact where it goes up or down throughout.
    """
    places = [{*np.linspace(each.low, each.high, POINTS).tolist()} for each in arguments]
    with np.errstate(all="ignore"):
        values = [function(*map(Num, numbers)).value for numbers in product(*places)]
    return hull(inf if value is None else value for value in values)


def node_interval(node: Node, digits: int, known: Mapping[str, Interval] | None = None) -> Interval:
    """Return the interval of an expression whose numbers are printed with so many significant digits.

    Args:
        node: An expression with a value.
        digits: The significant digits.
        known: The intervals of intermediate results, by the letter of their symbol with its marks.
    """

    def of(part: Node) -> Interval:
        return node_interval(part, digits, known)

    match node:
        case Num(value=value, symbol=symbol) if value is not None:
            if isinstance(symbol, Symbol) and known and (found := known.get(symbol_name(symbol))) is not None:
                return found
            return point(value) if node.is_exact else printed_interval(value, digits)
        case Symbol(value=value) if value is not None:
            return point(value)
        case Sum(terms):
            total = point(0.0)
            for term in terms:
                total += of(term)
            return total
        case Product(factors):
            result = point(1.0)
            for factor in factors:
                result *= of(factor)
            return result
        case Quotient(top, bottom):
            return of(top) * of(bottom).reciprocal()
        case Negative(operand):
            return -of(operand)
        case Power(base, exponent):
            return function_interval(lambda x, y: x**y, of(base), of(exponent))
        case Apply(function, arguments, definition):
            return function_interval(lambda *x: Apply(function, x, definition), *map(of, arguments))
        case Marked():
            return of(node.node)
        case WithDefinition():
            return of(node.body)
        case Cases():
            holds = node.condition_holds
            return of(node.result if holds else node.otherwise)
    raise TypeError(f"{type(node).__name__} has no interval")


def symbol_name(symbol: Symbol) -> str:
    """Return a name of a symbol that tells v from v′ and v̂."""
    return f"{symbol.letter}{symbol.subscript}{'′' * symbol.is_primed}{'^' * symbol.has_hat}"
