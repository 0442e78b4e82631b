"""Weights for work by hand: drawn weights and biases rounded to one decimal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array


def with_nice_weights(run: Run) -> Run:
    """Return a run that starts from rounded weights, in the layers whose weights were drawn.

    Args:
        run: A run at its start.
    """
    experiment, state = run.experiment, run.state
    layers = tuple(
        replace(
            layer,
            weights=tuple(map(tuple, (_rounded(weights) if layer.weights is None else weights).tolist())),
            bias=tuple((_rounded(bias) if layer.weights is None and layer.bias is None else bias).tolist()),
        )
        for layer, weights, bias in zip(experiment.layers, state.weights, state.biases, strict=True)
    )
    return Run.start(replace(experiment, layers=layers))


def _rounded(values: Array) -> Array:
    return np.round(values, 1) + 0.0  # + 0 turns −0 into 0
