"""Adam and the optimisers that change it a little. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

import math

import numpy as np
from numpy import add, divide, multiply, subtract

from nn_tui.core.expression.equations import fold
from nn_tui.core.expression.functions import sqrt
from nn_tui.core.expression.nodes import Node, literal
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import Nums, Optimizer, Options, Rate, Rules, Scalars, Slots
from nn_tui.core.spec import Array
from nn_tui.core.translation import message


class Adam(Optimizer):
    """Adam: a moving average of the gradient, divided by the root of a moving average of its square.

    Both averages start at 0 and are too small at first; m̂ and v̂ are corrected for that.
    Kingma, Ba (2015), "Adam: A Method for Stochastic Optimization".
    """

    name = "adam"
    slots = ("m", "v")
    defaults = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    option_symbols = {"beta1": "β₁", "beta2": "β₂", "eps": "ε"}
    notes = {"m̂": message("bias correction")}
    default_learning_rate = 0.001
    suggested_learning_rate = 0.01

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._b1, self._b2, self._epsilon = (self.options[name] for name in ("beta1", "beta2", "eps"))
        self._one_minus_beta1, self._one_minus_beta2 = constant(1.0 - self._b1), constant(1.0 - self._b2)
        self._beta2 = constant(self._b2)
        self._correction1 = self._correction2 = 1.0
        self._epsilon_t = np.array(0.0)

    def begin(self, learning_rate: Rate, t: int, scalars: Scalars) -> Scalars:
        """Fold the bias corrections into η and ε, which gives ηₜ and εₜ; see :meth:`step`."""
        self._correction1, self._correction2 = 1.0 - self._b1**t, 1.0 - self._b2**t
        root = math.sqrt(self._correction2)
        self._minus_rate = np.asarray(-learning_rate * root / self._correction1)
        self._epsilon_t.fill(self._epsilon * root)
        return scalars

    def update_slots(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """m′ = m + (1 − β₁)(g − m), which is β₁·m + (1 − β₁)·g; v′ = β₂·v + (1 − β₂)·g²."""
        (m, v), (new_m, new_v) = slots, new_slots
        subtract(g, m, new_m)
        multiply(new_m, self._one_minus_beta1, new_m)
        add(m, new_m, new_m)
        multiply(v, self._beta2, new_v)
        multiply(g, g, scratch)
        multiply(scratch, self._one_minus_beta2, scratch)
        add(new_v, scratch, new_v)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·m̂ / (√v̂ + ε).

        That is −ηₜ·m′ / (√v′ + εₜ) with ηₜ = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ) and εₜ = ε·√(1 − β₂ᵗ): the more efficient order
        at the end of the paper's section 2.
        """
        m, v = new_slots
        np.sqrt(v, step)
        add(step, self._epsilon_t, step)
        divide(m, step, step)
        multiply(step, self._minus_rate, step)

    def rules(self, n: Nums) -> Rules:
        """m′, v′, m̂, v̂ and Δw."""
        yield "m′", n["m"] + (1 - n["β₁"]) * (n["g"] - n["m"])
        yield "v′", n["β₂"] * n["v"] + (1 - n["β₂"]) * n["g"] ** 2
        yield "m̂", self.m_hat(n)
        yield "v̂", n["v′"] / (1 - n["β₂"] ** n["t"])
        yield "Δw", -n["η"] * n["m̂"] / fold(sqrt(n["v̂"]) + n["ε"])

    def m_hat(self, n: Nums) -> Node:
        """m̂ = m′ / (1 − β₁ᵗ)."""
        return n["m′"] / (1 - n["β₁"] ** n["t"])


class AdamW(Adam):
    """Adam with decoupled weight decay: every step also pulls the parameter directly towards 0, not through m and v.

    Loshchilov, Hutter (2019), "Decoupled Weight Decay Regularization".
    """

    name = "adamw"
    defaults = {**Adam.defaults, "weight_decay": 0.01}
    option_symbols = {**Adam.option_symbols, "weight_decay": "λ"}
    notes = {**Adam.notes, "d": message("weight decay")}

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._minus_decay = np.array(0.0)

    def begin(self, learning_rate: Rate, t: int, scalars: Scalars) -> Scalars:
        """Set −η·λ as well."""
        self._minus_decay = np.asarray(-learning_rate * self.options["weight_decay"])
        return super().begin(learning_rate, t, scalars)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Adam's step, plus −η·λ·w."""
        super().step(w, g, new_slots, step, scratch)
        multiply(w, self._minus_decay, scratch)
        add(step, scratch, step)

    def rules(self, n: Nums) -> Rules:
        """Adam's rules, whose step is u here; then the decay d, and the sum of the two."""
        for name, rule in super().rules(n):
            yield "u" if name == "Δw" else name, rule
        yield "d", -n["η"] * n["λ"] * n["w"]
        yield "Δw", n["u"] + n["d"]


class NAdam(Adam):
    """Adam with the momentum of Nesterov: m̂ looks ahead to the next update.

    The momentum μ of the updates grows towards β₁: μₜ = β₁·(1 − ½·0.96^(t·ψ)). The optimiser stores the product of all
    μ so far, Πμ.
    Dozat (2016), "Incorporating Nesterov Momentum into Adam".
    """

    name = "nadam"
    scalars = ("Πμ",)
    initial_scalars = (1.0,)
    defaults = {**Adam.defaults, "momentum_decay": 0.004}
    option_symbols = {**Adam.option_symbols, "momentum_decay": "ψ"}
    notes = {}
    default_learning_rate = 0.002

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._m_factor, self._g_factor = np.array(0.0), np.array(0.0)

    def begin(self, learning_rate: Rate, t: int, scalars: Scalars) -> Scalars:
        """Set μₜ, μₜ₊₁ and Πμ, and fold the correction of v̂ into η and ε, as Adam does."""
        super().begin(learning_rate, t, scalars)
        self._minus_rate = np.asarray(-learning_rate * math.sqrt(self._correction2))
        mu, next_mu = self._momentum(t), self._momentum(t + 1)
        product = scalars[0] * mu
        self._m_factor.fill(next_mu / (1.0 - product * next_mu))
        self._g_factor.fill((1.0 - mu) / (1.0 - product))
        return (product,)

    def _momentum(self, t: int) -> float:
        shrunk: float = 0.96 ** (t * self.options["momentum_decay"])
        return self._b1 * (1.0 - 0.5 * shrunk)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Δw = −η·m̂ / (√v̂ + ε), in the order of computation of Adam's step."""
        m, v = new_slots
        multiply(m, self._m_factor, step)
        multiply(g, self._g_factor, scratch)
        add(step, scratch, step)
        np.sqrt(v, scratch)
        add(scratch, self._epsilon_t, scratch)
        divide(step, scratch, step)
        multiply(step, self._minus_rate, step)

    def rules(self, n: Nums) -> Rules:
        """μₜ, μₜ₊₁ and the product of all μ so far; then Adam's rules, with a m̂ that looks ahead."""
        yield "μₜ", n["β₁"] * (1 - 0.5 * literal(0.96) ** (n["t"] * n["ψ"]))
        yield "μₜ₊₁", n["β₁"] * (1 - 0.5 * literal(0.96) ** ((n["t"] + 1) * n["ψ"]))
        yield "Πμ′", n["Πμ"] * n["μₜ"]
        yield from super().rules(n)

    def m_hat(self, n: Nums) -> Node:
        """m̂ = μₜ₊₁·m′ / (1 − Πμ′·μₜ₊₁) + (1 − μₜ)·g / (1 − Πμ′)."""
        momentum_part = n["μₜ₊₁"] * n["m′"] / (1 - n["Πμ′"] * n["μₜ₊₁"])
        return momentum_part + (1 - n["μₜ"]) * n["g"] / (1 - n["Πμ′"])


ADAM_FAMILY: tuple[type[Optimizer], ...] = (Adam, AdamW, NAdam)
