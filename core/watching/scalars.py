"""Networks whose weights are single numbers with a gradient each, as in small libraries that teach backpropagation."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_tui.core.spec import Array


def number_of(value: object) -> object:
    """Return the number in an object that holds one in ``data``; any other value as it is."""
    data = getattr(value, "data", None)
    return data if isinstance(data, int | float | np.floating) else value


def scalar_layers(value: Any) -> tuple[list[Array], list[Array]] | None:
    """Return the weights and biases of a network of neurons, W and b in turn, and their gradients.

    Such a network has ``layers`` of ``neurons``, and a neuron has a list ``w`` and a bias ``b`` of objects with
    ``data`` and ``grad``. None for anything else.
    """
    try:
        layers = [list(layer.neurons) for layer in value.layers]
        weights, gradients = list[Array](), list[Array]()
        for neurons in layers:
            for arrays, name in ((weights, "data"), (gradients, "grad")):
                arrays.append(np.array([[getattr(w, name) for w in neuron.w] for neuron in neurons], dtype=np.float64))
                arrays.append(np.array([getattr(neuron.b, name) for neuron in neurons], dtype=np.float64))
    except (AttributeError, TypeError, ValueError):
        return None
    return (weights, gradients) if weights else None
