"""Adam and the optimisers that change it a little. Rules, options and defaults are those of ``torch.optim``."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np
from numpy import add, divide, multiply, subtract

from nn_tui.core.expression import Line, Num
from nn_tui.core.nn.constants import constant
from nn_tui.core.nn.optimizer import Optimizer, Options, Scalars, Slots
from nn_tui.core.spec import Array
from nn_tui.core.text import superscript


class Adam(Optimizer):
    """Adam: a moving average of the gradient, divided by the root of a moving average of its square.

    Both averages start at 0 and are too small at first; m̂ and v̂ are corrected for that.
    Kingma, Ba (2015), "Adam: A Method for Stochastic Optimization".
    """

    name = "adam"
    slots = ("m", "v")
    defaults = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    default_learning_rate = 0.001
    slot_formulas = ("m′ = m + (1 − β₁)(g − m)", "v′ = β₂·v + (1 − β₂)·g²")
    step_formula = "Δw = −η·m̂ / (√v̂ + ε)"

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
        root = sqrt(self._correction2)
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

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """m̂ = m′ / (1 − β₁ᵗ), v̂ = v′ / (1 − β₂ᵗ), and the divisor."""
        m, v = new_slots
        v_hat = v / self._correction2
        return {"m̂": m / self._correction1, "v̂": v_hat, "√v̂ + ε": np.sqrt(v_hat) + self._epsilon}

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """Both averages, both corrected ones, then the step."""
        rest1, rest2 = f" + (1 − {self._b1!r}) × (", f" + (1 − {self._b2!r}) × "
        return [
            ("m′ = m + (1 − β₁)(g − m) = ", x["m"], rest1, x["g"], " − ", x["m"], ") = ", x["m′"]),
            (f"v′ = β₂·v + (1 − β₂)·g² = {self._b2!r} × ", x["v"], rest2, x["g"], "² = ", x["v′"]),
            self._m_hat_line(x),
            ("v̂ = v′/(1 − β₂ᵗ) = ", x["v′"], f" / (1 − {self._b2!r}{power(x)}) = ", x["v̂"]),
            ("Δ = −η·m̂ / (√v̂ + ε) = −", x["η"], " × ", x["m̂"], " / ", x["√v̂ + ε"], " = ", x["Δ"]),
        ]

    def _m_hat_line(self, x: Mapping[str, Num]) -> Line:
        return ("m̂ = m′/(1 − β₁ᵗ) = ", x["m′"], f" / (1 − {self._b1!r}{power(x)}) = ", x["m̂"], "   (bias correction)")


def power(x: Mapping[str, Num]) -> str:
    """The number of the update as an exponent."""
    return superscript(int(x["t"].value))


class AdamW(Adam):
    """Adam with decoupled weight decay: every step also pulls the parameter directly towards 0, not through m and v.

    Loshchilov, Hutter (2019), "Decoupled Weight Decay Regularization".
    """

    name = "adamw"
    defaults = {**Adam.defaults, "weight_decay": 0.01}
    step_formula = "Δw = −η·λ·w − η·m̂ / (√v̂ + ε)"

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

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """Adam's, and the two parts of the step."""
        adam_step = np.empty_like(w)
        super().step(w, g, new_slots, adam_step, np.empty_like(w))
        return {**super().details(w, g, new_slots), "step": adam_step, "decay": self._minus_decay * w}

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """Adam's lines, then the decay and the sum of the two."""
        factor = Num(self.options["weight_decay"])
        return [
            *super().lines({**x, "Δ": x["step"]}),
            ("decay: −η·λ·w = −", x["η"], " × ", factor, " × ", x["w"], " = ", x["decay"]),
            ("Δ = step + decay = ", x["step"], " + ", x["decay"], " = ", x["Δ"]),
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
    step_formula = "Δw = −η·m̂ / (√v̂ + ε), m̂ = μₜ₊₁·m′/(1 − Πμ·μₜ₊₁) + (1 − μₜ)·g/(1 − Πμ)"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._mu = self._next_mu = self._product = 0.0
        self._m_factor, self._g_factor = np.array(0.0), np.array(0.0)

    def begin(self, learning_rate: float, t: int, scalars: Scalars) -> Scalars:
        """Set μₜ, μₜ₊₁ and Πμ, and fold the correction of v̂ into η and ε, as Adam does."""
        super().begin(learning_rate, t, scalars)
        self._minus_rate.fill(-learning_rate * sqrt(self._correction2))
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

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """Adam's, with another m̂."""
        m_hat = self._m_factor * new_slots[0] + self._g_factor * g
        return {**super().details(w, g, new_slots), "m̂": m_hat}

    def _m_hat_line(self, x: Mapping[str, Num]) -> Line:
        mu, following, product = Num(self._mu), Num(self._next_mu), Num(self._product)
        ahead: Line = (following, " × ", x["m′"], " / (1 − ", product, " × ", following, ")")
        now: Line = ("(1 − ", mu, ") × ", x["g"], " / (1 − ", product, ")")
        return ("m̂ = μₜ₊₁·m′/(1 − Πμ·μₜ₊₁) + (1 − μₜ)·g/(1 − Πμ) = ", *ahead, " + ", *now, " = ", x["m̂"])


ADAM_FAMILY: tuple[type[Optimizer], ...] = (Adam, AdamW, NAdam)
