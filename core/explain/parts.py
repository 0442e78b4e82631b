"""What the explanations of all quantities share: numbers by address, and the words of a reduction."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_gradient, quantity, step_at
from nn_tui.core.engine.trace import Trace
from nn_tui.core.expression import Line, Num
from nn_tui.core.refs import BY_SAMPLE, Ref


def value_of(engine: Engine, trace: Trace, ref: Ref) -> float:
    """The number at an address. Raises IndexError or KeyError for an address outside this network."""
    if ref.key == "loss":
        return trace.loss
    if ref.key == "x":
        return float(trace.x[ref.sample, ref.unit])
    if ref.key == "y":
        return float(trace.y[ref.sample, ref.unit])
    if ref.key == "dx":
        return float(input_gradient(trace, ref.layer, ref.sample)[ref.unit])
    if ref.key in ("step_w", "step_b"):
        return step_at(engine, trace, ref.layer, (ref.unit, ref.input) if ref.is_weight else (ref.unit,))
    array = quantity(engine, trace, ref.key, ref.layer)
    if ref.key in BY_SAMPLE:
        return float(array[ref.sample, ref.unit])
    return float(array[ref.unit, ref.input]) if ref.is_weight else float(array[ref.unit])


def number(engine: Engine, trace: Trace, ref: Ref) -> Num:
    """The number at an address."""
    return Num(value_of(engine, trace, ref), ref)


def source_of(layer: int, unit: int, sample: int) -> Ref:
    """The address of what unit ``unit`` of the layer before hands on: an input, or an activation."""
    return Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)


def beside(ref: Ref, key: str) -> Ref:
    """Another quantity of the same unit and sample."""
    return Ref(key, ref.layer, ref.unit, 0, ref.sample)


def mean_of(engine: Engine, trace: Trace) -> str:
    """How the batch is reduced, in words."""
    outputs = " and its outputs" if engine.loss.per_output and engine.sizes[-1] > 1 else ""
    return f"times {fraction(trace.scale)}: the mean over the batch{outputs}"


def penalty_line(engine: Engine, trace: Trace) -> Line:
    """The penalty on the weights with its sums; call it only where there is one."""
    l1, l2 = engine.experiment.training.l1, engine.experiment.training.l2
    count = sum(inputs * units for inputs, units in pairwise(engine.sizes))
    symbols, pieces = [], []
    if l1:
        symbols.append("l1·Σ|w|")
        pieces.append((f"{l1!r} × ", Num(_sum_of_weights(trace, 1))))
    if l2:
        symbols.append("½·l2·Σw²")
        pieces.append((f"0.5 × {l2!r} × ", Num(_sum_of_weights(trace, 2))))
    added = pieces[0] if len(pieces) == 1 else (*pieces[0], " + ", *pieces[1])
    start, end = f"penalty = {' + '.join(symbols)} = ", f"   ({count:,} weight{'' if count == 1 else 's'}, no biases)"
    return (start, *added, " = ", Num(trace.penalty), end)


def _sum_of_weights(trace: Trace, power: int) -> float:
    """Σ|w| or Σw² before the update, found once while the trace is held."""
    key = (f"Σ|w|^{power}", 0)
    found = trace.extents.get(key)
    if found is None:  # and another thread may clear all of them at any moment
        of_one = np.abs if power == 1 else np.square
        total = sum(float(of_one(weights).sum()) for weights in trace.before.weights)
        found = trace.extents[key] = (total, isfinite(total))
    return found[0]


def fraction(scale: float) -> str:
    """A factor as ``1/4`` where it is one over a whole number."""
    return f"1/{round(1 / scale)}" if scale and abs(1 / scale - round(1 / scale)) < 1e-9 else f"{scale!r}"


def subscript(layer: int) -> str:
    """A layer's number as a subscript."""
    return Ref("z", layer).symbol[1:].split("[")[0]
