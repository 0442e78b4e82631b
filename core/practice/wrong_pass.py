"""A pass in plain NumPy with a mistake in it, or with wrong answers in the places of some numbers.

:class:`WrongPass` computes an array only when it is asked for. What the array is computed from is either right, or
computed with the same mistake: ``carries`` decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.losses import add_penalty_gradient, penalty
from nn_tui.core.nn.optimizer import Optimizer
from nn_tui.core.practice.slips import NO_SLIP, Slip
from nn_tui.core.refs import BY_SAMPLE, Quantity, QuantityKey, Ref
from nn_tui.core.spec import Array

Answers = Mapping[Ref, float]
GIVEN: tuple[Quantity, ...] = ("x", "y", "w", "b", "state_w", "state_b")


class WrongPass:
    """A pass with a mistake.

    Args:
        engine: The engine of the pass.
        trace: The right pass.
        slip: What is done wrong.
        layers: The layers in which it is done; None for all.
        carries: Whether numbers are computed from wrong ones. Otherwise only the last operation is wrong.
        answers: Numbers that replace those of the pass.
        previous: The pass before, for the mistake that adds its gradients.
    """

    def __init__(
        self,
        engine: Engine,
        trace: Trace,
        slip: Slip = NO_SLIP,
        *,
        layers: Collection[int] | None = None,
        carries: bool = False,
        answers: Answers | None = None,
        previous: Trace | None = None,
    ) -> None:
        self.engine = engine
        self.trace = trace
        self.slip = slip
        self.layers = range(len(engine.sizes) - 1) if layers is None else layers
        self.carries = carries
        self.answers = answers or {}
        self.previous = previous
        self._arrays: dict[tuple[QuantityKey, int], Array] = {}

    def value(self, ref: Ref) -> float:
        """Return the number at an address as the last operation gives it, whatever was answered for it."""
        with np.errstate(all="ignore"):
            array = self.compute(ref.key, ref.layer)
        if ref.quantity == "loss":
            return float(array)
        if ref.quantity in BY_SAMPLE:
            return float(array[ref.sample, ref.unit])
        return float(array[ref.indices])

    def get(self, key: QuantityKey, layer: int) -> Array:
        """Return an array from which others are computed, with the answers and the shift of a wrong unit."""
        found = self._arrays.get((key, layer))
        if found is None:
            found = self._answered(key, layer, self._before_answers(key, layer))
            self._arrays[key, layer] = found
        shifted = self.slip.shifted
        if shifted is not None and shifted[0] == key.quantity and not key.after and found.ndim >= -shifted[1]:
            return np.roll(found, -shifted[2], axis=shifted[1])
        return found

    def _before_answers(self, key: QuantityKey, layer: int) -> Array:
        if key.quantity in GIVEN and not key.after:
            return quantity(self.engine, self.trace, key, layer)
        # A slope is no answer of its own: it follows from z and a.
        return self.compute(key, layer) if self.carries or key.quantity == "slope" else self._right(key, layer)

    def _right(self, key: QuantityKey, layer: int) -> Array:
        return np.asarray(self.trace.loss) if key.quantity == "loss" else quantity(self.engine, self.trace, key, layer)

    def _answered(self, key: QuantityKey, layer: int, array: Array) -> Array:
        answers = [(ref, value) for ref, value in self.answers.items() if ref.key == key and ref.layer == layer]
        if answers:
            array = array.copy()
            for ref, value in answers:
                array[(ref.sample, ref.unit) if ref.quantity in BY_SAMPLE else ref.indices] = value
        return array

    def _of(self, name: Quantity, layer: int) -> Array:
        return self.get(QuantityKey(name), layer)

    def _is_wrong_in(self, layer: int) -> bool:
        return layer in self.layers

    def compute(self, key: QuantityKey, layer: int) -> Array:
        """Return an array as its own operation gives it, from what :meth:`get` returns."""
        if key.after or key.is_step:
            return self._update(key, layer)
        match key.quantity:
            case "z":
                return self._z(layer)
            case "a":
                return self._a(layer)
            case "slope":
                return self._slope(layer)
            case "term":
                return self._terms()
            case "loss":
                return self._loss()
            case "da":
                return self._da(layer)
            case "dz":
                return self._dz(layer)
            case "dw" | "db":
                return self._gradient(key.quantity, layer)
            case "dx":
                return self._back_through_weights(layer)
        return self._right(key, layer)

    # Forward

    def _input(self, layer: int) -> Array:
        if layer == 0:
            return self._of("x", 0)
        return self._of("z" if self.slip.input == "z" and self._is_wrong_in(layer) else "a", layer - 1)

    def _weights(self, layer: int, *, after: bool = False, is_transposed: bool = False) -> Array:
        weights = self.get(QuantityKey("w", after=after), layer)
        if not (is_transposed and self._is_wrong_in(layer)):
            return weights
        units, inputs = weights.shape
        # Weights that are not square can only be read in the wrong order.
        return weights.T if units == inputs else weights.reshape(inputs, units).T

    def _z(self, layer: int) -> Array:
        z = self._input(layer) @ self._weights(layer, is_transposed=self.slip.transposed_forward).T
        return z + self._of("b", layer) if self.slip.has_bias or not self._is_wrong_in(layer) else z

    def _a(self, layer: int) -> Array:
        z = self._of("z", layer)
        if self.slip.output == "z" and self._is_wrong_in(layer):
            return z
        out = np.empty(z.shape)
        self.engine.activations[layer].value(np.ascontiguousarray(z), out)
        return out

    @property
    def _has_other_output(self) -> bool:
        """Whether ŷ may not be the activation of z."""
        is_z = self.slip.output == "z" and self._is_wrong_in(len(self.engine.sizes) - 2)
        return is_z or self.slip.shifted is not None or any(ref.quantity == "a" for ref in self.answers)

    def _output_logits(self) -> Array:
        """Return z of the output; for a loss of logits, the z that belongs to ŷ if ŷ is not the activation of z."""
        loss, last = self.engine.loss, len(self.engine.sizes) - 2
        if loss.logits is not None and self._has_other_output:
            return loss.logits(self._of("a", last))
        return self._of("z", last)

    def _terms(self) -> Array:
        loss, a, y = self.engine.loss, self._of("a", len(self.engine.sizes) - 2), self._of("y", 0)
        if loss.ignores_zero_targets and self._has_other_output:  # −Σ y·log ŷ: from z the ŷ would add up to 1 again
            return np.where(y == 0.0, 0.0, -y * np.log(a)) * self.slip.reduction
        return loss.terms(self._output_logits(), a, y) * self.slip.reduction

    def _loss(self) -> Array:
        slip, training = self.slip, self.engine.experiment.training
        by_sample = self._answered(QuantityKey("term"), 0, self._terms()).sum(axis=1)
        total = by_sample.sum() if slip.sample is None else by_sample[slip.sample] * slip.sample_factor
        weights = [self._of("w", layer) for layer in range(len(self.engine.sizes) - 1)]
        return np.asarray(
            total * self.trace.scale * slip.gradient + penalty(weights, training.l1, training.l2 * slip.penalty)
        )

    # Backward

    def _slope(self, layer: int) -> Array:
        z, a, how = self._of("z", layer), self._of("a", layer), self.slip.slope
        function = self.engine.activations[layer].slope
        out = np.ones(z.shape)
        if function is None or (how == "one" and self._is_wrong_in(layer)):
            return out
        if how == "of z" and self._is_wrong_in(layer):
            a = z
        elif how == "of a" and self._is_wrong_in(layer):
            z, a = a, np.empty(a.shape)
            self.engine.activations[layer].value(z, a)
        function(z, a, out)
        return out

    def _error(self, by_output: bool) -> Array:
        """Return the derivative of the loss by a, or by z for a loss that acts on z, with the factor of the mean."""
        loss, last = self.engine.loss, len(self.engine.sizes) - 2
        z, a, y = self._of("z", last), self._of("a", last), self._of("y", 0)
        out = np.empty(a.shape)
        if by_output and loss.chain_gradient is not None:
            loss.chain_gradient(z, a, y, out)
        else:
            out = loss.gradient(z, a, y)
        return out * (self.trace.scale * self.slip.reduction * self.slip.error)

    def _back_through_weights(self, layer: int) -> Array:
        after = self.slip.backward != "before" and self._is_wrong_in(layer)
        if after and self.slip.backward == "right after":
            return self._of("dz", layer) @ self.trace.after.weights[layer]
        weights = self._weights(layer, after=after, is_transposed=self.slip.transposed_backward)
        return self._of("dz", layer) @ weights

    def _da(self, layer: int) -> Array:
        is_output = layer == len(self.engine.sizes) - 2
        return self._error(by_output=True) if is_output else self._back_through_weights(layer + 1)

    def _dz(self, layer: int) -> Array:
        loss, is_output = self.engine.loss, layer == len(self.engine.sizes) - 2
        if is_output and loss.acts_on == "z" and not (self.slip.by_chain and loss.chain_gradient):
            return self._error(by_output=False)
        da = self._of("da", layer)
        if self.engine.activations[layer].slope is not None:
            return da * self._of("slope", layer)
        slip, a = self.slip.slope, self._of("a", layer)
        if slip == "one" and self._is_wrong_in(layer):
            return da
        a = self._of("z", layer) if slip == "of z" and self._is_wrong_in(layer) else a
        product: Array = a * (da - (a * da).sum(axis=1, keepdims=True))
        return product

    def _gradient(self, name: Quantity, layer: int) -> Array:
        slip, network = self.slip, self.engine.network
        dz, inputs = self._of("dz", layer), self._input(layer)
        if slip.sample is not None:
            rows = slice(slip.sample, slip.sample + 1)
            dz, inputs = dz[rows] * slip.sample_factor, inputs[rows]
        gradient = (dz.T @ inputs if name == "dw" else dz.sum(axis=0)) * slip.gradient
        if name == "dw":
            if slip.transposed_gradient and gradient.shape[0] == gradient.shape[1]:
                gradient = gradient.T
            gradient = np.ascontiguousarray(gradient)
            add_penalty_gradient(self._of("w", layer), network.l1, network.l2 * slip.penalty, gradient)
        if slip.adds_previous and self.previous is not None:
            gradient = gradient + (self.previous.dw if name == "dw" else self.previous.db)[layer]
        return gradient

    # Update

    def _update(self, key: QuantityKey, layer: int) -> Array:
        """Return a parameter after the update, its step, or a slot of the optimiser after the update."""
        is_weight, spec = key.is_weight, self.engine.experiment.layers[layer]
        w, g = (self._of(name, layer) for name in (("w", "dw") if is_weight else ("b", "db")))
        if not (spec.train_weights if is_weight else spec.train_bias):
            return np.zeros(w.shape) if key.is_step else self._of(key.quantity, layer)
        optimizer = self.engine.new_optimizer()
        rate = self.trace.learning_rate if self.slip.has_rate else 1.0
        optimizer.begin(rate, self.trace.after.steps, self.trace.before.scalars)
        state: Quantity = "state_w" if is_weight else "state_b"
        slots = [self.get(QuantityKey(state, name), layer) for name in optimizer.slots]
        new_slots = [np.empty(w.shape) for _ in slots]
        optimizer.update_slots(g, slots, new_slots, np.empty(w.shape))
        new_slots = [
            self._answered(QuantityKey(state, name, after=True), layer, slot)
            for name, slot in zip(optimizer.slots, new_slots, strict=True)
        ]
        if key.is_optimizer_state:
            return new_slots[optimizer.slots.index(key.slot)]
        if self.slip.corrects_m and self.slip.corrects_v:
            step = np.empty(w.shape)
            optimizer.step(w, g, new_slots, step, np.empty(w.shape))
        else:
            step = self._uncorrected_step(optimizer, w, g, new_slots, rate)
        step = step * self.slip.direction
        if key.is_step:
            return step
        return w + self._answered(QuantityKey("step_w" if is_weight else "step_b"), layer, step)

    def _uncorrected_step(self, optimizer: Optimizer, w: Array, g: Array, slots: list[Array], rate: float) -> Array:
        """Return the step of an optimiser of the Adam family without one or both of its bias corrections."""
        options, t, (m, v) = optimizer.options, self.trace.after.steps, slots
        if self.slip.corrects_v:
            v = v / (1.0 - options["beta2"] ** t)
        if "momentum_decay" in options:
            mu, next_mu = (_nadam_momentum(options, count) for count in (t, t + 1))
            product = self.trace.before.scalars[0] * mu
            m_part, g_part = next_mu * m, (1.0 - mu) * g
            if self.slip.corrects_m:
                m_part, g_part = m_part / (1.0 - product * next_mu), g_part / (1.0 - product)
            m = m_part + g_part
        elif self.slip.corrects_m:
            m = m / (1.0 - options["beta1"] ** t)
        return -rate * m / (np.sqrt(v) + options["eps"]) - rate * options.get("weight_decay", 0.0) * w


def _nadam_momentum(options: Mapping[str, float], t: int) -> float:
    return options["beta1"] * (1.0 - 0.5 * float(0.96 ** (t * options["momentum_decay"])))
