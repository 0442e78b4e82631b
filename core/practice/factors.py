"""The part of a formula that a mistake concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nn_tui.core.expression.equations import written_nodes
from nn_tui.core.expression.explanation import BODY, Explanation
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import Derivative, Negative, Node, Num, Quotient, Symbol
from nn_tui.core.practice.mistakes import Factor


def factor_path(explanation: Explanation, factor: Factor) -> tuple[int, ...] | None:
    """Return the path of the first node that a mistake concerns, in the numbers or else in the formula.

    Args:
        explanation: The explanation of the number.
        factor: The factor of the mistake.

    Returns:
        A path for ``mark_explanation``; None if no single part of the formula shows the factor.
    """
    matches = _MATCHES.get(factor)
    if matches is None:
        return None
    lines = explanation.all_lines
    for index in (*range(1, len(lines)), 0):
        for path, node in written_nodes(lines[index].body, (index, BODY)):
            if matches(node):
                return path
    return None


def _is_number(*quantities: str) -> Callable[[Node], bool]:
    return lambda node: isinstance(node, Num) and node.ref is not None and node.ref.quantity in quantities


def _is_slope(node: Node) -> bool:
    if isinstance(node, Derivative):
        return node.top.letter == "a"
    return _is_number("slope")(node)


def _is_learning_rate(node: Node) -> bool:
    return isinstance(node, Num) and isinstance(node.symbol, Symbol) and node.symbol.letter == "η"


def _is_fraction(node: Node) -> bool:
    return isinstance(node, Quotient) and isinstance(node.top, Num) and isinstance(node.bottom, Num)


def _is_activation(node: Node) -> bool:
    return isinstance(node, Apply) or _is_number("a")(node)


_MATCHES: Mapping[Factor, Callable[[Node], bool]] = {
    "error": _is_number("y", "da"),
    "slope": _is_slope,
    "mean": _is_fraction,
    "b": _is_number("b"),
    "a": _is_activation,
    "w": _is_number("w"),
    "η": _is_learning_rate,
    "sign": lambda node: isinstance(node, Negative),
}
