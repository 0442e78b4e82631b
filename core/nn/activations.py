"""The activation functions: value, slope and where they have kinks. Definitions and defaults are PyTorch's.

``value(z, out)`` writes a = σ(z); ``slope(z, a, out)`` writes σ′(z). All arrays have the shape of a
layer's batch, (batch, units), and ``out`` never overlaps ``z``. Softmax alone couples the units of a row:
it has no slope but a full Jacobian, see :func:`softmax_backward`. ``value_calls`` and ``slope_calls`` take the
same arrays and give the calls that do so, for a pass to make them again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from nn_tui.core.nn.calls import Calls, make, one
from nn_tui.core.nn.erf import erf
from nn_tui.core.spec import Array


def constant(value: float) -> Array:
    """A read-only 0-d array: NumPy takes it in half the time of a Python float."""
    array = np.array(value)
    array.flags.writeable = False
    return array


ZERO = constant(0.0)
ONE = constant(1.0)
FEW = 16384  # numbers of which a constant array is kept: beyond it writing zeros costs no more than reading them
LEAK = 0.01  # torch.nn.LeakyReLU's negative_slope
ELU_ALPHA = 1.0  # torch.nn.ELU's alpha
SOFTPLUS_THRESHOLD = 20.0  # torch.nn.Softplus is the identity above it
_LEAK = constant(LEAK)
_ELU_ALPHA = constant(ELU_ALPHA)
_THRESHOLD = constant(SOFTPLUS_THRESHOLD)


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation. ``formula`` is σ in words of z, ``slope_formula`` σ′ in words of z and a.

    ``kinks`` are the z at which the slope jumps; ``low`` and ``high`` bound a (None: unbounded).
    """

    name: str
    value_calls: Callable[[Array, Array], Calls]
    slope_calls: Callable[[Array, Array, Array], Calls] | None
    formula: str
    slope_formula: str
    kinks: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None

    def value(self, z: Array, out: Array) -> None:
        """Write a = σ(z) to ``out``."""
        make(self.value_calls(z, out))

    @property
    def slope(self) -> Callable[[Array, Array, Array], None] | None:
        """What writes σ′(z), as ``slope(z, a, out)``; None where there is no slope of one unit alone."""
        calls = self.slope_calls
        return None if calls is None else lambda z, a, out: make(calls(z, a, out))


def _identity(z: Array, out: Array) -> Calls:
    return [(np.copyto, (out, z))]


def _identity_slope(z: Array, a: Array, out: Array) -> Calls:
    return [(out.fill, (1.0,))]


def _sigmoid(z: Array, out: Array) -> Calls:
    # exp(-z) may overflow to inf, and 1/(1+inf) is the right answer, 0.
    return [
        (np.negative, (z, out)),
        (np.exp, (out, out)),
        (np.add, (out, ONE, out)),
        (np.reciprocal, (out, out)),
    ]


def _sigmoid_slope(z: Array, a: Array, out: Array) -> Calls:
    return [(np.subtract, (ONE, a, out)), (np.multiply, (out, a, out))]


def _tanh(z: Array, out: Array) -> Calls:
    return [(np.tanh, (z, out))]


def _tanh_slope(z: Array, a: Array, out: Array) -> Calls:
    return [(np.multiply, (a, a, out)), (np.subtract, (ONE, out, out))]


def _relu(z: Array, out: Array) -> Calls:
    # NumPy's maximum is three times as fast with an array of zeros as with one zero.
    if z.size <= FEW:
        return [(partial(np.maximum, out=out), (z, zeros(*z.shape)))]
    return [(out.fill, (0.0,)), (partial(np.maximum, out=out), (z, out))]


def _relu_slope(z: Array, a: Array, out: Array) -> Calls:
    return [(np.greater, (z, ZERO, out))]


def _leaky_relu(z: Array, out: Array) -> Calls:
    # max(z, 0.01 z): for z > 0 the first is larger, for z < 0 the second.
    return [(np.multiply, (z, _LEAK, out)), (partial(np.maximum, out=out), (z, out))]


def _leaky_relu_slope(z: Array, a: Array, out: Array) -> Calls:
    return [(np.greater, (z, ZERO, out)), (partial(np.maximum, out=out), (out, _LEAK))]


def _elu(z: Array, out: Array) -> None:
    np.minimum(z, ZERO, out=out)
    np.expm1(out, out)
    np.multiply(out, _ELU_ALPHA, out)
    np.copyto(out, z, where=z > ZERO)


def _elu_slope(z: Array, a: Array, out: Array) -> None:
    np.minimum(z, ZERO, out=out)
    np.exp(out, out)


def _gelu(z: Array, out: Array) -> None:
    np.multiply(z, 0.5 * (1.0 + erf(z / np.sqrt(2.0))), out)


def _gelu_slope(z: Array, a: Array, out: Array) -> None:
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    np.add(0.5 * (1.0 + erf(z / np.sqrt(2.0))), z * density, out)


def _silu(z: Array, out: Array) -> Calls:
    return [*_sigmoid(z, out), (np.multiply, (out, z, out))]


def _silu_slope(z: Array, a: Array, out: Array) -> None:
    # σ(z)·(1 + z·(1 − σ(z)))
    make(_sigmoid(z, out))
    np.multiply(out, 1.0 + z * (1.0 - out), out)


def _softplus(z: Array, out: Array) -> None:
    np.logaddexp(z, ZERO, out)
    np.copyto(out, z, where=z > _THRESHOLD)


def _softplus_slope(z: Array, a: Array, out: Array) -> None:
    make(_sigmoid(z, out))
    np.copyto(out, 1.0, where=z > _THRESHOLD)


def _softmax(z: Array, out: Array) -> Calls:
    return softmax_calls(z, out, out)[0]


def softmax_calls(z: Array, shifted: Array, out: Array) -> tuple[Calls, Array]:
    """Softmax of each row of ``z`` (n, units) to ``out``, and z − max to ``shifted`` (may be ``out``).

    Beside the calls, where they leave Σ e^(z − max) of each row: (n,). Subtracting the row's maximum changes
    nothing but keeps exp from overflowing.
    """
    z_t, shifted_t, out_t = z.T, shifted.T, out.T
    most, total = np.empty(len(z)), np.empty(len(z))
    calls: Calls = [
        (np.maximum.reduce, (z_t, 0, None, most)),
        (np.subtract, (z_t, most, shifted_t)),
        (np.exp, (shifted_t, out_t)),
        (ones(len(z_t)).dot, (out_t, total)),
        (np.divide, (out_t, total, out_t)),
    ]
    return calls, total


@lru_cache(maxsize=64)
def zeros(batch: int, units: int) -> Array:
    """Read-only zeros, (batch, units), laid out as a trace lays out what it holds."""
    array = np.zeros((units, batch)).T
    array.flags.writeable = False
    return array


@lru_cache(maxsize=64)
def ones(count: int) -> Array:
    """A read-only vector of ones: a product with it sums in half the time of a reduction."""
    vector = np.ones(count)
    vector.flags.writeable = False
    return vector


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
        Activation("elu", one(_elu), one(_elu_slope), "z if z > 0, else e^z − 1", "1 if z > 0, else e^z", low=-1.0),
        Activation("gelu", one(_gelu), one(_gelu_slope), "z·Φ(z)", "Φ(z) + z·φ(z)"),
        Activation("silu", _silu, one(_silu_slope), "z·s(z), s = 1/(1 + e^−z)", "s·(1 + z·(1 − s))"),
        Activation("softplus", one(_softplus), one(_softplus_slope), "ln(1 + e^z)", "1 / (1 + e^−z)", low=0.0),
        Activation("softmax", _softmax, None, "e^zᵢ / Σₖ e^zₖ", "aᵢ·(1[i=k] − aₖ)", low=0.0, high=1.0),
    )
}
