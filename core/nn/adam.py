"""Adam and the optimisers that change it a little. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy import add, divide, multiply, subtract

from nn_tui.core.expression.equations import Equation, definition, fold, to_symbols
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.functions import intermediate, sqrt
from nn_tui.core.expression.nodes import Node, Num, Symbol, Words, literal
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import NumbersByName, Optimizer, Options, Scalars, Slots
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
    default_learning_rate = 0.001

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._b1, self._b2, self._epsilon = (self.options[name] for name in ("beta1", "beta2", "eps"))
        self._rest1, self._rest2 = constant(1.0 - self._b1), constant(1.0 - self._b2)
        self._beta2 = constant(self._b2)
        self._correction1 = self._correction2 = 1.0
        self._epsilon_t = np.array(0.0)

    def begin(self, learning_rate: float, t: int, scalars: Scalars) -> Scalars:
        """Fold the bias corrections into η and ε, which gives ηₜ and εₜ; see :meth:`step`."""
        self._correction1, self._correction2 = 1.0 - self._b1**t, 1.0 - self._b2**t
        root = math.sqrt(self._correction2)
        self._minus_rate.fill(-learning_rate * root / self._correction1)
        self._epsilon_t.fill(self._epsilon * root)
        return scalars

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """m′ = m + (1 − β₁)(g − m), which is β₁·m + (1 − β₁)·g; v′ = β₂·v + (1 − β₂)·g²."""
        (m, v), (new_m, new_v) = slots, new_slots
        subtract(g, m, new_m)
        multiply(new_m, self._rest1, new_m)
        add(m, new_m, new_m)
        multiply(v, self._beta2, new_v)
        multiply(g, g, scratch)
        multiply(scratch, self._rest2, scratch)
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

    def slot_rules(self, x: NumbersByName) -> tuple[Node, ...]:
        """m′ = m + (1 − β₁)·(g − m);  v′ = β₂·v + (1 − β₂)·g²."""
        beta1, beta2 = literal(self._b1, "β₁"), literal(self._b2, "β₂")
        m, v, g = x["m"], x["v"], x["g"]
        return m + (1 - beta1) * (g - m), beta2 * v + (1 - beta2) * g**2

    def m_hat_rule(self, x: NumbersByName) -> Node:
        """m̂ = m′ / (1 − β₁ᵗ)."""
        return x["m′"] / (1 - literal(self._b1, "β₁") ** x["t"])

    def v_hat_rule(self, x: NumbersByName) -> Node:
        """v̂ = v′ / (1 − β₂ᵗ)."""
        return x["v′"] / (1 - literal(self._b2, "β₂") ** x["t"])

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·m̂ / (√v̂ + ε)."""
        return self.scaled_m_hat(x, -x["η"])

    def scaled_m_hat(self, x: NumbersByName, factor: Node) -> Node:
        """``factor``·m̂ / (√v̂ + ε)."""
        m_hat, v_hat = intermediate("m̂", self.m_hat_rule(x)), intermediate("v̂", self.v_hat_rule(x))
        return factor * m_hat / fold(sqrt(v_hat) + literal(self._epsilon, "ε"))

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """Both corrected averages, then the step."""
        m_hat, v_hat = self.m_hat_rule(x), self.v_hat_rule(x)
        return [
            Line("step", definition(intermediate("m̂", m_hat), m_hat), note=Words(message("bias correction"))),
            Line("step", definition(intermediate("v̂", v_hat), v_hat)),
            Line("step", definition(x["Δ"], self.scaled_m_hat(x, -x["η"]))),
        ]


class AdamW(Adam):
    """Adam with decoupled weight decay: every step also pulls the parameter directly towards 0, not through m and v.

    Loshchilov, Hutter (2019), "Decoupled Weight Decay Regularization".
    """

    name = "adamw"
    defaults = {**Adam.defaults, "weight_decay": 0.01}

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._minus_decay = np.array(0.0)

    def begin(self, learning_rate: float, t: int, scalars: Scalars) -> Scalars:
        """Set −η·λ as well."""
        self._minus_decay.fill(-learning_rate * self.options["weight_decay"])
        return super().begin(learning_rate, t, scalars)

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Adam's step, plus −η·λ·w."""
        super().step(w, g, new_slots, step, scratch)
        multiply(w, self._minus_decay, scratch)
        add(step, scratch, step)

    def step_rule(self, x: NumbersByName) -> Node:
        """Δw = −η·λ·w − η·m̂ / (√v̂ + ε)."""
        return self._decay_rule(x) - self.scaled_m_hat(x, x["η"])

    def _decay_rule(self, x: NumbersByName) -> Node:
        return -x["η"] * Num(self.options["weight_decay"], symbol=Symbol("λ"), is_given=True) * x["w"]

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """Adam's lines, then the decay and the sum of the two."""
        decay_rule = self._decay_rule(x)
        adam_step, decay = intermediate("u", super().step_rule(x)), intermediate("d", decay_rule)
        return [
            *super().step_lines({**x, "Δ": adam_step}),
            Line("step", definition(decay, decay_rule), Words(message("decay:"))),
            Line("step", definition(x["Δ"], adam_step + decay)),
        ]


class NAdam(Adam):
    """Adam with the momentum of Nesterov: m̂ looks ahead to the next update.

    The momentum μ of the updates grows towards β₁: μₜ = β₁·(1 − ½·0.96^(t·ψ)). The optimiser stores the product of all
    μ so far, Πμ.
    Dozat (2016), "Incorporating Nesterov Momentum into Adam".
    """

    name = "nadam"
    initial_scalars = (1.0,)
    defaults = {**Adam.defaults, "momentum_decay": 0.004}
    default_learning_rate = 0.002

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._mu = self._next_mu = self._product = 0.0
        self._m_factor, self._g_factor = np.array(0.0), np.array(0.0)

    def begin(self, learning_rate: float, t: int, scalars: Scalars) -> Scalars:
        """Set μₜ, μₜ₊₁ and Πμ, and fold the correction of v̂ into η and ε, as Adam does."""
        super().begin(learning_rate, t, scalars)
        self._minus_rate.fill(-learning_rate * math.sqrt(self._correction2))
        self._mu, self._next_mu = self._momentum(t), self._momentum(t + 1)
        self._product = scalars[0] * self._mu
        self._m_factor.fill(self._next_mu / (1.0 - self._product * self._next_mu))
        self._g_factor.fill((1.0 - self._mu) / (1.0 - self._product))
        return (self._product,)

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

    def m_hat_rule(self, x: NumbersByName) -> Node:
        """m̂ = μₜ₊₁·m′ / (1 − Πμ·μₜ₊₁) + (1 − μₜ)·g / (1 − Πμ)."""
        mu, next_mu, product = (
            Num(value, symbol=Symbol(letter), is_given=True)
            for value, letter in ((self._mu, "μₜ"), (self._next_mu, "μₜ₊₁"), (self._product, "Πμ"))
        )
        return next_mu * x["m′"] / (1 - product * next_mu) + (1 - mu) * x["g"] / (1 - product)

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """Adam's lines; its m̂ is more than a bias correction."""
        m_hat, *others = super().step_lines(x)
        return [replace(m_hat, note=None), *others]

    def formulas(self, parameter: str = "w") -> tuple[Equation, ...]:
        """Adam's, and that of m̂."""
        return (*super().formulas(parameter), Equation((Symbol("m̂"), to_symbols(self.m_hat_rule(self.named({}))))))


ADAM_FAMILY: tuple[type[Optimizer], ...] = (Adam, AdamW, NAdam)
