"""The loss of a program that takes the output activation twice: once itself, and once in a loss that includes it."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace


def loss_of_twice(engine: Engine, trace: Trace) -> float | None:
    """Return the loss that comes out if the activation of the output is taken twice; None if no loss includes it."""
    loss, activation = engine.loss, engine.activations[-1]
    if loss.logits is None:  # no loss of logits
        return None
    z = np.ascontiguousarray(trace.a[-1])
    a = np.empty_like(z)
    activation.value(z, a)
    return float(loss.terms(z, a, trace.y).sum()) * trace.scale + trace.penalty
