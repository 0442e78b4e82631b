"""Gradients with the slope of another activation, such as a·(1 − a) in a layer with tanh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of, output_da
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array


def with_other_slopes(engine: Engine, trace: Trace, ref: Ref) -> Iterator[tuple[str, Array]]:
    """Yield what δ, dW or db of a layer would be with the slope of each other activation, and its name.

    Args:
        engine: The engine of the pass.
        trace: The pass.
        ref: The address of the first number of the array.
    """
    if not _has_slope(engine, trace, ref):
        return
    own, z, a = engine.activations[ref.layer], trace.z[ref.layer], trace.a[ref.layer]
    z, a = np.ascontiguousarray(z), np.ascontiguousarray(a)
    out = np.empty_like(z)
    for name, activation in ACTIVATIONS.items():
        if activation.slope is None or name in (own.name, "identity"):  # the latter is the slope left out
            continue
        activation.slope(z, a, out)
        yield name, _with_slope(engine, trace, ref, out)


def with_wrong_arguments(engine: Engine, trace: Trace, ref: Ref) -> Iterator[tuple[Literal["a", "z"], Array]]:
    """Yield what δ, dW or db of a layer would be with σ′(a), and with z in place of a in a formula of a; and which."""
    if not _has_slope(engine, trace, ref):
        return
    own, z, a = engine.activations[ref.layer], trace.z[ref.layer], trace.a[ref.layer]
    z, a = np.ascontiguousarray(z), np.ascontiguousarray(a)
    again, out = np.empty_like(a), np.empty_like(a)
    assert own.slope is not None
    own.value(a, again)
    own.slope(a, again, out)
    yield "a", _with_slope(engine, trace, ref, out)
    own.slope(z, z, out)
    yield "z", _with_slope(engine, trace, ref, out)


def _has_slope(engine: Engine, trace: Trace, ref: Ref) -> bool:
    is_fused = ref.layer == len(trace.z) - 1 and engine.loss.acts_on == "z"
    return ref.quantity in ("dz", "dw", "db") and engine.activations[ref.layer].slope is not None and not is_fused


def _with_slope(engine: Engine, trace: Trace, ref: Ref, slope: Array) -> Array:
    """Return δ, dW or db of a layer with a slope (samples, units) of its activation."""
    layer = ref.layer
    da = output_da(engine, trace) if layer == len(trace.z) - 1 else trace.da[layer]
    dz: Array = da * slope
    return dz if ref.quantity == "dz" else dz.T @ input_of(trace, layer) if ref.quantity == "dw" else dz.sum(0)
