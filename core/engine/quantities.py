"""Every quantity of a pass by name, completed from the trace where the pass itself had no need of it.

``quantity(trace, key, layer)`` is what matrices, arithmetic, commands and tests all read.
Keys: ``x y w b z a term da dz dw db step_w step_b w_after b_after dx slope``, and ``m:SLOT:w`` and ``m:SLOT:b`` for
what the optimiser keeps, with ``_after`` what it is after the update.
"""

from __future__ import annotations

import math

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace, parameter_count
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import step
from nn_tui.core.spec import Array


def output_da(engine: Engine, trace: Trace) -> Array:
    """∂L/∂a of the output layer, (batch, outputs): the textbook chain, even where δ took the fused form.

    Where a saturates, the chain of a fused pair is a limit and may be infinite: that is not divergence.
    """
    if not engine.fused:
        return trace.da[-1]
    with np.errstate(all="ignore"):
        return loss_slope(engine, trace) * trace.scale


def loss_slope(engine: Engine, trace: Trace) -> Array:
    """The derivative of each output's term of the loss, (batch, outputs): ∂L/∂a before it is scaled by 1/N."""
    out = np.empty_like(trace.a[-1])
    with np.errstate(all="ignore"):
        engine.loss.gradient(trace.z[-1], trace.a[-1], trace.y, out)
    return out


def slope(engine: Engine, trace: Trace, layer: int) -> Array | None:
    """σ′(z) of a layer, (batch, units); None for softmax, which has a Jacobian instead."""
    function = engine.activations[layer].slope
    if function is None:
        return None
    out = np.empty_like(trace.z[layer])
    with np.errstate(all="ignore"):
        function(trace.z[layer], trace.a[layer], out)
    return out


def input_of(trace: Trace, layer: int) -> Array:
    """What a layer multiplies by its weights, (batch, inputs): the batch itself for the first layer."""
    return trace.a[layer - 1] if layer else trace.x


def prediction(engine: Engine, trace: Trace) -> Array:
    """What the network answers, (batch, outputs): its output, or step(z) for a perceptron."""
    return step(trace.z[-1]) if engine.loss.name == "perceptron" else trace.a[-1]


def input_gradient(trace: Trace, layer: int, sample: int) -> Array:
    """∂L/∂x of one sample, (inputs,): a row of the quantity ``dx`` without the cost of the others."""
    with np.errstate(all="ignore"):
        row: Array = trace.dz[layer][sample] @ trace.before.weights[layer]
    return row


def quantity(engine: Engine, trace: Trace, key: str, layer: int) -> Array:
    """One quantity of one layer (0 = first): (units, inputs), (units,) or (batch, units).

    Raises KeyError for an unknown key.
    """
    before, after = trace.before, trace.after
    if key in ("z", "a", "dz", "dw", "db"):
        return getattr(trace, key)[layer]  # type: ignore[no-any-return]
    if key in ("x", "y"):
        return trace.x if key == "x" else trace.y
    if key == "term":
        return trace.terms
    if key == "da":
        return output_da(engine, trace) if layer == len(trace.z) - 1 else trace.da[layer]
    if key == "w":
        return before.weights[layer]
    if key == "b":
        return before.biases[layer]
    if key == "w_after":
        return after.weights[layer]
    if key == "b_after":
        return after.biases[layer]
    with np.errstate(all="ignore"):
        if key in ("step_w", "step_b"):
            step = step_of(engine, trace, layer)
            return step[:, :-1] if key == "step_w" else step[:, -1]
        if key == "dx":
            return trace.dz[layer] @ before.weights[layer]
    if key == "slope":
        found = slope(engine, trace, layer)
        if found is not None:
            return found
    if key.startswith("m:"):
        name, _, part = key[2:].rpartition(":")
        state = after if part.endswith("_after") else before
        weights, biases = state.slot(engine.optimizer.slots.index(name), engine.sizes)
        return weights[layer] if part.startswith("w") else biases[layer]
    raise KeyError(key)


def extent(engine: Engine, trace: Trace, key: str, layer: int) -> tuple[float, bool]:
    """The largest finite magnitude of a quantity, and whether all of it is finite; found once while the trace is held.

    Raises KeyError for an unknown key.
    """
    found = trace.extents.get((key, layer))
    if found is None:  # and another thread may clear all of them at any moment
        found = trace.extents[key, layer] = extent_of(quantity(engine, trace, key, layer))
    return found


def extent_of(values: Array) -> tuple[float, bool]:
    """The largest finite magnitude of an array, 0 without one, and whether all of it is finite."""
    largest = float(max(values.max(), -values.min())) if values.size else 0.0
    if math.isfinite(largest):
        return largest, True
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0)), False


def step_of(engine: Engine, trace: Trace, layer: int) -> Array:
    """What the optimiser adds to a layer's [W | b], (units, inputs + 1): ΔW and Δb before they are rounded into W′.

    W′ − W would show the rounding of W′ instead: nothing at all where the step is far smaller than the weight. It is
    worked out once while the trace is held, and is not to be written to.
    """
    found = trace.steps.get(layer)
    if found is None:  # and another thread may clear all of them at any moment
        found = trace.steps[layer] = _step(engine, trace, layer, 0, engine.sizes[layer + 1])
    return found


def step_of_unit(engine: Engine, trace: Trace, layer: int, unit: int) -> Array:
    """A row of :func:`step_of`, (inputs + 1,), without the cost of the others. IndexError for a unit that is none."""
    unit = range(engine.sizes[layer + 1])[unit]
    found = trace.steps.get(layer)
    row: Array = _step(engine, trace, layer, unit, 1)[0] if found is None else found[unit]
    return row


def _step(engine: Engine, trace: Trace, layer: int, unit: int, units: int) -> Array:
    sizes = engine.sizes
    spec = engine.experiment.layers[layer]
    shape = (units, sizes[layer] + 1)
    start = parameter_count(sizes[: layer + 1]) + unit * shape[1]
    part = slice(start, start + units * shape[1])
    before = trace.before.array[:, part].copy()
    before[0] = 0.0
    with np.errstate(all="ignore"):
        # From parameters of 0 the same rule leaves the step itself; only weight decay depends on them.
        after = engine.optimizer.apply(
            before, trace.gradient[part], engine.learning_rate, engine.options, trace.after.steps
        )
        step: Array = after[0].reshape(shape)
        if "weight_decay" in engine.options:
            step -= engine.learning_rate * engine.options["weight_decay"] * trace.before.array[0, part].reshape(shape)
    if not spec.train_weights:
        step[:, :-1] = 0.0
    if not spec.train_bias:
        step[:, -1] = 0.0
    step.flags.writeable = False
    return step


def has_slope(activation: str) -> bool:
    """Whether the activation works unit by unit, so that δ = upstream × slope."""
    return ACTIVATIONS[activation].slope is not None
