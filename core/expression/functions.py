"""Functions in expressions, with short names for those of one argument, and an expression with its own symbol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nn_tui.core.expression.equations import is_formula
from nn_tui.core.expression.functions_by_name import FUNCTIONS, compute
from nn_tui.core.expression.nodes import Node, Num, Symbol, values_of


@dataclass(frozen=True, slots=True)
class Apply(Node):
    """A function of its arguments.

    Attributes:
        function: Its name, such as ``"sqrt"`` or ``"sigmoid"``.
        arguments: The arguments.
        definition: Returns the same as an expression of the arguments, for a function that is not in ``FUNCTIONS``.
    """

    function: str
    arguments: tuple[Node, ...]
    definition: Callable[..., Node] | None = None

    @property
    def value(self) -> float | None:
        """The function's value; None if neither a definition nor ``FUNCTIONS`` has it."""
        if self.definition is not None:
            return self.definition(*self.arguments).value
        function = FUNCTIONS.get(self.function)
        return None if function is None else compute(function, values_of(self.arguments))


def sqrt(node: Node) -> Apply:
    """Return the square root of a node."""
    return Apply("sqrt", (node,))


def exp(node: Node) -> Apply:
    """Return e to the power of a node."""
    return Apply("exp", (node,))


def expm1(node: Node) -> Apply:
    """Return e to the power of a node, minus 1; it is written so, and it keeps the digits of a node near 0."""
    return Apply("expm1", (node,))


def log1p(node: Node) -> Apply:
    """Return the logarithm of 1 plus a node; it is written so, and it keeps the digits of a node near 0."""
    return Apply("log1p", (node,))


def ln(node: Node) -> Apply:
    """Return the natural logarithm of a node."""
    return Apply("ln", (node,))


def absolute(node: Node) -> Apply:
    """Return the absolute value of a node."""
    return Apply("abs", (node,))


def floor(node: Node) -> Apply:
    """Return the largest whole number that is not above a node."""
    return Apply("floor", (node,))


def cosine(node: Node) -> Apply:
    """Return the cosine of a node."""
    return Apply("cos", (node,))


def intermediate(symbol: Symbol, body: Node) -> Node:
    """Return an expression under a symbol of its own, such as the d of the Huber loss: a number if it is one."""
    return symbol if is_formula(body) else Num(body.value, symbol=symbol)
