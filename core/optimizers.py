"""The optimisers: update rules and defaults of ``torch.optim``, as pure functions from one state to the next.

A state is a tuple of flat arrays of one length: the parameters first, then the optimiser's own slots
(velocity; squared average; m and v). ``update`` reads ``before`` and the gradient ``g`` and writes every
array of ``after``; ``t`` counts updates from 1. All arithmetic is element by element, so it may be
called block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from nn_tui.core.spec import Array

Slots = tuple[Array, ...]
Update = Callable[[Slots, Array, Slots, Array, float, int, dict[str, float]], None]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimiser: its rule, the names of its state arrays, its options with PyTorch's defaults."""

    name: str
    update: Update
    slots: tuple[str, ...] = ()
    defaults: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.1
    formula: str = ""


def _sgd(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    np.multiply(g, lr, work)
    np.subtract(before[0], work, after[0])


def _momentum(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, o["momentum"], velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, lr, work)
    np.subtract(p, work, p_after)


def _nesterov(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, o["momentum"], velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, o["momentum"], work)
    np.add(work, g, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _adagrad(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    p, total = before
    p_after, total_after = after
    np.multiply(g, g, work)
    np.add(total, work, total_after)
    np.sqrt(total_after, work)
    np.add(work, o["eps"], work)
    np.divide(g, work, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _rmsprop(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    p, square = before
    p_after, square_after = after
    np.multiply(g, g, work)
    np.multiply(work, 1.0 - o["alpha"], work)
    np.multiply(square, o["alpha"], square_after)
    np.add(square_after, work, square_after)
    np.sqrt(square_after, work)
    np.add(work, o["eps"], work)
    np.divide(g, work, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _adam(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    p, m, v = before
    p_after, m_after, v_after = after
    beta1, beta2 = o["beta1"], o["beta2"]
    np.subtract(g, m, work)
    np.multiply(work, 1.0 - beta1, work)
    np.add(m, work, m_after)
    np.multiply(g, g, work)
    np.multiply(work, 1.0 - beta2, work)
    np.multiply(v, beta2, v_after)
    np.add(v_after, work, v_after)
    # η·m̂ / (√v̂ + ε) with both corrections taken out of the arrays: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
    root = sqrt(1.0 - beta2**t)
    np.sqrt(v_after, work)
    np.add(work, o["eps"] * root, work)
    np.divide(m_after, work, work)
    np.multiply(work, lr * root / (1.0 - beta1**t), work)
    np.subtract(p, work, p_after)


def _adamw(before: Slots, g: Array, after: Slots, work: Array, lr: float, t: int, o: dict[str, float]) -> None:
    _adam(before, g, after, work, lr, t, o)
    # ``work`` still holds Adam's step: p′ = p·(1 − η·λ) − step.
    p, p_after = before[0], after[0]
    np.multiply(p, 1.0 - lr * o["weight_decay"], p_after)
    np.subtract(p_after, work, p_after)


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", _sgd, formula="Δw = −η·g"),
        Optimizer("momentum", _momentum, ("velocity",), {"momentum": 0.9}, formula="v′ = μ·v + g;  Δw = −η·v′"),
        Optimizer("nesterov", _nesterov, ("velocity",), {"momentum": 0.9}, formula="v′ = μ·v + g;  Δw = −η·(g + μ·v′)"),
        Optimizer(
            "adagrad", _adagrad, ("sum of squares",), {"eps": 1e-10}, 0.01, "s′ = s + g²;  Δw = −η·g / (√s′ + ε)"
        ),
        Optimizer(
            "rmsprop",
            _rmsprop,
            ("mean square",),
            {"alpha": 0.99, "eps": 1e-8},
            0.01,
            "s′ = α·s + (1 − α)·g²;  Δw = −η·g / (√s′ + ε)",
        ),
        Optimizer(
            "adam",
            _adam,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
            0.001,
            "m′ = m + (1 − β₁)(g − m);  v′ = β₂·v + (1 − β₂)·g²;  Δw = −η·m̂ / (√v̂ + ε)",
        ),
        Optimizer(
            "adamw",
            _adamw,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
            0.001,
            "as adam;  Δw = −η·λ·w − η·m̂ / (√v̂ + ε)",
        ),
    )
}
