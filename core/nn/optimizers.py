"""The optimisers by name. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

import numpy as np
from numpy import add, divide, multiply

from nn_tui.core.expression.equations import equation, fold, to_symbols
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.functions import sqrt
from nn_tui.core.expression.nodes import Node, Num, literal
from nn_tui.core.nn.adam import ADAM_FAMILY
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import NumbersByName, Optimizer, Options, Slots
from nn_tui.core.spec import Array


class SGD(Optimizer):
    """Gradient descent: a step against the gradient (torch.optim.SGD)."""

    name = "sgd"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·g."""
        multiply(g, self._minus_rate, step)

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·g."""
        return -x["η"] * x["g"]

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """The step; its formula is so short that it is not repeated."""
        return [Line("step", equation(x["Δ"].as_symbol, self.step_rule(x), x["Δ"]))]


class Momentum(Optimizer):
    """Gradient descent with momentum: the velocity adds up gradients and forgets old ones (torch.optim.SGD)."""

    name = "momentum"
    slots = ("velocity",)
    defaults = {"momentum": 0.9}

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._momentum = constant(self.options["momentum"])
        self._mu = literal(self.options["momentum"], "μ")

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """v′ = μ·v + g."""
        (v,), (new_v,) = slots, new_slots
        multiply(v, self._momentum, new_v)
        add(new_v, g, new_v)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·v′."""
        multiply(new_slots[0], self._minus_rate, step)

    def slot_rules(self, x: NumbersByName) -> tuple[Node, ...]:
        """v′ = μ·v + g."""
        return (self._mu * x["velocity"] + x["g"],)

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·v′."""
        return -x["η"] * x["velocity′"]


class Nesterov(Momentum):
    """Momentum that looks ahead: the step takes the gradient once more (torch.optim.SGD with nesterov=True)."""

    name = "nesterov"

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·(g + μ·v′)."""
        multiply(new_slots[0], self._momentum, step)
        add(g, step, step)
        multiply(step, self._minus_rate, step)

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·(g + μ·v′)."""
        return -x["η"] * fold(self._ahead(x))

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """The gradient ahead, then the step."""
        ahead = self._ahead(x)
        return [Line("step", equation(to_symbols(ahead), ahead, Num(ahead.value))), *super().step_lines(x)]

    def _ahead(self, x: NumbersByName) -> Node:
        return x["g"] + self._mu * x["velocity′"]


class Adagrad(Optimizer):
    """AdaGrad: each parameter's step is divided by the root of the sum of all its squared gradients.

    Duchi, Hazan, Singer (2011), "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization".
    """

    name = "adagrad"
    slots = ("sum of squares",)
    defaults = {"eps": 1e-10}
    default_learning_rate = 0.01

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

    def slot_rules(self, x: NumbersByName) -> tuple[Node, ...]:
        """s′ = s + g²."""
        return (x["sum of squares"] + x["g"] ** 2,)

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·g / (√s′ + ε)."""
        return -x["η"] * x["g"] / fold(sqrt(x[f"{self.slots[0]}′"]) + literal(self.options["eps"], "ε"))


class RMSprop(Adagrad):
    """RMSprop: as AdaGrad, with a moving average of the squared gradients, which forgets old ones.

    Hinton (2012), lecture 6 of "Neural Networks for Machine Learning"; torch.optim.RMSprop.
    """

    name = "rmsprop"
    slots = ("mean square",)
    defaults = {"alpha": 0.99, "eps": 1e-8}

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

    def slot_rules(self, x: NumbersByName) -> tuple[Node, ...]:
        """s′ = α·s + (1 − α)·g²."""
        alpha = literal(self.options["alpha"], "α")
        return (alpha * x["mean square"] + (1 - alpha) * x["g"] ** 2,)


_ALL: tuple[type[Optimizer], ...] = (SGD, Momentum, Nesterov, Adagrad, RMSprop, *ADAM_FAMILY)
OPTIMIZERS: dict[str, type[Optimizer]] = {optimizer.name: optimizer for optimizer in _ALL}
