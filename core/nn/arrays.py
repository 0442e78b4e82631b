"""The arrays of a network, made once, with all the views that :mod:`nn_tui.core.nn.mlp` needs.

A bias is the weight of one more input that is always 1. So a layer has one augmented matrix [W | b], and its augmented
input has a last column of ones. The vector of all parameters holds the augmented matrices row by row, layer by layer.

A batch lies in memory as (units, batch): all samples of a unit are contiguous. A sum over the units then adds whole
rows, which NumPy does fast. The arrays with the usual shape, (batch, units), are transposed views of the same memory.

Networks of one shape can be computed side by side, as a stack. Every array then has one more axis in front: z is
(networks, batch, units), and the parameters are (networks, parameters). The functions of :mod:`nn_tui.core.nn` work on
the last axes, so they are the same for both. The loss of a stack is the sum of the losses of its networks, so each
network gets its own gradient. ``stack`` is that first axis: ``()`` for one network, ``(100,)`` for a hundred.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cached_property
from math import prod

import numpy as np

from nn_tui.core.nn.constants import constant
from nn_tui.core.spec import Array

Sizes = tuple[int, ...]
"""The number of units of each layer, the inputs first: ``(2, 4, 1)``."""
Stack = tuple[int, ...]
"""The axis of a stack in front of a shape: ``()`` for one network, ``(networks,)`` for a stack."""


def parameter_count(sizes: Sizes) -> int:
    """Return the number of weights and biases of a network."""
    return sum(units * (inputs + 1) for inputs, units in itertools.pairwise(sizes))


def split_parameters(flat: Array, sizes: Sizes) -> list[Array]:
    """Return views of an array (…, parameters): the augmented matrix [W | b] of each layer, (…, units, inputs + 1)."""
    views, start = [], 0
    for inputs, units in itertools.pairwise(sizes):
        end = start + units * (inputs + 1)
        views.append(flat[..., start:end].reshape(*flat.shape[:-1], units, inputs + 1))
        start = end
    return views


def split_batch(flat: Array, units: Sizes, n: int, stack: Stack = ()) -> list[Array]:
    """Return views of a vector: an array (units, batch) for each layer, or (networks, units, batch) for a stack."""
    views, start = [], 0
    for count in units:
        end = start + prod(stack) * count * n
        views.append(flat[start:end].reshape(*stack, count, n))
        start = end
    return views


def append_ones(x: Array) -> Array:
    """Return a copy of the inputs (…, batch, inputs) with a last column of ones."""
    return np.concatenate([x, np.ones((*x.shape[:-1], 1))], -1)


def transpose(arrays: list[Array]) -> list[Array]:
    """Return views of the arrays with the last two axes exchanged."""
    return [array.mT for array in arrays]


class Parameters:
    """Weights and biases: a flat vector and its views, which are made when they are asked for.

    Attributes:
        parameters: All weights and biases, (parameters,).
        sizes: The number of units of each layer, the inputs first.
    """

    def __init__(self, parameters: Array, sizes: Sizes) -> None:
        self.parameters = parameters
        self.sizes = sizes

    @cached_property
    def augmented(self) -> list[Array]:
        """For each layer [W | b], (units, inputs + 1)."""
        return split_parameters(self.parameters, self.sizes)

    @cached_property
    def augmented_t(self) -> list[Array]:
        """For each layer the transposed view, (inputs + 1, units)."""
        return transpose(self.augmented)

    @cached_property
    def weights(self) -> list[Array]:
        """For each layer W, (units, inputs)."""
        return [layer[..., :-1] for layer in self.augmented]

    @cached_property
    def biases(self) -> list[Array]:
        """For each layer b, (units,)."""
        return [layer[..., -1] for layer in self.augmented]


class ForwardArrays:
    """The arrays of a forward pass. The lists have one array for each layer.

    Attributes:
        n: The number of samples in the batch.
        x: The inputs, (batch, inputs).
        z: z, (batch, units); ``z_t`` are the transposed views.
        a: a, (batch, units); ``a_t`` are the transposed views.
        inputs: The augmented input of the layer, (batch, inputs + 1): x or a of the layer before, and a column of
            ones; ``inputs_t`` are the transposed views. ``a[layer]`` is a part of ``inputs[layer + 1]``: the same
            memory, so an output becomes the next input without a copy.
        product: ``product(A, B, out)`` writes A·B. For a stack that is ``np.matmul``, which multiplies the matrices of
            each network; it gives the same bits as ``A.dot(B, out)``, but it is slow for a single pair of small ones.
    """

    __slots__ = ("a", "a_t", "inputs", "inputs_t", "n", "product", "x", "z", "z_t")

    def __init__(
        self,
        sizes: Sizes,
        x: Array,
        x_t: Array | None = None,
        z_memory: Array | None = None,
        stack: Stack = (),
    ) -> None:
        """Make the arrays.

        Args:
            sizes: The number of units of each layer, the inputs first.
            x: The augmented inputs, (batch, inputs + 1); for a stack, one batch for all networks or one for each.
            x_t: A copy of them that lies in memory as (inputs + 1, batch), which is multiplied faster than a view.
            z_memory: Memory for all z; None for new memory.
            stack: The axis of a stack.
        """
        units, n = sizes[1:], x.shape[-2]
        self.n: int = n
        self.product: Callable[[Array, Array, Array], object] = np.matmul if stack else np.ndarray.dot
        self.x = x[..., :-1]
        z_memory = np.zeros(prod(stack) * n * sum(units)) if z_memory is None else z_memory
        self.z_t = split_batch(z_memory, units, n, stack)
        augmented_t = [np.ones((*stack, count + 1, n)) for count in units]
        self.a_t = [array[..., :-1, :] for array in augmented_t]
        self.z, self.a = transpose(self.z_t), transpose(self.a_t)
        self.inputs = [x, *transpose(augmented_t[:-1])]
        self.inputs_t = [x.mT if x_t is None else x_t, *augmented_t[:-1]]


class PassArrays(ForwardArrays):
    """The arrays of a forward and a backward pass. The lists have one array for each layer.

    Attributes:
        y: The targets, (batch, outputs); ``y_t`` is the transposed view.
        terms: The loss of each output of each sample before it is scaled, (batch, outputs); ``terms_flat`` is the same
            memory as a vector.
        scale: The factor of every loss term; ``factor`` is the same number as a 0-d array.
        ones: A vector of ones: a product of ``terms_flat`` with it is their sum.
        da: ∂L/∂a, (batch, units); ``da_t`` are the transposed views.
        da_augmented_t: The same, (units + 1, batch), with a last row for the constant input 1 of the next layer, which
            is computed but not used.
        dz: δ = ∂L/∂z, (batch, units); ``dz_t`` are the transposed views.
        gradient: The gradient of all parameters, (parameters,).
        d_augmented: [dW | db], (units, inputs + 1).
        dw: dW, (units, inputs).
        db: db, (units,).
        finite_check: One vector with all of z, the terms and the gradient. If all of these are finite, so are a, ∂L/∂a
            and δ: a is finite where z is, and ∂L/∂a or δ that is not finite makes db not finite.
    """

    __slots__ = (
        "d_augmented", "da", "da_augmented_t", "da_t", "db", "dw", "dz", "dz_t", "factor", "finite_check", "gradient",
        "ones", "scale", "terms", "terms_flat", "y", "y_t",
    )  # fmt: skip

    def __init__(self, sizes: Sizes, x: Array, x_t: Array | None, y_t: Array, scale: float, stack: Stack = ()) -> None:
        """Make the arrays; ``y_t`` holds the targets (outputs, batch). See :class:`ForwardArrays` for the others."""
        units, n, networks = sizes[1:], x.shape[-2], prod(stack)
        all_z, all_terms = networks * n * sum(units), networks * n * units[-1]  # how many numbers
        self.finite_check = np.zeros(all_z + all_terms + networks * parameter_count(sizes))
        super().__init__(sizes, x, x_t, self.finite_check[:all_z], stack)
        self.y, self.y_t = y_t.mT, y_t
        self.terms_flat = self.finite_check[all_z : all_z + all_terms]
        self.ones = np.ones(all_terms)
        self.terms = self.terms_flat.reshape(*stack, units[-1], n).mT
        self.scale, self.factor = scale, constant(scale)
        self.da_augmented_t = [np.zeros((*stack, count + 1, n)) for count in units]
        self.da_t = [array[..., :-1, :] for array in self.da_augmented_t]
        self.dz_t = split_batch(np.zeros(all_z), units, n, stack)
        self.da, self.dz = transpose(self.da_t), transpose(self.dz_t)
        self.gradient = self.finite_check[all_z + all_terms :].reshape(*stack, -1)
        self.d_augmented = split_parameters(self.gradient, sizes)
        self.dw = [layer[..., :-1] for layer in self.d_augmented]
        self.db = [layer[..., -1] for layer in self.d_augmented]

    @property
    def computed(self) -> tuple[Array, ...]:
        """Every array that a pass computes."""
        return (self.finite_check, *self.a, *self.da, *self.dz)

    @property
    def nbytes(self) -> int:
        """The memory of the arrays, in bytes."""
        return sum(array.nbytes for array in (self.x, self.y, *self.computed))
