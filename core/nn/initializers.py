"""Initial weights: each initialiser draws one layer's W (units, inputs) and b (units,).

Definitions are those of ``torch.nn.init`` (gain 1 for Xavier, √2 for He with fan-in); biases are zero
except for ``torch_default``, which is what ``torch.nn.Linear`` does for both.
Sources: Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, LayerSpec

Draw = Callable[[np.random.Generator, int, int, dict[str, float]], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Initializer:
    """One initialiser.

    Attributes:
        name: The name in presets.
        draw: ``draw(rng, units, inputs, options)`` gives W (units, inputs) and b (units,).
        options: The options by name, with their default values.
        is_random: Whether it draws weights at random. If not, all units of a layer get the same weights.
        draws_biases: Whether it draws the biases too. If not, they are 0.
    """

    name: str
    draw: Draw
    options: dict[str, float] = field(default_factory=dict)
    is_random: bool = True
    draws_biases: bool = False


def _uniform_within(bound: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
        limit = bound(units, inputs)
        return rng.uniform(-limit, limit, (units, inputs)), np.zeros(units)

    return draw


def _normal_with(deviation: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
        return rng.normal(0.0, deviation(units, inputs), (units, inputs)), np.zeros(units)

    return draw


def _zeros(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
    return np.zeros((units, inputs)), np.zeros(units)


def _constant(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
    return np.full((units, inputs), options["value"]), np.zeros(units)


def _normal(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
    return rng.normal(options["mean"], options["std"], (units, inputs)), np.zeros(units)


def _uniform(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
    return rng.uniform(options["low"], options["high"], (units, inputs)), np.zeros(units)


def _torch_default(rng: np.random.Generator, units: int, inputs: int, options: dict[str, float]) -> tuple[Array, Array]:
    limit = 1.0 / np.sqrt(inputs)
    return rng.uniform(-limit, limit, (units, inputs)), rng.uniform(-limit, limit, units)


INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        Initializer("zeros", _zeros, is_random=False),
        Initializer("constant", _constant, {"value": 0.5}, is_random=False),
        Initializer("normal", _normal, {"mean": 0.0, "std": 1.0}),
        Initializer("uniform", _uniform, {"low": 0.0, "high": 1.0}),
        Initializer("xavier_uniform", _uniform_within(lambda units, inputs: float(np.sqrt(6.0 / (units + inputs))))),
        Initializer("xavier_normal", _normal_with(lambda units, inputs: float(np.sqrt(2.0 / (units + inputs))))),
        Initializer("he_uniform", _uniform_within(lambda units, inputs: float(np.sqrt(6.0 / inputs)))),
        Initializer("he_normal", _normal_with(lambda units, inputs: float(np.sqrt(2.0 / inputs)))),
        Initializer("lecun_normal", _normal_with(lambda units, inputs: float(np.sqrt(1.0 / inputs)))),
        Initializer("torch_default", _torch_default, draws_biases=True),
    )
}


def has_random_weights(layers: Iterable[LayerSpec]) -> bool:
    """Return whether any weight is drawn at random, so that another seed would change it."""
    return any(layer.weights is None and INITIALIZERS[layer.init].is_random for layer in layers)


def initial_parameters(layer: LayerSpec, index: int, inputs: int, seed: int) -> tuple[Array, Array]:
    """W (units, inputs) and b (units,) of layer ``index`` before any update: explicit values, else drawn."""
    initializer = INITIALIZERS[layer.init]
    options = {**initializer.options, **dict(layer.init_options)}
    weights, bias = initializer.draw(stream(seed, "init", index), layer.units, inputs, options)
    if layer.weights is not None:
        weights = np.array(layer.weights, dtype=np.float64).reshape(layer.units, inputs)
    if layer.bias is not None:
        bias = np.array(layer.bias, dtype=np.float64)
    elif layer.weights is not None:
        bias = np.zeros(layer.units)
    return weights, bias
