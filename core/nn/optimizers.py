"""The optimisers by name. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, divide, multiply

from nn_tui.core.expression import Line, Num
from nn_tui.core.nn.adam import ADAM_FAMILY
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import Optimizer, Options, Slots
from nn_tui.core.spec import Array


class SGD(Optimizer):
    """Gradient descent: a step against the gradient (torch.optim.SGD)."""

    name = "sgd"
    step_formula = "Δw = −η·g"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·g."""
        multiply(g, self._minus_rate, step)

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """The step."""
        return [("Δ = −", x["η"], " × ", x["g"], " = ", x["Δ"])]


class Momentum(Optimizer):
    """Gradient descent with momentum: the velocity adds up gradients and forgets old ones (torch.optim.SGD)."""

    name = "momentum"
    slots = ("velocity",)
    defaults = {"momentum": 0.9}
    slot_formulas = ("v′ = μ·v + g",)
    step_formula = "Δw = −η·v′"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._momentum = constant(self.options["momentum"])

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """v′ = μ·v + g."""
        (v,), (new_v,) = slots, new_slots
        multiply(v, self._momentum, new_v)
        add(new_v, g, new_v)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·v′."""
        multiply(new_slots[0], self._minus_rate, step)

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """The velocity, then the step."""
        return [
            self._velocity_line(x),
            ("Δ = −η·v′ = −", x["η"], " × ", x["velocity′"], " = ", x["Δ"]),
        ]

    def _velocity_line(self, x: Mapping[str, Num]) -> Line:
        mu = self.options["momentum"]
        return (f"v′ = μ·v + g = {mu!r} × ", x["velocity"], " + ", x["g"], " = ", x["velocity′"])


class Nesterov(Momentum):
    """Momentum that looks ahead: the step takes the gradient once more (torch.optim.SGD with nesterov=True)."""

    name = "nesterov"
    step_formula = "Δw = −η·(g + μ·v′)"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·(g + μ·v′)."""
        multiply(new_slots[0], self._momentum, step)
        add(g, step, step)
        multiply(step, self._minus_rate, step)

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """The gradient ahead."""
        return {"g + μ·v′": g + self._momentum * new_slots[0]}

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """The velocity, the gradient ahead, then the step."""
        mu, ahead = self.options["momentum"], x["g + μ·v′"]
        return [
            self._velocity_line(x),
            ("g + μ·v′ = ", x["g"], f" + {mu!r} × ", x["velocity′"], " = ", ahead),
            ("Δ = −", x["η"], " × ", ahead, " = ", x["Δ"]),
        ]


class Adagrad(Optimizer):
    """AdaGrad: each parameter's step is divided by the root of the sum of all its squared gradients.

    Duchi, Hazan, Singer (2011), "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization".
    """

    name = "adagrad"
    slots = ("sum of squares",)
    defaults = {"eps": 1e-10}
    default_learning_rate = 0.01
    slot_formulas = ("s′ = s + g²",)
    step_formula = "Δw = −η·g / (√s′ + ε)"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._eps = constant(self.options["eps"])

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """s′ = s + g²."""
        (s,), (new_s,) = slots, new_slots
        multiply(g, g, new_s)
        add(s, new_s, new_s)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·g / (√s′ + ε)."""
        np.sqrt(new_slots[0], step)
        add(step, self._eps, step)
        divide(g, step, step)
        multiply(step, self._minus_rate, step)

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """The divisor."""
        return {"√s′ + ε": np.sqrt(new_slots[0]) + self._eps}

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """The sum of squares, then the step."""
        s, new_s = x["sum of squares"], x["sum of squares′"]
        return [("s′ = s + g² = ", s, " + ", x["g"], "² = ", new_s), self._step_line(x)]

    def _step_line(self, x: Mapping[str, Num]) -> Line:
        return ("Δ = −η·g / (√s′ + ε) = −", x["η"], " × ", x["g"], " / ", x["√s′ + ε"], " = ", x["Δ"])


class RMSprop(Adagrad):
    """RMSprop: as AdaGrad, with a moving average of the squared gradients, which forgets old ones.

    Hinton (2012), lecture 6 of "Neural Networks for Machine Learning"; torch.optim.RMSprop.
    """

    name = "rmsprop"
    slots = ("mean square",)
    defaults = {"alpha": 0.99, "eps": 1e-8}
    slot_formulas = ("s′ = α·s + (1 − α)·g²",)

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._alpha, self._rest = constant(self.options["alpha"]), constant(1.0 - self.options["alpha"])

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """s′ = α·s + (1 − α)·g²."""
        (s,), (new_s,) = slots, new_slots
        multiply(s, self._alpha, new_s)
        multiply(g, g, scratch)
        multiply(scratch, self._rest, scratch)
        add(new_s, scratch, new_s)

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """The mean square, then the step."""
        alpha = self.options["alpha"]
        s, new_s = x["mean square"], x["mean square′"]
        mean: Line = (f"s′ = α·s + (1 − α)·g² = {alpha!r} × ", s, f" + (1 − {alpha!r}) × ", x["g"], "² = ", new_s)
        return [mean, self._step_line(x)]


_ALL: tuple[type[Optimizer], ...] = (SGD, Momentum, Nesterov, Adagrad, RMSprop, *ADAM_FAMILY)
OPTIMIZERS: dict[str, type[Optimizer]] = {optimizer.name: optimizer for optimizer in _ALL}
