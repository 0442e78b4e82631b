"""Short names for functions of one expression, and for an expression with a symbol of its own."""

from __future__ import annotations

from nn_tui.core.expression.equations import is_formula
from nn_tui.core.expression.nodes import Apply, Node, Num, Symbol


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
