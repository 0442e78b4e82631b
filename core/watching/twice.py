"""The loss of a program that takes the output activation twice: once itself, and once in a loss that includes it."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.activations import Activation
from nn_tui.core.nn.losses import Loss
from nn_tui.core.spec import Array


def loss_of_twice(loss: Loss, activation: Activation, a: Array, y: Array) -> float:
    """Return the sum of the terms of a loss if the output a, (samples, outputs), is taken for its z."""
    again = np.empty_like(a)
    activation.value(np.ascontiguousarray(a), again)
    return float(loss.terms(a, again, y).sum())


def twice_loss(engine: Engine, trace: Trace) -> float | None:
    """Return the loss that comes out if the activation of the output is taken twice; None if no loss includes it."""
    if engine.loss.logits is None:  # no loss of logits
        return None
    total = loss_of_twice(engine.loss, engine.activations[-1], trace.a[-1], trace.y)
    return total * trace.scale + trace.penalty
