"""The axes of a landscape: parameters that are trained, or random directions."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import parameter_count, split_parameters
from nn_tui.core.refs import Ref
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.translation import message

MAX_COSINE = 0.5  # between random directions; those of small networks are often nearly parallel
MAX_DRAWS = 20  # of random directions


def trained_parameters(experiment: Experiment) -> tuple[Ref, ...]:
    """Return the weights and biases that updates change, layer by layer, the weights of a layer first."""
    refs: list[Ref] = []
    for layer, (spec, inputs) in enumerate(zip(experiment.layers, experiment.sizes, strict=False)):
        if spec.train_weights:
            refs += [Ref("w", layer, unit, column) for unit in range(spec.units) for column in range(inputs)]
        if spec.train_bias:
            refs += [Ref("b", layer, unit) for unit in range(spec.units)]
    return tuple(refs)


def parameter_index(ref: Ref, sizes: tuple[int, ...]) -> int:
    """Return the index of a weight or bias in the flat vector of parameters."""
    valid = ref.is_parameter and 0 <= ref.layer < len(sizes) - 1 and 0 <= ref.unit < sizes[ref.layer + 1]
    if not valid or (ref.is_weight and not 0 <= ref.input < sizes[ref.layer]):
        problem = message(
            "{name} is not a weight or bias of this network; write for example w1[1,1] or b1[1].", name=ref.symbol
        )
        raise InputError("not_found", problem, value=ref)
    inputs = sizes[ref.layer]
    column = ref.input if ref.is_weight else inputs
    return parameter_count(sizes[: ref.layer + 1]) + ref.unit * (inputs + 1) + column


def random_directions(state: State, experiment: Experiment, seed: int) -> Array:
    """Draw two filter-normalised directions (2, parameters); draw again if they are nearly parallel."""
    best, lowest_cosine = np.zeros((2, state.array.shape[1])), np.inf
    for draw in range(MAX_DRAWS):
        rng = stream(seed, "landscape", draw)
        pair = np.stack([_random_direction(state, experiment, rng) for _ in range(2)])
        lengths = np.linalg.norm(pair, axis=1)
        cosine = abs(float(pair[0] @ pair[1])) / float(lengths.prod())
        if cosine < lowest_cosine:
            best, lowest_cosine = pair, cosine
        if cosine <= MAX_COSINE:
            break
    return best


def _random_direction(state: State, experiment: Experiment, rng: np.random.Generator) -> Array:
    flat = np.zeros(state.array.shape[1])
    parts = split_parameters(flat, experiment.sizes)
    for augmented, weights, layer in zip(parts, state.weights, experiment.layers, strict=True):
        part = augmented[:, :-1]
        drawn = rng.normal(size=part.shape)
        if not layer.train_weights:
            continue
        lengths = np.linalg.norm(weights, axis=1, keepdims=True)
        # Weights that are all 0 have no length; with 1 instead the plane still has an extent there.
        lengths[lengths == 0.0] = 1.0
        part[...] = drawn * (lengths / np.linalg.norm(drawn, axis=1, keepdims=True))
    return flat
