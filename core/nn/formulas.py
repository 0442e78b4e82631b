"""The formulas of activations and losses, as expressions.

The formula of an activation is a function of z, that of its slope a function of z and of a = σ(z). Given symbols they
return a formula to read; given numbers, the computation, which knows its value.
"""

from __future__ import annotations

from nn_tui.core.expression.equations import Cases, Equation, Where
from nn_tui.core.expression.nodes import (
    Apply,
    Node,
    SumOver,
    Symbol,
    Words,
    absolute,
    as_node,
    exp,
    literal,
    ln,
    sqrt,
)
from nn_tui.core.translation import message

HALF = Symbol("½", 0.5)
PI = Symbol("π", 3.141592653589793)
A, D, Y, Z = (Symbol(letter) for letter in "adyz")
A_K, Y_K, Z_K = (Symbol(f"{letter}ₖ") for letter in "ayz")


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
    return _if_positive(z, z, exp(z) - 1)


def elu_slope(z: Node, a: Node) -> Node:
    """The slope 1 if z > 0, else e^z."""
    return _if_positive(z, 1, exp(z))


def _normal_cdf(z: Node) -> Node:
    return HALF * (1 + Apply("erf", (z / sqrt(literal(2.0)),)))


def _normal_density(z: Node) -> Node:
    return exp(-HALF * z**2) / sqrt(2 * PI)


def gelu(z: Node) -> Node:
    """The formula z·Φ(z)."""
    return z * Apply("Φ", (z,), _normal_cdf)


def gelu_slope(z: Node, a: Node) -> Node:
    """The slope Φ(z) + z·φ(z)."""
    return Apply("Φ", (z,), _normal_cdf) + z * Apply("φ", (z,), _normal_density)


def _sigmoid_as_s(z: Node) -> Apply:
    return Apply("s", (), lambda: sigmoid(z))


def silu(z: Node) -> Node:
    """The formula z·s, s = 1 / (1 + e^−z)."""
    s = _sigmoid_as_s(z)
    return Where(z * s, Equation((s, sigmoid(z))))


def silu_slope(z: Node, a: Node) -> Node:
    """The slope s·(1 + z·(1 − s))."""
    s = _sigmoid_as_s(z)
    return s * (1 + z * (1 - s))


def mish(z: Node) -> Node:
    """The formula z·t, t = tanh(ln(1 + e^z))."""
    t = _mish_factor(z)
    return Where(z * t, Equation((t, tanh(softplus(z)))))


def mish_slope(z: Node, a: Node) -> Node:
    """The slope t + z·(1 − t²) / (1 + e^−z)."""
    t = _mish_factor(z)
    return t + z * (1 - t**2) / (1 + exp(-z))


def _mish_factor(z: Node) -> Apply:
    return Apply("t", (), lambda: tanh(softplus(z)))


def softplus(z: Node) -> Node:
    """The formula ln(1 + e^z)."""
    return ln(1 + exp(z))


def softplus_slope(z: Node, a: Node) -> Node:
    """The slope 1 / (1 + e^−z)."""
    return sigmoid(z)


def softmax(z: Node) -> Node:
    """The formula e^zᵢ / Σₖ e^zₖ."""
    return exp(Symbol("zᵢ")) / SumOver("k", exp(Z_K))


def softmax_slope(z: Node, a: Node) -> Node:
    """The Jacobian aᵢ·(1[i=k] − aₖ)."""
    return Symbol("aᵢ") * (Symbol("1[i=k]") - A_K)


HALF_SQUARED_ERROR = HALF * SumOver("k", (A_K - Y_K) ** 2)
SQUARED_ERROR = SumOver("k", (A_K - Y_K) ** 2)
ABSOLUTE_ERROR = SumOver("k", absolute(A_K - Y_K))
HUBER = Where(
    SumOver("k", Cases(HALF * D**2, Equation((absolute(D), literal(1.0)), "<"), absolute(D) - HALF)),
    Equation((D, A_K - Y_K)),
)
HUBER_GRADIENT = Words(message("d clipped to ±1"))
BINARY_CROSS_ENTROPY = -SumOver("k", Y_K * ln(A_K) + (1 - Y_K) * ln(1 - A_K))
CROSS_ENTROPY = -SumOver("k", Y_K * ln(A_K))
PERCEPTRON = SumOver("k", (Apply("step", (Z_K,)) - Y_K) * Z_K)
