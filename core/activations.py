"""The activation functions: value, slope and where they have kinks. Definitions and defaults are PyTorch's.

``value(z, out)`` writes a = σ(z); ``slope(z, a, out)`` writes σ′(z). All arrays have the shape of a
layer's batch, (batch, units), and ``out`` never overlaps ``z``. Softmax alone couples the units of a row:
it has no slope but a full Jacobian, see :func:`softmax_backward`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.core.erf import erf
from nn_tui.core.spec import Array

LEAK = 0.01  # torch.nn.LeakyReLU's negative_slope
ELU_ALPHA = 1.0  # torch.nn.ELU's alpha
SOFTPLUS_THRESHOLD = 20.0  # torch.nn.Softplus is the identity above it


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation. ``formula`` is σ in words of z, ``slope_formula`` σ′ in words of z and a.

    ``kinks`` are the z at which the slope jumps; ``low`` and ``high`` bound a (None: unbounded).
    """

    name: str
    value: Callable[[Array, Array], None]
    slope: Callable[[Array, Array, Array], None] | None
    formula: str
    slope_formula: str
    kinks: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None


def _identity(z: Array, out: Array) -> None:
    np.copyto(out, z)


def _identity_slope(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


def _sigmoid(z: Array, out: Array) -> None:
    # exp(-z) may overflow to inf, and 1/(1+inf) is the right answer, 0.
    np.negative(z, out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.divide(1.0, out, out)


def _sigmoid_slope(z: Array, a: Array, out: Array) -> None:
    np.subtract(1.0, a, out)
    np.multiply(out, a, out)


def _tanh(z: Array, out: Array) -> None:
    np.tanh(z, out)


def _tanh_slope(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(1.0, out, out)


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, 0.0, out)


def _relu_slope(z: Array, a: Array, out: Array) -> None:
    np.greater(z, 0.0, out)


def _leaky_relu(z: Array, out: Array) -> None:
    # max(z, 0.01 z): for z > 0 the first is larger, for z < 0 the second.
    np.multiply(z, LEAK, out)
    np.maximum(z, out, out)


def _leaky_relu_slope(z: Array, a: Array, out: Array) -> None:
    np.greater(z, 0.0, out)
    np.maximum(out, LEAK, out)


def _elu(z: Array, out: Array) -> None:
    np.minimum(z, 0.0, out)
    np.expm1(out, out)
    np.multiply(out, ELU_ALPHA, out)
    np.copyto(out, z, where=z > 0.0)


def _elu_slope(z: Array, a: Array, out: Array) -> None:
    np.minimum(z, 0.0, out)
    np.exp(out, out)


def _gelu(z: Array, out: Array) -> None:
    np.multiply(z, 0.5 * (1.0 + erf(z / np.sqrt(2.0))), out)


def _gelu_slope(z: Array, a: Array, out: Array) -> None:
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    np.add(0.5 * (1.0 + erf(z / np.sqrt(2.0))), z * density, out)


def _silu(z: Array, out: Array) -> None:
    _sigmoid(z, out)
    np.multiply(out, z, out)


def _silu_slope(z: Array, a: Array, out: Array) -> None:
    # σ(z)·(1 + z·(1 − σ(z)))
    _sigmoid(z, out)
    np.multiply(out, 1.0 + z * (1.0 - out), out)


def _softplus(z: Array, out: Array) -> None:
    np.logaddexp(z, 0.0, out)
    np.copyto(out, z, where=z > SOFTPLUS_THRESHOLD)


def _softplus_slope(z: Array, a: Array, out: Array) -> None:
    _sigmoid(z, out)
    np.copyto(out, 1.0, where=z > SOFTPLUS_THRESHOLD)


def _softmax(z: Array, out: Array) -> None:
    # Subtracting the row's maximum changes nothing but keeps exp from overflowing.
    np.subtract(z, np.maximum.reduce(z, 1)[:, None], out)
    np.exp(out, out)
    np.divide(out, np.add.reduce(out, 1)[:, None], out)


def softmax_backward(a: Array, da: Array, out: Array) -> None:
    """δ through softmax's full Jacobian, row by row: δᵢ = aᵢ·(daᵢ − Σₖ aₖ·daₖ); all (batch, units)."""
    np.multiply(a, da, out)
    weighted = np.add.reduce(out, 1)[:, None]
    np.subtract(da, weighted, out)
    np.multiply(out, a, out)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("identity", _identity, _identity_slope, "z", "1"),
        Activation("sigmoid", _sigmoid, _sigmoid_slope, "1 / (1 + e^−z)", "a·(1 − a)", low=0.0, high=1.0),
        Activation("tanh", _tanh, _tanh_slope, "tanh z", "1 − a²", low=-1.0, high=1.0),
        Activation("relu", _relu, _relu_slope, "max(0, z)", "1 if z > 0, else 0", (0.0,), low=0.0),
        Activation("leaky_relu", _leaky_relu, _leaky_relu_slope, "max(0.01·z, z)", "1 if z > 0, else 0.01", (0.0,)),
        Activation("elu", _elu, _elu_slope, "z if z > 0, else e^z − 1", "1 if z > 0, else e^z", low=-1.0),
        Activation("gelu", _gelu, _gelu_slope, "z·Φ(z)", "Φ(z) + z·φ(z)"),
        Activation("silu", _silu, _silu_slope, "z·s(z), s = 1/(1 + e^−z)", "s·(1 + z·(1 − s))"),
        Activation("softplus", _softplus, _softplus_slope, "ln(1 + e^z)", "1 / (1 + e^−z)", low=0.0),
        Activation("softmax", _softmax, None, "e^zᵢ / Σₖ e^zₖ", "aᵢ·(1[i=k] − aₖ)", low=0.0, high=1.0),
    )
}
