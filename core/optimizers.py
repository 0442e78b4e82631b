"""The optimisers: update rules and defaults of ``torch.optim``, as pure functions from one state to the next.

A state is a tuple of flat arrays of one length: the parameters first, then the optimiser's own slots
(velocity; squared average; m and v). ``update`` reads ``before`` and the gradient ``g`` and writes every
array of ``after``; ``work`` is scratch. All arithmetic is element by element, so it may be called block by
block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from nn_tui.core.spec import Array

Slots = tuple[Array, ...]
Scalars = tuple[Array, ...]
Update = Callable[[Slots, Array, Slots, Array, Scalars], None]


def _only_rate(lr: float, o: dict[str, float]) -> tuple[float, ...]:
    return (lr,)


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimiser: its rule, the names of its state arrays, its options with PyTorch's defaults.

    ``constants`` are what the rule multiplies by, from η and the options; ``correct`` writes into them what
    depends on the number of the update, from 1.
    """

    name: str
    update: Update
    slots: tuple[str, ...] = ()
    defaults: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.1
    formula: str = ""
    constants: Callable[[float, dict[str, float]], tuple[float, ...]] = _only_rate
    correct: Callable[[Scalars, float, dict[str, float], int], None] | None = None

    def scalars(self, learning_rate: float, options: dict[str, float]) -> Scalars:
        """What ``update`` multiplies by, as 0-d arrays: NumPy takes them in half the time of a float."""
        return tuple(np.array(value) for value in self.constants(learning_rate, options))


def _sgd(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    (lr,) = scalars
    np.multiply(g, lr, work)
    np.subtract(before[0], work, after[0])


def _with_momentum(lr: float, o: dict[str, float]) -> tuple[float, ...]:
    return lr, o["momentum"]


def _momentum(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    lr, momentum = scalars
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, momentum, velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, lr, work)
    np.subtract(p, work, p_after)


def _nesterov(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    lr, momentum = scalars
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, momentum, velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, momentum, work)
    np.add(work, g, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _of_adagrad(lr: float, o: dict[str, float]) -> tuple[float, ...]:
    return lr, o["eps"]


def _adagrad(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    lr, eps = scalars
    p, total = before
    p_after, total_after = after
    np.multiply(g, g, work)
    np.add(total, work, total_after)
    np.sqrt(total_after, work)
    np.add(work, eps, work)
    np.divide(g, work, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _of_rmsprop(lr: float, o: dict[str, float]) -> tuple[float, ...]:
    return lr, o["alpha"], 1.0 - o["alpha"], o["eps"]


def _rmsprop(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    lr, alpha, rest, eps = scalars
    p, square = before
    p_after, square_after = after
    np.multiply(g, g, work)
    np.multiply(work, rest, work)
    np.multiply(square, alpha, square_after)
    np.add(square_after, work, square_after)
    np.sqrt(square_after, work)
    np.add(work, eps, work)
    np.divide(g, work, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _of_adam(lr: float, o: dict[str, float]) -> tuple[float, ...]:
    return lr, o["eps"], 1.0 - o["beta1"], o["beta2"], 1.0 - o["beta2"], 1.0 - lr * o.get("weight_decay", 0.0)


def _correct(scalars: Scalars, lr: float, o: dict[str, float], t: int) -> None:
    # η·m̂ / (√v̂ + ε) with both corrections taken out of the arrays: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
    root = sqrt(1.0 - o["beta2"] ** t)
    scalars[0][...] = lr * root / (1.0 - o["beta1"] ** t)
    scalars[1][...] = o["eps"] * root


def _adam(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    lr, eps, rest1, beta2, rest2, _ = scalars
    p, m, v = before
    p_after, m_after, v_after = after
    np.subtract(g, m, work)
    np.multiply(work, rest1, work)
    np.add(m, work, m_after)
    np.multiply(g, g, work)
    np.multiply(work, rest2, work)
    np.multiply(v, beta2, v_after)
    np.add(v_after, work, v_after)
    np.sqrt(v_after, work)
    np.add(work, eps, work)
    np.divide(m_after, work, work)
    np.multiply(work, lr, work)
    np.subtract(p, work, p_after)


def _adamw(before: Slots, g: Array, after: Slots, work: Array, scalars: Scalars) -> None:
    _adam(before, g, after, work, scalars)
    # ``work`` still holds Adam's step: p′ = p·(1 − η·λ) − step.
    p, p_after = before[0], after[0]
    np.multiply(p, scalars[-1], p_after)
    np.subtract(p_after, work, p_after)


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", _sgd, formula="Δw = −η·g"),
        Optimizer(
            "momentum",
            _momentum,
            ("velocity",),
            {"momentum": 0.9},
            formula="v′ = μ·v + g;  Δw = −η·v′",
            constants=_with_momentum,
        ),
        Optimizer(
            "nesterov",
            _nesterov,
            ("velocity",),
            {"momentum": 0.9},
            formula="v′ = μ·v + g;  Δw = −η·(g + μ·v′)",
            constants=_with_momentum,
        ),
        Optimizer(
            "adagrad",
            _adagrad,
            ("sum of squares",),
            {"eps": 1e-10},
            0.01,
            "s′ = s + g²;  Δw = −η·g / (√s′ + ε)",
            _of_adagrad,
        ),
        Optimizer(
            "rmsprop",
            _rmsprop,
            ("mean square",),
            {"alpha": 0.99, "eps": 1e-8},
            0.01,
            "s′ = α·s + (1 − α)·g²;  Δw = −η·g / (√s′ + ε)",
            _of_rmsprop,
        ),
        Optimizer(
            "adam",
            _adam,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
            0.001,
            "m′ = m + (1 − β₁)(g − m);  v′ = β₂·v + (1 − β₂)·g²;  Δw = −η·m̂ / (√v̂ + ε)",
            _of_adam,
            _correct,
        ),
        Optimizer(
            "adamw",
            _adamw,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
            0.001,
            "as adam;  Δw = −η·λ·w − η·m̂ / (√v̂ + ε)",
            _of_adam,
            _correct,
        ),
    )
}
