"""Short names for functions of one expression, and for an expression with a symbol of its own."""

from __future__ import annotations

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


def intermediate(symbol: str, body: Node) -> Num:
    """Return the value of an expression as a number with a symbol of its own, such as Adam's m̂."""
    return Num(body.value, symbol=Symbol(symbol))
