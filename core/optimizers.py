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
Scalars = dict[str, Array]
Update = Callable[[Slots, Array, Slots, Array, Scalars], None]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimiser: its rule, the names of its state arrays, its options with PyTorch's defaults.

    ``corrects`` says that the rule corrects its averages for their start at zero (Adam's m̂ and v̂).
    """

    name: str
    update: Update
    slots: tuple[str, ...] = ()
    defaults: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.1
    formula: str = ""
    corrects: bool = False

    def scalars(self, learning_rate: float, options: dict[str, float]) -> Scalars:
        """What ``update`` multiplies by, as 0-d arrays: NumPy takes them in half the time of a float."""
        values = {"lr": learning_rate, **options}
        for name in ("alpha", "beta1", "beta2"):
            if name in options:
                values[f"1-{name}"] = 1.0 - options[name]
        if "weight_decay" in options:
            values["decay"] = 1.0 - learning_rate * options["weight_decay"]
        if self.corrects:
            values |= {"corrected lr": learning_rate, "corrected eps": options["eps"]}
        return {name: np.array(value) for name, value in values.items()}

    def correct(self, scalars: Scalars, options: dict[str, float], t: int) -> None:
        """Write what depends on the update's number ``t`` ≥ 1; nothing for most optimisers."""
        if self.corrects:
            # η·m̂ / (√v̂ + ε) with both corrections taken out of the arrays: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
            root = sqrt(1.0 - options["beta2"] ** t)
            scalars["corrected lr"][...] = float(scalars["lr"]) * root / (1.0 - options["beta1"] ** t)
            scalars["corrected eps"][...] = options["eps"] * root


def _sgd(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    np.multiply(g, s["lr"], work)
    np.subtract(before[0], work, after[0])


def _momentum(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, s["momentum"], velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, s["lr"], work)
    np.subtract(p, work, p_after)


def _nesterov(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    p, velocity = before
    p_after, velocity_after = after
    np.multiply(velocity, s["momentum"], velocity_after)
    np.add(velocity_after, g, velocity_after)
    np.multiply(velocity_after, s["momentum"], work)
    np.add(work, g, work)
    np.multiply(work, s["lr"], work)
    np.subtract(p, work, p_after)


def _adagrad(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    p, total = before
    p_after, total_after = after
    np.multiply(g, g, work)
    np.add(total, work, total_after)
    np.sqrt(total_after, work)
    np.add(work, s["eps"], work)
    np.divide(g, work, work)
    np.multiply(work, s["lr"], work)
    np.subtract(p, work, p_after)


def _rmsprop(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    p, square = before
    p_after, square_after = after
    np.multiply(g, g, work)
    np.multiply(work, s["1-alpha"], work)
    np.multiply(square, s["alpha"], square_after)
    np.add(square_after, work, square_after)
    np.sqrt(square_after, work)
    np.add(work, s["eps"], work)
    np.divide(g, work, work)
    np.multiply(work, s["lr"], work)
    np.subtract(p, work, p_after)


def _adam(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    p, m, v = before
    p_after, m_after, v_after = after
    np.subtract(g, m, work)
    np.multiply(work, s["1-beta1"], work)
    np.add(m, work, m_after)
    np.multiply(g, g, work)
    np.multiply(work, s["1-beta2"], work)
    np.multiply(v, s["beta2"], v_after)
    np.add(v_after, work, v_after)
    np.sqrt(v_after, work)
    np.add(work, s["corrected eps"], work)
    np.divide(m_after, work, work)
    np.multiply(work, s["corrected lr"], work)
    np.subtract(p, work, p_after)


def _adamw(before: Slots, g: Array, after: Slots, work: Array, s: Scalars) -> None:
    _adam(before, g, after, work, s)
    # ``work`` still holds Adam's step: p′ = p·(1 − η·λ) − step.
    p, p_after = before[0], after[0]
    np.multiply(p, s["decay"], p_after)
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
            corrects=True,
        ),
        Optimizer(
            "adamw",
            _adamw,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
            0.001,
            "as adam;  Δw = −η·λ·w − η·m̂ / (√v̂ + ε)",
            corrects=True,
        ),
    )
}
