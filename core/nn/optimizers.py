"""The optimisers by name. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

import numpy as np
from numpy import add, divide, multiply

from nn_tui.core.expression.equations import fold
from nn_tui.core.expression.functions import sqrt
from nn_tui.core.nn.adam import ADAM_FAMILY
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import Nums, Optimizer, Options, Rules, Slots
from nn_tui.core.spec import Array


class SGD(Optimizer):
    """Gradient descent: a step against the gradient (torch.optim.SGD)."""

    name = "sgd"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·g."""
        multiply(g, self._minus_rate, step)

    def rules(self, n: Nums) -> Rules:
        """Δw."""
        yield "Δw", -n["η"] * n["g"]


class Momentum(Optimizer):
    """Gradient descent with momentum: the velocity adds up gradients and forgets old ones (torch.optim.SGD)."""

    name = "momentum"
    slots = ("velocity",)
    defaults = {"momentum": 0.9}
    option_symbols = {"momentum": "μ"}
    suggested_learning_rate = 0.01  # the velocity adds up about ten gradients

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._momentum = constant(self.options["momentum"])

    def update_slots(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """v′ = μ·v + g."""
        (v,), (new_v,) = slots, new_slots
        multiply(v, self._momentum, new_v)
        add(new_v, g, new_v)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·v′."""
        multiply(new_slots[0], self._minus_rate, step)

    def rules(self, n: Nums) -> Rules:
        """v′ and Δw."""
        yield "v′", n["μ"] * n["v"] + n["g"]
        yield "Δw", -n["η"] * n["v′"]


class Nesterov(Momentum):
    """Momentum that looks ahead: the step takes the gradient once more (torch.optim.SGD with nesterov=True)."""

    name = "nesterov"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·(g + μ·v′)."""
        multiply(new_slots[0], self._momentum, step)
        add(g, step, step)
        multiply(step, self._minus_rate, step)

    def rules(self, n: Nums) -> Rules:
        """v′ and Δw."""
        yield "v′", n["μ"] * n["v"] + n["g"]
        yield "Δw", -n["η"] * (n["g"] + n["μ"] * n["v′"])


class Adagrad(Optimizer):
    """AdaGrad: each parameter's step is divided by the root of the sum of all its squared gradients.

    Duchi, Hazan, Singer (2011), "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization".
    """

    name = "adagrad"
    slots = ("sum of squares",)
    defaults = {"eps": 1e-10}
    option_symbols = {"eps": "ε"}
    default_learning_rate = 0.01

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._eps = constant(self.options["eps"])

    def update_slots(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
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

    def rules(self, n: Nums) -> Rules:
        """s′ and Δw."""
        yield "s′", n["s"] + n["g"] ** 2
        yield "Δw", -n["η"] * n["g"] / fold(sqrt(n["s′"]) + n["ε"])


class RMSprop(Adagrad):
    """RMSprop: as AdaGrad, with a moving average of the squared gradients, which forgets old ones.

    Hinton (2012), lecture 6 of "Neural Networks for Machine Learning"; torch.optim.RMSprop.
    """

    name = "rmsprop"
    slots = ("mean square",)
    defaults = {"alpha": 0.99, "eps": 1e-8}
    option_symbols = {"alpha": "α", "eps": "ε"}
    suggested_learning_rate = 0.01

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._alpha, self._one_minus_alpha = constant(self.options["alpha"]), constant(1.0 - self.options["alpha"])

    def update_slots(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """s′ = α·s + (1 − α)·g²."""
        (s,), (new_s,) = slots, new_slots
        multiply(s, self._alpha, new_s)
        multiply(g, g, scratch)
        multiply(scratch, self._one_minus_alpha, scratch)
        add(new_s, scratch, new_s)

    def rules(self, n: Nums) -> Rules:
        """s′ and Δw."""
        yield "s′", n["α"] * n["s"] + (1 - n["α"]) * n["g"] ** 2
        yield "Δw", -n["η"] * n["g"] / fold(sqrt(n["s′"]) + n["ε"])


_ALL: tuple[type[Optimizer], ...] = (SGD, Momentum, Nesterov, Adagrad, RMSprop, *ADAM_FAMILY)
OPTIMIZERS: dict[str, type[Optimizer]] = {optimizer.name: optimizer for optimizer in _ALL}
