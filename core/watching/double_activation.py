"""The loss of a program that takes the output activation twice: once itself, and once in a loss that includes it."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.activations import Activation
from nn_tui.core.nn.losses import Loss
from nn_tui.core.spec import Array


def double_activation_terms(loss: Loss, activation: Activation, a: Array, y: Array) -> float:
    """Return the sum of the terms of a loss that takes the output a, (samples, outputs), for its z."""
    again = np.empty_like(a)
    activation.value(np.ascontiguousarray(a), again)
    return float(loss.terms(a, again, y).sum())


def double_activation_loss(engine: Engine, trace: Trace) -> float | None:
    """Return the loss if the activation of the output is taken twice; None if the loss does not include it."""
    if engine.loss.logits is None:
        return None
    total = double_activation_terms(engine.loss, engine.activations[-1], trace.a[-1], trace.y)
    return total * trace.scale + trace.penalty
