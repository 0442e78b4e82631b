"""Activations as nodes of an ONNX graph, from their formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from math import pi, sqrt
from operator import add, mul

from nn_tui.core.export.onnx_graph import Graph, Value
from nn_tui.core.expression.equations import Cases, Equation, WithDefinition
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import Negative, Node, Num, Power, Product, Quotient, Sum, Symbol
from nn_tui.core.nn.activations import Activation
from nn_tui.core.nn.erf import LARGE_BOTTOM, LARGE_TOP, MIDDLE_BOTTOM, MIDDLE_TOP, SMALL_BOTTOM, SMALL_TOP

_Z = Symbol("z")
_SMALL = 1e-5  # below it, three terms of the series of ln(1 + u) have all digits
_OPERATORS = {
    "abs": "Abs",
    "cos": "Cos",
    "exp": "Exp",
    "floor": "Floor",
    "ln": "Log",
    "max": "Max",
    "sign": "Sign",
    "sqrt": "Sqrt",
    "tanh": "Tanh",
}


def activate(activation: Activation, z: Value) -> Value:
    """Return a = σ(z) of a layer.

    Args:
        activation: The activation.
        z: Its argument (rows, units).
    """
    if activation.slope is None:  # softmax, whose formula is about a whole row
        return z.graph.add("Softmax", z, axis=1)
    return _value(z.graph, activation.formula(_Z), {_Z: z})


def _value(graph: Graph, node: Node, known: Mapping[Node, Value]) -> Value:
    """Return the value of an expression, in which ``known`` has the values of symbols.

    Raises:
        NotImplementedError: The expression has a node or a function that no activation has had so far.
    """
    if node in known:
        return known[node]
    values = [_value(graph, child, known) for child in node.children] if _is_arithmetic(node) else []
    match node:
        case Num(value=float(number)):
            return graph.number(number)
        case Sum():
            return reduce(add, values)
        case Product():
            return reduce(mul, values)
        case Quotient():
            return values[0] / values[1]
        case Power():
            return values[0] ** values[1]
        case Negative():
            return -values[0]
        case Apply(function):
            return _apply(graph, function, values)
        case Cases(result, Equation((left, right), sign), otherwise):
            sides = _value(graph, left, known), _value(graph, right, known)
            condition = sides[0] > sides[1] if sign == ">" else sides[0] < sides[1]
            return graph.where(condition, _value(graph, result, known), _value(graph, otherwise, known))
        case WithDefinition(body, Equation((symbol, definition))):
            return _value(graph, body, {**known, symbol: _value(graph, definition, known)})
    raise NotImplementedError(node)


def _is_arithmetic(node: Node) -> bool:
    return isinstance(node, Sum | Product | Quotient | Power | Negative | Apply)


def _apply(graph: Graph, function: str, arguments: Sequence[Value]) -> Value:
    match function:
        case "expm1":
            return expm1(*arguments)
        case "log1p":
            return log1p(*arguments)
        case "normal_cdf":
            return 0.5 * (1.0 + erf(arguments[0] / sqrt(2.0)))
    if function not in _OPERATORS:
        raise NotImplementedError(function)
    return graph.add(_OPERATORS[function], *arguments)


def expm1(x: Value) -> Value:
    """Return e^x − 1 = tanh(x/2)·(e^x + 1), which keeps the digits near 0."""
    half, e = x.graph.add("Tanh", x / 2.0), x.graph.add("Exp", x)
    return half * (e + 1.0)


def log1p(u: Value) -> Value:
    """Return ln(1 + u) for u ≥ 0; for a small u the first terms of its series, which keep the digits."""
    series = u * (1.0 - u * (1.0 / 2.0 - u / 3.0))
    return u.graph.where(u < _SMALL, series, u.graph.add("Log", 1.0 + u))


def erf(x: Value) -> Value:
    """Return erf(x), as :func:`nn_tui.core.nn.erf.erf` computes it; the sign of x where it is rounded to ±1."""
    graph = x.graph
    size, sign, square = graph.add("Abs", x), graph.add("Sign", x), x * x
    small = x * _polynomial(SMALL_TOP, square) / _polynomial(SMALL_BOTTOM, square)
    tail = graph.add("Exp", -square)
    middle = sign * (1.0 - tail * _polynomial(MIDDLE_TOP, size) / _polynomial(MIDDLE_BOTTOM, size))
    inverse = 1.0 / square
    ratio = inverse * _polynomial(LARGE_TOP, inverse) / _polynomial(LARGE_BOTTOM, inverse)
    large = sign * (1.0 - tail * (1.0 / sqrt(pi) - ratio) / size)
    return graph.where(
        size > 6.0, sign, graph.where(size > 4.0, large, graph.where(size > 0.46875, middle, small))
    )  # the limits of the three approximations


def _polynomial(coefficients: Sequence[float], x: Value) -> Value:
    total = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        total = total * x + coefficient
    return total
