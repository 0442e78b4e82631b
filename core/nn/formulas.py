"""The formulas of activations, losses and the penalty, as expressions.

The formula of an activation is a function of z, that of its slope a function of z and of a = σ(z). The formula of one
output's term of the loss, and of its derivative, is a function of the target y and of the prediction ŷ, the a of the
last layer; for the perceptron, of y and z. Given symbols these functions return a formula to read; given numbers, the
computation, which knows its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from nn_tui.core.expression.equations import Cases, Equation, WithDefinition, to_symbols
from nn_tui.core.expression.functions import Apply, absolute, exp, expm1, intermediate, ln, log1p
from nn_tui.core.expression.nodes import (
    Node,
    Num,
    Product,
    Quotient,
    Sum,
    SumOver,
    Symbol,
    as_node,
    literal,
    values_of,
)
from nn_tui.core.nn.constants import SOFTPLUS_THRESHOLD
from nn_tui.core.nn.symbols import HALF, symbol

A_K, Z_K = symbol("aₖ"), symbol("zₖ")


def _if_positive(z: Node, result: Node | float, otherwise: Node | float) -> Cases:
    return Cases(as_node(result), Equation((z, literal(0.0)), ">"), as_node(otherwise))


def identity(z: Node) -> Node:
    """The formula z."""
    return z


def identity_slope(z: Node, a: Node) -> Node:
    """The slope 1."""
    return literal(1.0)


def sigmoid(z: Node) -> Node:
    """The formula 1 / (1 + e^−z)."""
    return 1 / (1 + exp(-z))


def sigmoid_slope(z: Node, a: Node) -> Node:
    """The slope a·(1 − a)."""
    return a * (1 - a)


def tanh(z: Node) -> Node:
    """The formula tanh(z)."""
    return Apply("tanh", (z,))


def tanh_slope(z: Node, a: Node) -> Node:
    """The slope 1 − a²."""
    return 1 - a**2


def relu(z: Node) -> Node:
    """The formula max(0, z)."""
    return Apply("max", (literal(0.0), z))


def relu_slope(z: Node, a: Node) -> Node:
    """The slope 1 if z > 0, else 0."""
    return _if_positive(z, 1, 0)


def leaky_relu(z: Node) -> Node:
    """The formula max(0.01·z, z)."""
    return Apply("max", (0.01 * z, z))


def leaky_relu_slope(z: Node, a: Node) -> Node:
    """The slope 1 if z > 0, else 0.01."""
    return _if_positive(z, 1, 0.01)


def elu(z: Node) -> Node:
    """The formula z if z > 0, else e^z − 1."""
    return _if_positive(z, z, expm1(z))


def elu_slope(z: Node, a: Node) -> Node:
    """The slope 1 if z > 0, else e^z."""
    return _if_positive(z, 1, exp(z))


def gelu(z: Node) -> Node:
    """The formula z·Φ(z)."""
    return z * Apply("normal_cdf", (z,))


def gelu_slope(z: Node, a: Node) -> Node:
    """The slope Φ(z) + z·φ(z)."""
    return Apply("normal_cdf", (z,)) + z * Apply("normal_density", (z,))


def silu(z: Node) -> Node:
    """The formula z·s, s = 1 / (1 + e^−z)."""
    s = intermediate(Symbol("s"), sigmoid(z))
    return WithDefinition(z * s, Equation((s, sigmoid(z))))


def silu_slope(z: Node, a: Node) -> Node:
    """The slope s·(1 + z·(1 − s))."""
    s = intermediate(Symbol("s"), sigmoid(z))
    return s * (1 + z * (1 - s))


def mish(z: Node) -> Node:
    """The formula z·t, t = tanh(ln(1 + e^z))."""
    t = intermediate(Symbol("t"), tanh(log1p(exp(z))))
    return WithDefinition(z * t, Equation((t, tanh(log1p(exp(z))))))


def mish_slope(z: Node, a: Node) -> Node:
    """The slope t + z·(1 − t²) / (1 + e^−z)."""
    t = intermediate(Symbol("t"), tanh(log1p(exp(z))))
    return t + z * (1 - t**2) / (1 + exp(-z))


def softplus(z: Node) -> Node:
    """The formula z if z > 20, else ln(1 + e^z)."""
    return Cases(z, _above_threshold(z), log1p(exp(z)))


def softplus_slope(z: Node, a: Node) -> Node:
    """The slope 1 if z > 20, else 1 / (1 + e^−z)."""
    return Cases(literal(1.0), _above_threshold(z), sigmoid(z))


def _above_threshold(z: Node) -> Equation:
    return Equation((z, literal(SOFTPLUS_THRESHOLD)), ">")


def softmax(z: Node) -> Node:
    """The formula e^zᵢ / Σₖ e^zₖ."""
    return exp(symbol("zᵢ")) / SumOver("k", exp(Z_K))


def softmax_of_logits(logits: Sequence[Node], unit: int) -> Quotient:
    """The same, e^(zᵢ − z_max) / Σₖ e^(zₖ − z_max), with each z of the row."""
    largest = largest_logit(logits)
    exponentials = [exp(z - largest) for z in logits]
    return exponentials[unit] / Sum(tuple(exponentials))


def largest_logit(logits: Sequence[Node]) -> Num:
    """Return z_max, the largest z of the row."""
    values = values_of(logits)
    return Num(None if values is None else float(np.max(values)), symbol=symbol("z_max"))


def softmax_slope(z: Node, a: Node) -> Node:
    """The Jacobian aᵢ·(1[i=k] − aₖ)."""
    return jacobian_entry(symbol("aᵢ"), Symbol("1", indices=("i=k",)), A_K)


def jacobian_entry(a_i: Node, indicator: Node, a_k: Node) -> Product:
    """An entry of the Jacobian of softmax, aᵢ·(1[i=k] − aₖ); ``indicator`` is 1[i=k]."""
    return a_i * (indicator - a_k)


def half_squared_error(y_hat: Node, y: Node) -> Node:
    """The term ½·(ŷ − y)²."""
    return HALF * (y_hat - y) ** 2


def half_squared_error_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative ŷ − y."""
    return y_hat - y


def mean_squared_error(y_hat: Node, y: Node) -> Node:
    """The term (ŷ − y)²."""
    return (y_hat - y) ** 2


def mean_squared_error_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative 2·(ŷ − y)."""
    return 2 * (y_hat - y)


def mean_absolute_error(y_hat: Node, y: Node) -> Node:
    """The term |ŷ − y|."""
    return absolute(y_hat - y)


def mean_absolute_error_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative sign(ŷ − y)."""
    return Apply("sign", (y_hat - y,))


def huber(y_hat: Node, y: Node) -> Node:
    """The term ½·d² if |d| < 1, else |d| − ½, where d = ŷ − y."""
    d = intermediate(Symbol("d"), y_hat - y)
    condition = Equation((absolute(d), literal(1.0)), "<")
    return WithDefinition(Cases(HALF * d**2, condition, absolute(d) - HALF), Equation((Symbol("d"), y_hat - y)))


def huber_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative clip(ŷ − y, −1, 1)."""
    return Apply("clip", (y_hat - y, -literal(1.0), literal(1.0)))


def binary_cross_entropy(y_hat: Node, y: Node) -> Node:
    """The term −(y·ln(ŷ) + (1 − y)·ln(1 − ŷ))."""
    return -(_weighted(y, ln(y_hat)) + _weighted(1 - y, ln(1 - y_hat)))


def binary_cross_entropy_of_logits(logits: Sequence[Node], unit: int, y: Node) -> Node:
    """The same term, max(z, 0) − z·y + ln(1 + e^−|z|)."""
    z = logits[unit]
    return Apply("max", (z, literal(0.0))) - z * y + log1p(exp(-absolute(z)))


def binary_cross_entropy_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative (1 − y) / (1 − ŷ) − y / ŷ."""
    return _ratio(1 - y, 1 - y_hat) - _ratio(y, y_hat)


def cross_entropy(y_hat: Node, y: Node) -> Node:
    """The term −y·ln(ŷ)."""
    return -_weighted(y, ln(y_hat))


def cross_entropy_of_logits(logits: Sequence[Node], unit: int, y: Node) -> Node:
    """The same term, −y·(zᵢ − z_max − ln Σₖ e^(zₖ − z_max))."""
    largest = largest_logit(logits)
    total = Sum(tuple(exp(z - largest) for z in logits))
    return -(y * (logits[unit] - largest - ln(total)))


def cross_entropy_gradient(y_hat: Node, y: Node) -> Node:
    """The derivative −y / ŷ."""
    return -_ratio(y, y_hat)


def perceptron(z: Node, y: Node) -> Node:
    """The term (step(z) − y)·z."""
    return perceptron_gradient(z, y) * z


def perceptron_gradient(z: Node, y: Node) -> Node:
    """The derivative step(z) − y."""
    return Apply("step", (z,)) - y


def _weighted(weight: Node, logarithm: Node) -> Node:
    """Return a product that is 0 if its weight is 0, also where the logarithm is infinite."""
    return _finite_if_zero(weight, weight * logarithm)


def _ratio(top: Node, bottom: Node) -> Node:
    """Return a quotient that is 0 if its top is 0, also where its bottom is 0."""
    return _finite_if_zero(top, top / bottom)


def _finite_if_zero(factor: Node, result: Node) -> Node:
    """Return the result, or 0 if the factor is 0 and the result is not a finite number."""
    is_lost = factor.value == 0.0 and result.value is not None and not isfinite(result.value)
    return literal(0.0) if is_lost else result


def penalty(magnitudes: Node, squares: Node, l1: float, l2: float) -> Node:
    """The penalty l1·Σ|w| + ½·l2·Σw², without the parts whose factor is 0."""
    parts = [literal(l1, Symbol("l1")) * magnitudes] if l1 else []
    if l2:
        parts.append(literal(0.5, HALF) * literal(l2, Symbol("l2")) * squares)
    return parts[0] if len(parts) == 1 else Sum(tuple(parts))


def penalty_gradient(w: Node, l1: float, l2: float) -> tuple[Node, ...]:
    """The parts of the derivative of the penalty, l1·sign(w) and l2·w, whose factor is not 0."""
    l1_part = literal(l1, Symbol("l1")) * Apply("sign", (w,))
    l2_part = literal(l2, Symbol("l2")) * w
    return (*((l1_part,) if l1 else ()), *((l2_part,) if l2 else ()))


MAGNITUDES, SQUARES = SumOver("", absolute(Symbol("w"))), SumOver("", Symbol("w") ** 2)
PENALTY = to_symbols(penalty(MAGNITUDES, SQUARES, 1.0, 1.0))
