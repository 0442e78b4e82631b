"""A multilayer perceptron: the forward pass and backpropagation.

A layer has weights W (units, inputs) and biases b (units,), like ``torch.nn.Linear``. A batch has one row for each
sample: z, a, ∂L/∂a and δ = ∂L/∂z have the shape (batch, units). With a_prev the output of the layer before, or the
inputs x for the first layer:

    forward     z = a_prev·Wᵀ + b             a = σ(z)
    backward    δ = ∂L/∂a · σ′(z)             element by element
                dW = δᵀ·a_prev                db = the sum of δ over the batch
                ∂L/∂a_prev = δ·W

The code differs from these formulas in two ways, which make it fast:

- A bias is the weight of one more input that is always 1. One product of the augmented input [a_prev 1] and the
  augmented matrix [W | b] is a_prev·Wᵀ + b, and one product gives both dW and db.
- A batch lies in memory as (units, batch). So every array has two views of the same memory: ``z`` (batch, units), and
  ``z_t`` (units, batch). Products write to the second one, so they have their factors the other way round:
  ``product(A, B, out)`` writes A·B to ``out``, here zᵀ = [W | b]·[a_prev 1]ᵀ.

Networks of one shape can be computed side by side: then all arrays have one more axis in front, and the functions stay
the same.

See :mod:`nn_tui.core.nn.arrays` for the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy import multiply

from nn_tui.core.nn.activations import Activation, softmax_backward
from nn_tui.core.nn.arrays import ForwardArrays, Parameters, PassArrays
from nn_tui.core.nn.losses import Loss, add_penalty_gradient


@dataclass(frozen=True, slots=True)
class NetworkFunctions:
    """The functions of a network.

    Attributes:
        activations: One for each layer.
        loss: The loss function.
        l1: The factor of the penalty l1·Σ|w|.
        l2: The factor of the penalty ½·l2·Σw².
    """

    activations: tuple[Activation, ...]
    loss: Loss
    l1: float = 0.0
    l2: float = 0.0


def forward(network: NetworkFunctions, parameters: Parameters, arrays: ForwardArrays, training: bool = False) -> None:
    """Compute z and a of every layer.

    Args:
        network: The functions of the network.
        parameters: Weights and biases.
        arrays: Holds the batch, and receives z and a.
        training: Whether the pass is part of the training, and not an evaluation. All layers that exist so far do the
            same in both cases.
    """
    augmented, inputs_t = parameters.augmented, arrays.inputs_t
    z, z_t, a, product = arrays.z, arrays.z_t, arrays.a, arrays.product
    for layer, activation in enumerate(network.activations):
        product(augmented[layer], inputs_t[layer], z_t[layer])  # z = a_prev·Wᵀ + b
        activation.value(z[layer], a[layer])  # a = σ(z); a is the memory of the next layer's inputs


def evaluate_loss(network: NetworkFunctions, arrays: PassArrays) -> float:
    """Compute the loss of the batch after :func:`forward`, and the derivative that backpropagation starts from.

    Args:
        network: The functions of the network.
        arrays: Holds z and a, and receives the loss terms and, in the last ``da`` or ``dz``, ∂L/∂a or ∂L/∂z of the
            output layer.

    Returns:
        The loss without the penalty; of a stack the sum over its networks.
    """
    loss = network.loss
    start = arrays.dz[-1] if loss.acts_on == "z" else arrays.da[-1]
    loss.evaluate(arrays.z[-1], arrays.a[-1], arrays.y, arrays.terms, start)
    multiply(start, arrays.factor, start)
    return float(arrays.terms_flat.dot(arrays.ones)) * arrays.scale


def backward(network: NetworkFunctions, parameters: Parameters, arrays: PassArrays) -> None:
    """Compute the gradients dW and db of every layer after :func:`evaluate_loss`; also ∂L/∂a and δ.

    Args:
        network: The functions of the network.
        parameters: Weights and biases, those of the forward pass.
        arrays: Holds the results so far, and receives ``da``, ``dz``, ``dw`` and ``db``.
    """
    z, a, da, dz, dz_t = arrays.z, arrays.a, arrays.da, arrays.dz, arrays.dz_t
    inputs, d_augmented, product = arrays.inputs, arrays.d_augmented, arrays.product
    last = len(z) - 1
    for layer in range(last, -1, -1):
        if layer < last or network.loss.acts_on == "a":
            slope = network.activations[layer].slope
            if slope is not None:
                slope(z[layer], a[layer], dz[layer])  # σ′(z), for a moment in place of δ
                multiply(da[layer], dz[layer], dz[layer])  # δ = ∂L/∂a · σ′(z)
            else:
                softmax_backward(a[layer], da[layer], dz[layer])
        product(dz_t[layer], inputs[layer], d_augmented[layer])  # dW = δᵀ·a_prev and db = Σ δ
        if layer > 0:
            product(parameters.augmented_t[layer], dz_t[layer], arrays.da_augmented_t[layer - 1])  # ∂L/∂a_prev = δ·W
    if network.l1 or network.l2:
        for weights, dw in zip(parameters.weights, arrays.dw, strict=True):
            add_penalty_gradient(weights, network.l1, network.l2, dw)
