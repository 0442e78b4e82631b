"""Every quantity of a pass by name. Those that the pass itself does not need are completed from the trace.

Matrices, arithmetic, commands and tests read numbers with ``quantity(engine, trace, key, layer)``; a key is the name of
a quantity, or a :class:`~nn_tui.core.refs.QuantityKey`.
"""

from __future__ import annotations

import math
from types import EllipsisType

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.optimizer import Optimizer
from nn_tui.core.refs import UPDATED, QuantityLike, Ref, to_key
from nn_tui.core.spec import Array

Index = EllipsisType | tuple[int, ...]


def output_da(engine: Engine, trace: Trace) -> Array:
    """Return ∂L/∂a of the output layer, (batch, outputs), also where the pass starts at ∂L/∂z.

    Where a is rounded to 0 or 1, ∂L/∂a of a cross-entropy is a limit and may be infinite. That is no divergence.
    """
    if engine.loss.acts_on == "a":
        return trace.da[-1]
    with np.errstate(all="ignore"):
        return loss_slope(engine, trace) * trace.scale


def loss_slope(engine: Engine, trace: Trace) -> Array:
    """Return the derivative of each term of the loss by a, (batch, outputs): ∂L/∂a before it is scaled by 1/N."""
    loss, z, a, y = engine.loss, trace.z[-1], trace.a[-1], trace.y
    with np.errstate(all="ignore"):
        if loss.chain_gradient is None:
            return loss.gradient(z, a, y)
        out = np.empty_like(a)
        loss.chain_gradient(z, a, y, out)
    return out


def slope(engine: Engine, trace: Trace, layer: int) -> Array | None:
    """Return σ′(z) of a layer, (batch, units); None for softmax, which has a Jacobian instead."""
    function = engine.activations[layer].slope
    if function is None:
        return None
    out = np.empty_like(trace.z[layer])
    with np.errstate(all="ignore"):
        function(trace.z[layer], trace.a[layer], out)
    return out


def input_of(trace: Trace, layer: int) -> Array:
    """Return the input of a layer, (batch, inputs): x for the first layer, else a of the layer before."""
    return trace.a[layer - 1] if layer else trace.x


def prediction(engine: Engine, trace: Trace) -> Array:
    """Return the predictions, (batch, outputs): the output a, or step(z) for a perceptron."""
    return engine.loss.prediction(trace.z[-1], trace.a[-1])


def input_gradient(trace: Trace, layer: int, sample: int) -> Array:
    """Return ∂L/∂x of one sample, (inputs,): a row of the quantity ``dx`` without the cost of the others."""
    with np.errstate(all="ignore"):
        row: Array = trace.dz[layer][sample] @ trace.before.weights[layer]
    return row


def quantity(engine: Engine, trace: Trace, key: QuantityLike, layer: int) -> Array:
    """Return a quantity of a layer (from 0): (units, inputs), (units,) or (batch, units).

    Raises:
        KeyError: The pass has no such array: the loss, δ after the update, or σ′(z) of softmax.
        ValueError: The optimiser's state has no such array.
    """
    key = to_key(key)
    name = key.quantity
    if key.after and name not in UPDATED:
        raise KeyError(key)
    state = trace.after if key.after else trace.before
    if name in ("z", "a", "dz", "dw", "db"):
        return getattr(trace, name)[layer]  # type: ignore[no-any-return]
    if name in ("x", "y"):
        return trace.x if name == "x" else trace.y
    if name == "term":
        return trace.terms
    if name == "da":
        return output_da(engine, trace) if layer == len(trace.z) - 1 else trace.da[layer]
    if name in ("w", "b"):
        return (state.weights if name == "w" else state.biases)[layer]
    if name in ("state_w", "state_b"):
        weights, biases = state.slot(engine.optimizer.slots.index(key.slot))
        return (weights if name == "state_w" else biases)[layer]
    with np.errstate(all="ignore"):
        if name in ("step_w", "step_b"):
            return step_of(engine, trace, layer)[0 if name == "step_w" else 1]
        if name == "dx":
            return trace.dz[layer] @ trace.before.weights[layer]
    if name == "slope":
        slopes = slope(engine, trace, layer)
        if slopes is not None:
            return slopes
    raise KeyError(key)


def first_nonzero_weight(trace: Trace) -> Ref:
    """Return a weight of the first layer and a sample for which the first products are not 0, if there is one.

    It is the first weight, for the first sample whose first input is not 0. If that input is 0 in the whole batch, it
    is the first weight of the first unit with a nonzero term in its gradient.
    """
    nonzero = trace.x != 0
    if nonzero[:, 0].any():
        return Ref("w", sample=int(nonzero[:, 0].argmax()))
    terms = nonzero & (trace.dz[0][:, :1] != 0)
    sample, column = divmod(int((terms if terms.any() else nonzero).argmax()), nonzero.shape[1])
    return Ref("w", input=column, sample=sample)


def extent(engine: Engine, trace: Trace, key: QuantityLike, layer: int) -> tuple[float, bool]:
    """Return the largest finite magnitude of a quantity, and whether all its numbers are finite.

    The result is computed once while the trace is held.

    Raises:
        KeyError: The pass has no such array.
    """
    key = to_key(key)
    extent = trace.extents.get((key, layer))
    if extent is None:  # and another thread may clear all of them at any moment
        extent = trace.extents[key, layer] = extent_of(quantity(engine, trace, key, layer))
    return extent


def extent_of(values: Array) -> tuple[float, bool]:
    """Return the largest finite magnitude of an array, or 0, and whether all its numbers are finite."""
    largest = float(max(values.max(), -values.min())) if values.size else 0.0
    if math.isfinite(largest):
        return largest, True
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0)), False


def step_of(engine: Engine, trace: Trace, layer: int) -> tuple[Array, Array]:
    """Return the optimiser's step of a layer, ΔW (units, inputs) and Δb (units,), both read-only.

    W′ − W would show the rounding of W′: it is 0 where the step is far smaller than the weight. The result is computed
    once while the trace is held.
    """
    steps = trace.steps.get(layer)
    if steps is None:  # another thread may clear all of them at any moment
        steps = (_step(engine, trace, layer, ..., True), _step(engine, trace, layer, ..., False))
        trace.steps[layer] = steps
    return steps


def step_at(engine: Engine, trace: Trace, layer: int, index: tuple[int, ...]) -> float:
    """Return the optimiser's step of one parameter, without the cost of the others.

    Args:
        engine: The engine of the pass.
        trace: The pass.
        layer: The layer, from 0.
        index: The unit and the input of a weight, or the unit of a bias.

    Raises:
        IndexError: There is no such parameter.
    """
    return float(_step(engine, trace, layer, index, is_weight=len(index) == 2))


def _step(engine: Engine, trace: Trace, layer: int, index: Index, is_weight: bool) -> Array:
    w, g, slots = _update_numbers(engine, trace, layer, index, is_weight)
    step = np.zeros_like(w)
    spec = engine.experiment.layers[layer]
    if spec.train_weights if is_weight else spec.train_bias:
        with np.errstate(all="ignore"):
            optimizer_of(engine, trace).step(w, g, slots, step, np.empty_like(w))
    step.flags.writeable = False
    return step


def _update_numbers(
    engine: Engine, trace: Trace, layer: int, index: Index, is_weight: bool
) -> tuple[Array, Array, list[Array]]:
    """Return parameters before the update, gradient and slots after the update of some weights or biases of a layer."""
    part = 0 if is_weight else 1

    def pick(arrays: tuple[list[Array], list[Array]]) -> Array:
        return np.asarray(arrays[part][layer][index])

    slots = [pick(trace.after.slot(slot)) for slot in range(len(engine.optimizer.slots))]
    return pick((trace.before.weights, trace.before.biases)), pick((trace.dw, trace.db)), slots


def optimizer_of(engine: Engine, trace: Trace) -> Optimizer:
    """Return an optimiser that is ready for the update of the pass."""
    optimizer = engine.new_optimizer()
    optimizer.begin(trace.learning_rate, trace.after.steps, trace.before.scalars)
    return optimizer


def is_frozen(engine: Engine, key: QuantityLike, layer: int) -> bool:
    """Return whether no update changes the parameter of a quantity; it has a gradient all the same, and a step of 0."""
    spec = engine.experiment.layers[layer]
    return not (spec.train_weights if to_key(key).is_weight else spec.train_bias)


def has_slope(activation: str) -> bool:
    """Return whether the activation works unit by unit, so that δ = upstream × slope."""
    return ACTIVATIONS[activation].slope is not None
