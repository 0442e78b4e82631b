"""The rules of brackets: from the order of operations, and around a negative number after an operator."""

from __future__ import annotations

from nn_tui.core.expression.equations import Cases, Marked
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import Negative, Node, Num, Power, Product, Quotient, Sum, SumOver

SUM, PRODUCT, POWER, ATOM = range(4)  # what binds tighter has a higher level


def needs_brackets(node: Node, level: int, may_start_with_minus: bool) -> bool:
    """Return whether a node needs brackets of its own.

    Args:
        node: The node. A highlight, and words in place of a number, decide about their own content.
        level: How tight the node must bind to stand without brackets: ``SUM``, ``PRODUCT``, ``POWER`` or ``ATOM``.
        may_start_with_minus: Whether a minus at the start needs no brackets, because it begins an expression.
    """
    match node:
        case Num(value=float(value)):
            return value < 0 and (level >= POWER or not may_start_with_minus)
        case Sum() | Cases():
            return level > SUM
        case Negative():
            return level > SUM and not (may_start_with_minus and level == PRODUCT)
        case Product() | Quotient() | SumOver():
            return level > PRODUCT
        case Power() | Apply(function="exp" | "sqrt"):
            return level > POWER
        case Apply(function="expm1"):
            return level > SUM
    return False


def factor_level(factor: Node, index: int, count: int) -> int:
    """Return how tight a factor of a product must bind.

    Args:
        factor: The factor.
        index: Its place in the product, from 0.
        count: The number of factors.
    """
    inner = without_highlight(factor)
    binds_loosely = isinstance(inner, Quotient | Product) and index > 0 and not is_fraction(inner)
    is_open = isinstance(inner, SumOver) and index < count - 1
    return POWER if binds_loosely or is_open else PRODUCT


def without_highlight(node: Node) -> Node:
    """Return the node inside of its highlights."""
    while isinstance(node, Marked) and node.mark == "highlight":
        node = node.node
    return node


def is_fraction(node: Node) -> bool:
    """Return whether a node is a fraction of two constants, such as 1/4."""
    return isinstance(node, Quotient) and all(isinstance(part, Num) and part.is_exact for part in node.children)
