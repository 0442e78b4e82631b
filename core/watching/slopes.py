"""Gradients with the slope of another activation, such as a·(1 − a) in a layer with tanh."""

from __future__ import annotations

from collections.abc import Iterator

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
    layer, last = ref.layer, len(trace.z) - 1
    own = engine.activations[layer]
    is_fused = layer == last and engine.loss.acts_on == "z"
    if ref.quantity not in ("dz", "dw", "db") or own.slope is None or is_fused:
        return
    da = output_da(engine, trace) if layer == last else trace.da[layer]
    z, a = np.ascontiguousarray(trace.z[layer]), np.ascontiguousarray(trace.a[layer])
    out = np.empty_like(z)
    for name, activation in ACTIVATIONS.items():
        if activation.slope is None or name in (own.name, "identity"):  # the latter is the slope left out
            continue
        activation.slope(z, a, out)
        dz = da * out
        yield name, dz if ref.quantity == "dz" else dz.T @ input_of(trace, layer) if ref.quantity == "dw" else dz.sum(0)
