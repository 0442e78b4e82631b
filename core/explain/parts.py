"""Helpers of all explanations: numbers by address, addresses of neighbours, and the text of a reduction."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_gradient, quantity, step_at
from nn_tui.core.engine.trace import Trace
from nn_tui.core.expression import Line, Num
from nn_tui.core.refs import BY_SAMPLE, Quantity, Ref
from nn_tui.core.text import pluralize


def value_of(engine: Engine, trace: Trace, ref: Ref) -> float:
    """Return the number at an address.

    Raises:
        IndexError, KeyError: The network has no such address.
    """
    if ref.quantity == "loss":
        return trace.loss
    if ref.quantity == "dx":
        return float(input_gradient(trace, ref.layer, ref.sample)[ref.unit])
    if ref.key.is_step:
        return step_at(engine, trace, ref.layer, (ref.unit, ref.input) if ref.is_weight else (ref.unit,))
    array = quantity(engine, trace, ref.key, ref.layer)
    if ref.quantity in BY_SAMPLE:
        return float(array[ref.sample, ref.unit])
    return float(array[ref.unit, ref.input]) if ref.is_weight else float(array[ref.unit])


def num_of(engine: Engine, trace: Trace, ref: Ref) -> Num:
    """Return the number at ``ref`` together with its address."""
    return Num(value_of(engine, trace, ref), ref)


def input_ref(layer: int, unit: int, sample: int) -> Ref:
    """Return the address of input ``unit`` of ``layer``: an x for the first layer, else an a of the layer before."""
    return Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)


def same_unit(ref: Ref, quantity: Quantity) -> Ref:
    """Return the address of another quantity of the same unit and sample."""
    return Ref(quantity, ref.layer, ref.unit, 0, ref.sample)


def mean_text(engine: Engine, trace: Trace) -> str:
    """Describe the mean that reduces the batch, with its factor."""
    outputs = " and its outputs" if engine.loss.per_output and engine.sizes[-1] > 1 else ""
    return f"times {fraction(trace.scale)}: the mean over the batch{outputs}"


def penalty_line(engine: Engine, trace: Trace) -> Line:
    """Return the line that computes the penalty on the weights; l1 or l2 must not be 0."""
    l1, l2 = engine.experiment.training.l1, engine.experiment.training.l2
    count = sum(inputs * units for inputs, units in pairwise(engine.sizes))
    symbols, pieces = [], []
    if l1:
        symbols.append("l1·Σ|w|")
        pieces.append((f"{l1!r} × ", Num(_sum_of_weights(trace, 1))))
    if l2:
        symbols.append("½·l2·Σw²")
        pieces.append((f"0.5 × {l2!r} × ", Num(_sum_of_weights(trace, 2))))
    total = pieces[0] if len(pieces) == 1 else (*pieces[0], " + ", *pieces[1])
    start, note = f"penalty = {' + '.join(symbols)} = ", f"   ({pluralize(count, 'weight')}, no biases)"
    return (start, *total, " = ", Num(trace.penalty), note)


def _sum_of_weights(trace: Trace, power: int) -> float:
    """Return Σ|w| (``power`` 1) or Σw² (2) before the update, computed once while the trace is held."""
    cached = trace.weight_sums.get(power)
    if cached is None:  # another thread may clear the cache at any moment
        function = np.abs if power == 1 else np.square
        cached = sum(float(function(weights).sum()) for weights in trace.before.weights)
        trace.weight_sums[power] = cached
    return cached


def fraction(scale: float) -> str:
    """Write a factor, as ``1/4`` if it is one divided by a whole number."""
    return f"1/{round(1 / scale)}" if scale and abs(1 / scale - round(1 / scale)) < 1e-9 else f"{scale!r}"
