"""The optimisers: update rules and defaults of ``torch.optim``, as calls that lead from one state to the next.

A state is an array (1 + slots, parameters): the parameters first, then the optimiser's own rows (velocity;
squared average; m and v). ``g[0]`` is the gradient; there, and in ``work``, are as many rows as the state has
beside its parameters, at least one, and all but the gradient is scratch. All arithmetic is element by element, so
a rule may be applied block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from nn_tui.core.nn.calls import Calls, make
from nn_tui.core.spec import Array

Scalars = tuple[Array, ...]
Options = dict[str, float]
Constant = float | tuple[float, ...]
Rule = Callable[[Array, Array, Array, Array, Scalars], Calls]
Correct = Callable[[int], None]


def _only_rate(lr: float, o: Options) -> tuple[Constant, ...]:
    return (lr,)


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimiser: its rule, the names of its state arrays, its options with PyTorch's defaults.

    ``calls(before, g, after, work, scalars)`` lead from the state ``before`` to ``after``. ``constants`` are what
    they multiply by, from η and the options; ``correction`` gives the function that writes into those what depends
    on the number of the update, from 1.
    """

    name: str
    calls: Rule
    slots: tuple[str, ...] = ()
    defaults: Options = field(default_factory=dict)
    learning_rate: float = 0.1
    formula: str = ""
    constants: Callable[[float, Options], tuple[Constant, ...]] = _only_rate
    correction: Callable[[Scalars, float, Options], Correct] | None = None

    @property
    def rows(self) -> int:
        """How many rows ``g`` and ``work`` have."""
        return max(1, len(self.slots))

    def scalars(self, learning_rate: float, options: Options, width: int = 1) -> Scalars:
        """What the rule multiplies by, as arrays: NumPy takes a 0-d one in half the time of a float.

        A constant of each row of the optimiser's state is a column, or ``width`` copies of it, for rules that
        move both rows at once.
        """
        return tuple(
            np.array(value) if isinstance(value, float) else np.repeat(np.array(value)[:, None], width, 1)
            for value in self.constants(learning_rate, options)
        )

    def apply(self, before: Array, gradient: Array, learning_rate: float, options: Options, steps: int) -> Array:
        """The state (1 + slots, n) after update number ``steps`` with ``gradient`` (n,) from ``before``."""
        scalars = self.scalars(learning_rate, options)
        if self.correction is not None:
            self.correction(scalars, learning_rate, options)(steps)
        g = np.empty((self.rows, gradient.size))
        g[0] = gradient
        after = np.empty_like(before)
        make(self.calls(before, g, after, np.empty_like(g), scalars))
        return after


def _sgd(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    (lr,) = scalars
    return [(np.multiply, (g[0], lr, work[0])), (np.subtract, (before[0], work[0], after[0]))]


def _with_momentum(lr: float, o: Options) -> tuple[Constant, ...]:
    return lr, o["momentum"]


def _momentum(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    lr, momentum = scalars
    velocity, step = after[1], work[0]
    return [
        (np.multiply, (before[1], momentum, velocity)),
        (np.add, (velocity, g[0], velocity)),
        (np.multiply, (velocity, lr, step)),
        (np.subtract, (before[0], step, after[0])),
    ]


def _nesterov(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    lr, momentum = scalars
    velocity, step = after[1], work[0]
    return [
        (np.multiply, (before[1], momentum, velocity)),
        (np.add, (velocity, g[0], velocity)),
        (np.multiply, (velocity, momentum, step)),
        (np.add, (step, g[0], step)),
        (np.multiply, (step, lr, step)),
        (np.subtract, (before[0], step, after[0])),
    ]


def _of_adagrad(lr: float, o: Options) -> tuple[Constant, ...]:
    return lr, o["eps"]


def _adagrad(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    lr, eps = scalars
    total, step = after[1], work[0]
    return [
        (np.multiply, (g[0], g[0], step)),
        (np.add, (before[1], step, total)),
        (np.sqrt, (total, step)),
        (np.add, (step, eps, step)),
        (np.divide, (g[0], step, step)),
        (np.multiply, (step, lr, step)),
        (np.subtract, (before[0], step, after[0])),
    ]


def _of_rmsprop(lr: float, o: Options) -> tuple[Constant, ...]:
    return lr, o["alpha"], 1.0 - o["alpha"], o["eps"]


def _rmsprop(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    lr, alpha, rest, eps = scalars
    square, step = after[1], work[0]
    return [
        (np.multiply, (g[0], g[0], step)),
        (np.multiply, (step, rest, step)),
        (np.multiply, (before[1], alpha, square)),
        (np.add, (square, step, square)),
        (np.sqrt, (square, step)),
        (np.add, (step, eps, step)),
        (np.divide, (g[0], step, step)),
        (np.multiply, (step, lr, step)),
        (np.subtract, (before[0], step, after[0])),
    ]


def _of_adam(lr: float, o: Options) -> tuple[Constant, ...]:
    return lr, o["eps"], (1.0 - o["beta1"], 1.0 - o["beta2"]), 1.0 - lr * o.get("weight_decay", 0.0)


def _correction(scalars: Scalars, lr: float, o: Options) -> Correct:
    # η·m̂ / (√v̂ + ε) with both corrections taken out of the arrays: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
    set_rate, set_eps = scalars[0].fill, scalars[1].fill
    beta1, beta2, eps = o["beta1"], o["beta2"], o["eps"]

    def correct(t: int) -> None:
        root = sqrt(1.0 - beta2**t)
        set_rate(lr * root / (1.0 - beta1**t))
        set_eps(eps * root)

    return correct


def _adam(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    rate, eps, rests, _ = scalars
    gradient, step = g[0], work[0]
    if rests.shape[1] > 1:
        # Few numbers, so that calls are what takes time: m moves towards g and v towards g² at once.
        averages = before[1:]
        calls = [
            (np.multiply, (gradient, gradient, g[1])),
            (np.subtract, (g, averages, work)),
            (np.multiply, (work, rests, work)),
            (np.add, (averages, work, after[1:])),
        ]
    else:
        rest1, rest2 = (rest.reshape(()) for rest in rests)
        calls = [
            (np.subtract, (gradient, before[1], step)),
            (np.multiply, (step, rest1, step)),
            (np.add, (before[1], step, after[1])),
            (np.multiply, (gradient, gradient, step)),
            (np.subtract, (step, before[2], step)),
            (np.multiply, (step, rest2, step)),
            (np.add, (before[2], step, after[2])),
        ]
    return [
        *calls,
        (np.sqrt, (after[2], step)),
        (np.add, (step, eps, step)),
        (np.divide, (after[1], step, step)),
        (np.multiply, (step, rate, step)),
        (np.subtract, (before[0], step, after[0])),
    ]


def _adamw(before: Array, g: Array, after: Array, work: Array, scalars: Scalars) -> Calls:
    # p′ = p·(1 − η·λ) − step, the step being Adam's.
    return [
        *_adam(before, g, after, work, scalars)[:-1],
        (np.multiply, (before[0], scalars[-1], after[0])),
        (np.subtract, (after[0], work[0], after[0])),
    ]


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
            _correction,
        ),
        Optimizer(
            "adamw",
            _adamw,
            ("m", "v"),
            {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
            0.001,
            "as adam;  Δw = −η·λ·w − η·m̂ / (√v̂ + ε)",
            _of_adam,
            _correction,
        ),
    )
}
