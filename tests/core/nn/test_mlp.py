"""The forward pass and backpropagation, written once more with matrices of the usual shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn_tui.core.nn import mlp
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.arrays import Parameters, PassArrays, append_ones, parameter_count
from nn_tui.core.nn.losses import LOSSES, scale
from nn_tui.core.spec import Array
from tests._reference import COMBINATIONS, Combination, numbers, targets

SIZES = (3, 4, 5, 2)


def network(combination: Combination, l1: float = 0.0, l2: float = 0.0) -> mlp.NetworkFunctions:
    names = (combination.hidden, combination.hidden, combination.output)
    return mlp.NetworkFunctions(tuple(ACTIVATIONS[name] for name in names), LOSSES[combination.loss], l1, l2)


def run(net: mlp.NetworkFunctions, n: int = 6) -> tuple[Parameters, PassArrays]:
    """One forward and backward pass."""
    parameters = Parameters(numbers(1, parameter_count(SIZES)), SIZES)
    x, y = numbers(2, n, SIZES[0]), targets(net.loss.name, n, SIZES[-1], 3)
    arrays = PassArrays(SIZES, append_ones(x), None, np.ascontiguousarray(y.T), scale(net.loss, "mean", n, SIZES[-1]))
    mlp.forward(net, parameters, arrays, training=True)
    mlp.evaluate_loss(net, arrays)
    mlp.backward(net, parameters, arrays)
    return parameters, arrays


def value(activation: Any, z: Array) -> Array:
    out = np.empty_like(z)
    activation.value(z, out)
    return out


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_forward(combination: Combination) -> None:
    net = network(combination)
    parameters, arrays = run(net)
    a = arrays.x
    for layer, activation in enumerate(net.activations):
        z = a @ parameters.weights[layer].T + parameters.biases[layer]
        assert arrays.z[layer] == pytest.approx(z, rel=1e-13, abs=1e-15)
        a = value(activation, z)
        assert arrays.a[layer] == pytest.approx(a, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_backward(combination: Combination) -> None:
    net = network(combination)
    parameters, arrays = run(net)
    for layer in reversed(range(len(SIZES) - 1)):
        dz, a_prev = arrays.dz[layer], arrays.a[layer - 1] if layer else arrays.x
        assert arrays.dw[layer] == pytest.approx(dz.T @ a_prev, rel=1e-13, abs=1e-15)
        assert arrays.db[layer] == pytest.approx(dz.sum(axis=0), rel=1e-13, abs=1e-15)
        if layer:
            assert arrays.da[layer - 1] == pytest.approx(dz @ parameters.weights[layer], rel=1e-13, abs=1e-15)
            slope = np.empty_like(arrays.z[layer - 1])
            activation = net.activations[layer - 1]
            assert activation.slope is not None
            activation.slope(arrays.z[layer - 1], arrays.a[layer - 1], slope)
            assert arrays.dz[layer - 1] == pytest.approx(arrays.da[layer - 1] * slope, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_the_gradient_is_that_of_the_loss(combination: Combination) -> None:
    """Every parameter is moved a little to both sides."""
    net = network(combination)
    parameters, arrays = run(net)
    gradient, flat, h = arrays.gradient.copy(), parameters.parameters, 1e-6

    def loss() -> float:
        mlp.forward(net, parameters, arrays)
        return mlp.evaluate_loss(net, arrays)

    numeric = np.empty_like(gradient)
    for index in range(flat.size):
        at = flat[index]
        flat[index] = at + h
        above = loss()
        flat[index] = at - h
        numeric[index] = (above - loss()) / (2 * h)
        flat[index] = at
    assert gradient == pytest.approx(numeric, rel=1e-5, abs=1e-8)


def test_the_penalty_is_in_the_gradient_of_the_weights_alone() -> None:
    plain, penalised = network(COMBINATIONS[0]), network(COMBINATIONS[0], l1=0.1, l2=0.2)
    parameters, arrays = run(plain)
    _, others = run(penalised)
    for layer, weights in enumerate(parameters.weights):
        added = 0.1 * np.sign(weights) + 0.2 * weights
        assert others.dw[layer] == pytest.approx(arrays.dw[layer] + added, rel=1e-13)
        assert np.array_equal(others.db[layer], arrays.db[layer])
