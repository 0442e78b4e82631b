"""A pass as a student computes it, in plain NumPy and independent of the program, with one mistake if asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from math import erf, pi

import numpy as np

from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Array, Experiment

Function = Callable[..., Array]


def _sigmoid(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def _phi(z: Array) -> Array:
    return np.asarray(np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * pi))


_normal = np.vectorize(lambda z: 0.5 * (1.0 + erf(z / np.sqrt(2.0))), otypes=[float])


def _mish_t(z: Array) -> Array:
    return np.asarray(np.tanh(np.log1p(np.exp(z))))


ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "sigmoid": (_sigmoid, lambda z, a: a * (1.0 - a)),
    "tanh": (np.tanh, lambda z, a: 1.0 - a**2),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z, a: (z > 0.0) * 1.0),
    "leaky_relu": (lambda z: np.where(z > 0.0, z, 0.01 * z), lambda z, a: np.where(z > 0.0, 1.0, 0.01)),
    "elu": (lambda z: np.where(z > 0.0, z, np.exp(z) - 1.0), lambda z, a: np.where(z > 0.0, 1.0, np.exp(z))),
    "gelu": (lambda z: z * _normal(z), lambda z, a: _normal(z) + z * _phi(z)),
    "silu": (lambda z: z * _sigmoid(z), lambda z, a: _sigmoid(z) * (1.0 + z * (1.0 - _sigmoid(z)))),
    "mish": (
        lambda z: z * _mish_t(z),
        lambda z, a: _mish_t(z) + z * (1.0 - _mish_t(z) ** 2) * _sigmoid(z),
    ),
    "softplus": (lambda z: np.log1p(np.exp(z)), lambda z, a: _sigmoid(z)),
}
"""Each activation and its slope."""
# The term of the loss and its derivative, both of the prediction and the target; of z for the perceptron.
LOSSES: dict[str, tuple[Function, Function]] = {
    "half_squared_error": (lambda p, y: 0.5 * (p - y) ** 2, lambda p, y: p - y),
    "mean_squared_error": (lambda p, y: (p - y) ** 2, lambda p, y: 2.0 * (p - y)),
    "mean_absolute_error": (lambda p, y: abs(p - y), lambda p, y: np.sign(p - y)),
    "huber": (
        lambda p, y: np.where(abs(p - y) < 1.0, 0.5 * (p - y) ** 2, abs(p - y) - 0.5),
        lambda p, y: np.clip(p - y, -1.0, 1.0),
    ),
    "binary_cross_entropy": (
        lambda p, y: -(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)),
        lambda p, y: (1.0 - y) / (1.0 - p) - y / p,
    ),
    "cross_entropy": (lambda p, y: -np.where(y > 0, y * np.log(p), 0.0), lambda p, y: -y / p),
    "perceptron": (lambda z, y: ((z >= 0.0) - y) * z, lambda z, y: (z >= 0.0) - y),
}
FUSED = ("binary_cross_entropy", "cross_entropy")
PER_OUTPUT = ("mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy")


@dataclass
class ByHand:
    """One pass by hand.

    Attributes:
        experiment: The network and its training.
        trace: The pass, of which only the batch, the parameters, the optimiser's state and η are read.
        mistake: The mistake.
        layers: The layers in which it is made.
        previous: The pass before, whose gradients may be added.
        sample: The sample of ``one_sample_only``.
        arrays: The results by quantity and layer.
        loss: The loss.
    """

    experiment: Experiment
    trace: Trace
    mistake: str = ""
    layers: Collection[int] = ()
    previous: Trace | None = None
    sample: int = 0
    arrays: dict[tuple[str, int], Array] = field(default_factory=dict)
    loss: float = 0.0

    def __post_init__(self) -> None:
        with np.errstate(all="ignore"):
            self.forward()
            self.backward()
            self.update()

    def makes(self, mistake: str, layer: int) -> bool:
        """Return whether a mistake is made in a layer."""
        return self.mistake == mistake and layer in self.layers

    def forward(self) -> None:
        """Compute z and a."""
        a = self.trace.x
        for layer, spec in enumerate(self.experiment.layers):
            w, b = self.trace.before.weights[layer], self.trace.before.biases[layer]
            if self.makes("transposed_weights", layer) and w.shape[0] == w.shape[1]:
                w = w.T
            z = a @ w.T
            if not self.makes("bias_left_out", layer):
                z = z + b
            if self.makes("activation_left_out", layer):
                a = z
            elif spec.activation == "softmax":
                a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
            else:
                a = ACTIVATIONS[spec.activation][0](z)
            self.arrays["z", layer], self.arrays["a", layer] = z, a

    @property
    def scale(self) -> float:
        """The factor of the mean."""
        rows, outputs = self.trace.y.shape
        training = self.experiment.training
        right = 1.0 if training.reduction == "sum" else 1.0 / rows
        if training.reduction == "mean" and training.loss in PER_OUTPUT:
            right /= outputs
        return {"mean_left_out": 1.0, "mean_twice": right**2, "half_or_two": 2.0 * right}.get(self.mistake, right)

    def backward(self) -> None:
        """Compute the loss and all gradients."""
        training, y, last = self.experiment.training, self.trace.y, len(self.experiment.layers) - 1
        out = self.arrays["z" if training.loss == "perceptron" else "a", last]
        term, derivative = LOSSES[training.loss]
        weights = self.trace.before.weights
        squares, sizes = (sum(float(f(w).sum()) for w in weights) for f in (np.square, np.abs))
        terms = term(out, y)
        if self.mistake == "one_sample_only":
            terms = terms[self.sample : self.sample + 1]
        self.loss = float(self.scale * terms.sum() + training.l1 * sizes + 0.5 * training.l2 * squares)
        sign = -1.0 if self.mistake == "sign" else 1.0
        da = sign * self.scale * derivative(out, y)
        for layer in range(last, -1, -1):
            activation = self.experiment.layers[layer].activation
            z, a = self.arrays["z", layer], self.arrays["a", layer]
            if layer == last and training.loss == "perceptron":
                dz = da
            elif layer == last and training.loss in FUSED:
                dz = sign * self.scale * (a - y)
            elif self.makes("slope_left_out", layer):
                dz = da
            elif activation == "softmax":
                dz = np.stack([(np.diag(row) - np.outer(row, row)) @ d for row, d in zip(a, da, strict=True)])
            else:
                dz = da * ACTIVATIONS[activation][1](z, z if self.makes("slope_of_wrong_argument", layer) else a)
            inputs = self.arrays["a", layer - 1] if layer else self.trace.x
            rows = slice(self.sample, self.sample + 1) if self.mistake == "one_sample_only" else slice(None)
            w = weights[layer]
            dw = dz[rows].T @ inputs[rows] + training.l1 * np.sign(w) + training.l2 * w
            db = dz[rows].sum(axis=0)
            if self.mistake == "accumulated" and self.previous is not None:
                dw, db = dw + self.previous.dw[layer], db + self.previous.db[layer]
            for name, array in (("da", da), ("dz", dz), ("dw", dw), ("db", db)):
                self.arrays[name, layer] = np.asarray(array)
            used = w
            if self.makes("updated_weights", layer):
                used = self.stepped(layer, "w")[0]
            if self.makes("transposed_weights", layer) and w.shape[0] == w.shape[1]:
                used = used.T
            da = dz @ used

    def update(self) -> None:
        """Compute the new parameters and the optimiser's new state."""
        for layer in range(len(self.experiment.layers)):
            for name in ("w", "b"):
                new, slots = self.stepped(layer, name)
                self.arrays[f"{name}′", layer] = new
                for slot, array in slots.items():
                    self.arrays[f"state_{name} {slot}′", layer] = array

    def stepped(self, layer: int, name: str) -> tuple[Array, dict[str, Array]]:
        """Return a parameter after the update, and the optimiser's state for it."""
        spec, before = self.experiment.layers[layer], self.trace.before
        w = (before.weights if name == "w" else before.biases)[layer]
        optimizer = self.experiment.training.optimizer
        slot_names = {"momentum": ("velocity",), "nesterov": ("velocity",), "adagrad": ("sum of squares",),
                      "rmsprop": ("mean square",), "sgd": ()}.get(optimizer.name, ("m", "v"))  # fmt: skip
        old = {slot: before.slot(index)[0 if name == "w" else 1][layer] for index, slot in enumerate(slot_names)}
        if not (spec.train_weights if name == "w" else spec.train_bias):
            return w, old
        g, t = self.arrays[f"d{name}", layer], self.trace.after.steps
        eta = 1.0 if self.mistake == "learning_rate_left_out" else self.trace.learning_rate
        direction = -1.0 if self.mistake == "added_instead_of_subtracted" else 1.0
        decay = 0.0
        match optimizer.name:
            case "sgd":
                new, step = {}, g
            case "momentum":
                new = {"velocity": 0.9 * old["velocity"] + g}
                step = new["velocity"]
            case "nesterov":
                new = {"velocity": 0.9 * old["velocity"] + g}
                step = g + 0.9 * new["velocity"]
            case "adagrad":
                new = {"sum of squares": old["sum of squares"] + g**2}
                step = g / (np.sqrt(new["sum of squares"]) + 1e-10)
            case "rmsprop":
                new = {"mean square": 0.99 * old["mean square"] + 0.01 * g**2}
                step = g / (np.sqrt(new["mean square"]) + 1e-8)
            case kind:
                m, v = 0.9 * old["m"] + 0.1 * g, 0.999 * old["v"] + 0.001 * g**2
                new = {"m": m, "v": v}
                corrects = self.mistake != "bias_correction_left_out"
                if kind == "nadam":
                    mu, next_mu = (0.9 * (1.0 - 0.5 * 0.96 ** (0.004 * count)) for count in (t, t + 1))
                    product = float(np.prod([0.9 * (1.0 - 0.5 * 0.96 ** (0.004 * k)) for k in range(1, t + 1)]))
                    parts = (1.0 - product * next_mu, 1.0 - product) if corrects else (1.0, 1.0)
                    m_hat = next_mu * m / parts[0] + (1.0 - mu) * g / parts[1]
                else:
                    m_hat = m / (1.0 - 0.9**t) if corrects else m
                v_hat = v / (1.0 - 0.999**t) if corrects else v
                step = m_hat / (np.sqrt(v_hat) + 1e-8)
                decay = 0.01 if kind == "adamw" else 0.0
        return w - direction * eta * (step + decay * w), new

    def at(self, key: QuantityKey, layer: int, place: tuple[int, ...]) -> float:
        """Return one number."""
        if key.quantity == "loss":
            return self.loss
        name = f"{key.quantity}{f' {key.slot}' if key.slot else ''}{'′' if key.after else ''}"
        return float(self.arrays[name, layer][place])
