"""The loss functions: per-element terms, their derivative, and how they are reduced over the batch.

Every loss is Σ terms · scale, with ``terms`` of shape (batch, outputs) and ``scale`` from
:func:`scale`. ``gradient`` writes ∂terms/∂a. A *fused* pair (``fused`` names the activation) has the
short form δ = (a − y)·scale, exact where the chain through a would divide by zero.
Definitions are PyTorch's, from the logits where PyTorch works from the logits. What ends in ``_calls`` gives
the calls that fill the arrays, for a pass to make them again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.core.nn.activations import ZERO, constant, softmax_calls
from nn_tui.core.nn.calls import Calls, make, one
from nn_tui.core.spec import Array, Reduction

HUBER_DELTA = 1.0  # torch.nn.HuberLoss's delta
_HALF = constant(0.5)
_TWO = constant(2.0)


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss. ``outputs`` are the allowed output activations (None: any).

    ``terms(z, a, y, out)`` and ``gradient(z, a, y, out)`` take (batch, outputs) arrays. ``per_output``
    says that ``mean`` divides by batch·outputs and not by the batch alone. ``formula`` is the loss of
    one sample, ``gradient_formula`` its derivative by one output. Where numbers are shared,
    ``with_value_calls(z, y, a, terms)`` fill the output's a and the terms at once, and
    ``with_gradient_calls(a, y, terms, da)`` the terms and their derivative.
    """

    name: str
    terms_calls: Callable[[Array, Array, Array, Array], Calls]
    gradient_calls: Callable[[Array, Array, Array, Array], Calls]
    formula: str
    gradient_formula: str
    per_output: bool = False
    outputs: tuple[str, ...] | None = None
    fused: str | None = None
    with_value_calls: Callable[[Array, Array, Array, Array], Calls] | None = None
    with_gradient_calls: Callable[[Array, Array, Array, Array], Calls] | None = None

    def terms(self, z: Array, a: Array, y: Array, out: Array) -> None:
        """Write the loss of each output of each sample, not yet scaled."""
        make(self.terms_calls(z, a, y, out))

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> None:
        """Write ∂terms/∂a."""
        make(self.gradient_calls(z, a, y, out))


def scale(loss: Loss, reduction: Reduction, rows: int, outputs: int) -> float:
    """What every term is multiplied by: 1 for ``sum``, 1/N or 1/(N·K) for ``mean``."""
    if reduction == "sum":
        return 1.0
    return 1.0 / (rows * outputs if loss.per_output else rows)


def step(z: Array) -> Array:
    """The perceptron's output: 1 where z ≥ 0, else 0; NaN stays NaN."""
    return np.where(np.isnan(z), np.nan, (z >= 0.0).astype(np.float64))


def _squared(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [(np.subtract, (a, y, out)), (np.multiply, (out, out, out))]


def _squared_gradient(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [(np.subtract, (a, y, out)), (np.multiply, (out, _TWO, out))]


def _squared_both(a: Array, y: Array, terms: Array, da: Array) -> Calls:
    return [(np.subtract, (a, y, da)), (np.multiply, (da, da, terms)), (np.multiply, (da, _TWO, da))]


def _half_squared(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [*_squared(z, a, y, out), (np.multiply, (out, _HALF, out))]


def _difference(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [(np.subtract, (a, y, out))]


def _half_squared_both(a: Array, y: Array, terms: Array, da: Array) -> Calls:
    return [(np.subtract, (a, y, da)), (np.multiply, (da, da, terms)), (np.multiply, (terms, _HALF, terms))]


def _absolute(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [(np.subtract, (a, y, out)), (np.abs, (out, out))]


def _absolute_gradient(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return [(np.subtract, (a, y, out)), (np.sign, (out, out))]


def _huber(z: Array, a: Array, y: Array, out: Array) -> None:
    distance = np.abs(a - y)
    inner = np.minimum(distance, HUBER_DELTA)
    # ½d² inside, δ·(d − ½δ) outside: both are inner·(d − ½·inner).
    np.multiply(inner, distance - 0.5 * inner, out)


def _huber_gradient(z: Array, a: Array, y: Array, out: Array) -> None:
    np.subtract(a, y, out)
    np.clip(out, -HUBER_DELTA, HUBER_DELTA, out)


def _binary_cross_entropy(z: Array, a: Array, y: Array, out: Array) -> None:
    # max(z, 0) − z·y + ln(1 + e^−|z|): never the logarithm of a rounded 0, and nothing cancels where a sure
    # answer is right, whichever it is.
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    np.add(np.maximum(z, ZERO) - z * y, out, out)


def _binary_cross_entropy_gradient(z: Array, a: Array, y: Array, out: Array) -> None:
    # (1 − y)/(1 − a) − y/a, the textbook chain in two parts: a part whose target is 0 is 0, also where a
    # saturates and it would read 0/0. What is left there is a limit, which is why δ is fused.
    no, yes = 1.0 - y, 1.0 - a
    np.divide(no, yes, out)
    np.copyto(out, 0.0, where=no == 0.0)
    np.divide(y, a, yes)
    np.copyto(yes, 0.0, where=y == 0.0)
    np.subtract(out, yes, out)


def _softmax_cross_entropy(z: Array, y: Array, a: Array, out: Array) -> Calls:
    # −y·log p by log-sum-exp: log p = (z − max) − log Σ e^(z − max).
    softmax, total = softmax_calls(z, out, a)
    out_t = out.T
    return [
        *softmax,
        (np.log, (total, total)),
        (np.subtract, (total, out_t, out_t)),
        (np.multiply, (out, y, out)),
    ]


def _cross_entropy(z: Array, a: Array, y: Array, out: Array) -> Calls:
    return _softmax_cross_entropy(z, y, np.empty_like(a), out)


def _cross_entropy_gradient(z: Array, a: Array, y: Array, out: Array) -> None:
    # 0/0 where a class that is not the target has probability 0: the derivative there is 0.
    np.divide(y, a, out)
    np.negative(out, out)
    np.copyto(out, 0.0, where=y == 0.0)


def _perceptron(z: Array, a: Array, y: Array, out: Array) -> None:
    np.multiply(step(z) - y, z, out)


def _perceptron_gradient(z: Array, a: Array, y: Array, out: Array) -> None:
    np.subtract(step(z), y, out)


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "half_squared_error",
            _half_squared,
            _difference,
            "½ Σₖ (aₖ − yₖ)²",
            "a − y",
            with_gradient_calls=_half_squared_both,
        ),
        Loss(
            "mean_squared_error",
            _squared,
            _squared_gradient,
            "Σₖ (aₖ − yₖ)²",
            "2·(a − y)",
            per_output=True,
            with_gradient_calls=_squared_both,
        ),
        Loss("mean_absolute_error", _absolute, _absolute_gradient, "Σₖ |aₖ − yₖ|", "sign(a − y)", per_output=True),
        Loss(
            "huber",
            one(_huber),
            one(_huber_gradient),
            "Σₖ ½d² if |d| < 1, else |d| − ½; d = aₖ − yₖ",
            "d clipped to ±1",
            per_output=True,
        ),
        Loss(
            "binary_cross_entropy",
            one(_binary_cross_entropy),
            one(_binary_cross_entropy_gradient),
            "−Σₖ [yₖ ln aₖ + (1 − yₖ) ln(1 − aₖ)]",
            "(a − y) / (a·(1 − a))",
            per_output=True,
            outputs=("sigmoid",),
            fused="sigmoid",
        ),
        Loss(
            "cross_entropy",
            _cross_entropy,
            one(_cross_entropy_gradient),
            "−Σₖ yₖ ln aₖ",
            "−y / a",
            outputs=("softmax",),
            fused="softmax",
            with_value_calls=_softmax_cross_entropy,
        ),
        Loss(
            "perceptron",
            one(_perceptron),
            one(_perceptron_gradient),
            "Σₖ (step(zₖ) − yₖ)·zₖ",
            "step(z) − y",
            outputs=("identity",),
        ),
    )
}
