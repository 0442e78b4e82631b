"""Tests of the library with tensors and modules of PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nn_tui.core import Network


def test_it_takes_tensors_and_the_weights_of_a_module_and_has_its_gradients() -> None:
    torch.manual_seed(0)
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]], dtype=torch.float64)
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()
    ).double()
    loss = torch.nn.functional.binary_cross_entropy(model(x), y)
    loss.backward()
    weights, biases = [model[0].weight, model[2].weight], [model[0].bias, model[2].bias]
    net = Network([2, 4, 1], x, y, weights=weights, biases=biases)
    seen = net.trace()
    assert seen.loss == pytest.approx(loss.item(), rel=1e-12)
    for layer, module in enumerate((model[0], model[2])):
        assert np.allclose(seen.dw[layer], module.weight.grad, rtol=1e-9)
        assert np.allclose(seen.db[layer], module.bias.grad, rtol=1e-9)
    assert np.allclose(net.outputs(x), model(x).detach(), rtol=1e-12)
    assert np.array_equal(net.outputs(x.bfloat16().requires_grad_()), net.outputs(x))
    for source in (model, model.state_dict()):
        assert np.array_equal(Network.open("xor", weights=source).weights[1], net.weights[1])
    assert np.array_equal(Network.open("xor").edit(w1=model[0].weight).weights[0], net.weights[0])
