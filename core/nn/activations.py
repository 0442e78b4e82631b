"""Activation functions: a = σ(z), the slope σ′(z), and properties such as bounds and kinks.

Every function works on one layer and one batch. Its arrays have the shape (batch, units), or (networks, batch, units)
for networks side by side, and it writes the result to the last argument, ``out``, which must not overlap the others.
(NumPy's own functions take the output array in the same place: ``multiply(a, b, out)`` writes a·b to ``out``.)

Definitions and constants are those of PyTorch. Numbers that overflow give infinities or NaN, as float64 does: call the
functions under ``np.errstate(all="ignore")`` where that may happen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import (
    add,
    copyto,
    divide,
    exp,
    expm1,
    logaddexp,
    maximum,
    minimum,
    multiply,
    negative,
    reciprocal,
    sqrt,
    subtract,
)

from nn_tui.core.expression.nodes import Node
from nn_tui.core.nn import formulas
from nn_tui.core.nn.constants import HALF, ONE, SOFTPLUS_THRESHOLD, ZERO, constant, ones
from nn_tui.core.nn.erf import erf
from nn_tui.core.spec import Array

LEAKY_RELU_SLOPE = constant(0.01)  # negative_slope of torch.nn.LeakyReLU
SQRT_2 = sqrt(2.0)
SQRT_2_PI = sqrt(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function.

    Attributes:
        name: The name in presets and on the screen.
        value: ``value(z, out)`` writes σ(z).
        slope: ``slope(z, a, out)`` writes σ′(z); ``a`` is σ(z), which many slopes are written in. None for softmax,
            which has a Jacobian instead: see :func:`softmax_backward`.
        formula: The expression of σ for an expression of z.
        slope_formula: The expression of σ′ for those of z and a.
        kinks: The values of z where the slope jumps.
        low: The lower bound of a; None if there is none.
        high: The upper bound of a; None if there is none.
        saturates_at: The limits of a for z → ±∞ as texts, if both are finite; else empty.
        max_slope: The largest slope of a function that saturates.
        is_increasing: Whether the slope is nowhere negative.
        is_dead_at_zero: Whether a unit whose output is 0 for every row gets no gradient.
        is_probability: Whether a is read as a probability.
    """

    name: str
    value: Callable[[Array, Array], None]
    slope: Callable[[Array, Array, Array], None] | None
    formula: Callable[[Node], Node]
    slope_formula: Callable[[Node, Node], Node]
    kinks: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    saturates_at: tuple[str, ...] = ()
    max_slope: float = 1.0
    is_increasing: bool = True
    is_dead_at_zero: bool = False
    is_probability: bool = False


def identity(z: Array, out: Array) -> None:
    """a = z."""
    copyto(out, z)


def identity_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1."""
    out.fill(1.0)


def sigmoid(z: Array, out: Array) -> None:
    """a = 1 / (1 + e^−z). Where e^−z overflows to infinity, a is 0, which is right."""
    negative(z, out)
    exp(out, out)
    add(out, ONE, out)
    reciprocal(out, out)


def sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = a·(1 − a)."""
    subtract(ONE, a, out)
    multiply(out, a, out)


def tanh(z: Array, out: Array) -> None:
    """a = tanh z."""
    np.tanh(z, out)


def tanh_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1 − a²."""
    multiply(a, a, out)
    subtract(ONE, out, out)


def relu(z: Array, out: Array) -> None:
    """a = max(0, z). The maximum of two arrays is faster than that of an array and one number."""
    out.fill(0.0)
    maximum(z, out, out=out)


def relu_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1 if z > 0, else 0."""
    np.greater(z, ZERO, out)


def leaky_relu(z: Array, out: Array) -> None:
    """a = max(0.01·z, z): the first is larger where z < 0, the second where z > 0."""
    multiply(z, LEAKY_RELU_SLOPE, out)
    maximum(z, out, out=out)


def leaky_relu_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1 if z > 0, else 0.01."""
    np.greater(z, ZERO, out)
    maximum(out, LEAKY_RELU_SLOPE, out=out)


def elu(z: Array, out: Array) -> None:
    """a = z if z > 0, else e^z − 1 (``alpha`` of torch.nn.ELU is 1)."""
    minimum(z, ZERO, out=out)
    expm1(out, out)
    copyto(out, z, where=z > ZERO)


def elu_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1 if z > 0, else e^z."""
    minimum(z, ZERO, out=out)
    exp(out, out)


def gelu(z: Array, out: Array) -> None:
    """a = z·Φ(z), where Φ(z) = ½·(1 + erf(z/√2)) is the distribution function of the standard normal distribution."""
    normal_cdf = HALF * (ONE + erf(z / SQRT_2))
    multiply(z, normal_cdf, out)


def gelu_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = Φ(z) + z·φ(z), where φ(z) = e^(−z²/2) / √(2π) is the density of the standard normal distribution."""
    normal_cdf = HALF * (ONE + erf(z / SQRT_2))
    density = exp(-HALF * z * z) / SQRT_2_PI
    add(normal_cdf, z * density, out)


def silu(z: Array, out: Array) -> None:
    """a = z·s, where s = 1 / (1 + e^−z)."""
    sigmoid(z, out)
    multiply(z, out, out)


def silu_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = s·(1 + z·(1 − s)), where s = 1 / (1 + e^−z)."""
    sigmoid(z, out)
    multiply(out, ONE + z * (ONE - out), out)


def mish(z: Array, out: Array) -> None:
    """a = z·t, where t = tanh(ln(1 + e^z)). Misra (2019), "Mish: A Self Regularized Non-Monotonic Activation"."""
    np.logaddexp(z, ZERO, out)
    np.tanh(out, out)
    multiply(z, out, out)


def mish_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = t + z·(1 − t²)·s, where s = 1 / (1 + e^−z) is the slope of ln(1 + e^z)."""
    t = np.tanh(np.logaddexp(z, ZERO))
    sigmoid(z, out)
    multiply(z * (ONE - t * t), out, out)
    add(t, out, out)


def softplus(z: Array, out: Array) -> None:
    """a = ln(1 + e^z); z itself above the threshold."""
    logaddexp(z, ZERO, out)
    copyto(out, z, where=z > SOFTPLUS_THRESHOLD)


def softplus_slope(z: Array, a: Array, out: Array) -> None:
    """σ′(z) = 1 / (1 + e^−z); 1 above the threshold."""
    sigmoid(z, out)
    copyto(out, ONE, where=z > SOFTPLUS_THRESHOLD)


def softmax(z: Array, out: Array) -> None:
    """aᵢ = e^zᵢ / Σₖ e^zₖ for each row.

    The largest z of the row is subtracted first. That changes nothing but keeps e^z from overflowing.
    """
    z_t, out_t = z.T, out.T  # (units, batch), or (units, batch, networks)
    subtract(z_t, maximum.reduce(z_t), out_t)
    exp(out_t, out_t)
    divide(out_t, _sum_over_units(out), out_t)


def _sum_over_units(a: Array) -> Array:
    """Return the sum of each row, (batch,) or (batch, networks)."""
    vector = ones(a.shape[-1])
    sums: Array = vector.dot(a.T) if a.ndim == 2 else np.matmul(vector, a.mT).T
    return sums


def softmax_backward(a: Array, da: Array, out: Array) -> None:
    """δᵢ = aᵢ·(daᵢ − Σₖ aₖ·daₖ) for each row: the product of ∂L/∂a with the Jacobian of softmax."""
    multiply(a, da, out)
    subtract(da, add.reduce(out, axis=-1, keepdims=True), out)
    multiply(out, a, out)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, identity_slope, formulas.identity, formulas.identity_slope),
        Activation(
            "sigmoid",
            sigmoid,
            sigmoid_slope,
            formulas.sigmoid,
            formulas.sigmoid_slope,
            low=0.0,
            high=1.0,
            saturates_at=("0", "1"),
            max_slope=0.25,
            is_probability=True,
        ),
        Activation(
            "tanh",
            tanh,
            tanh_slope,
            formulas.tanh,
            formulas.tanh_slope,
            low=-1.0,
            high=1.0,
            saturates_at=("−1", "1"),
        ),
        Activation(
            "relu",
            relu,
            relu_slope,
            formulas.relu,
            formulas.relu_slope,
            kinks=(0.0,),
            low=0.0,
            is_dead_at_zero=True,
        ),
        Activation(
            "leaky_relu",
            leaky_relu,
            leaky_relu_slope,
            formulas.leaky_relu,
            formulas.leaky_relu_slope,
            kinks=(0.0,),
        ),
        Activation("elu", elu, elu_slope, formulas.elu, formulas.elu_slope, low=-1.0),
        Activation("gelu", gelu, gelu_slope, formulas.gelu, formulas.gelu_slope, is_increasing=False),
        Activation("silu", silu, silu_slope, formulas.silu, formulas.silu_slope, is_increasing=False),
        Activation("mish", mish, mish_slope, formulas.mish, formulas.mish_slope, is_increasing=False),
        Activation(
            "softplus",
            softplus,
            softplus_slope,
            formulas.softplus,
            formulas.softplus_slope,
            kinks=(SOFTPLUS_THRESHOLD,),
            low=0.0,
        ),
        Activation(
            "softmax",
            softmax,
            None,
            formulas.softmax,
            formulas.softmax_slope,
            low=0.0,
            high=1.0,
            is_probability=True,
        ),
    )
}
