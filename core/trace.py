"""What one pass computed, number by number: the record that the screen, the tests and the commands read.

Inside, activations lie transposed in memory, (units, batch): sums over a unit's batch and over a row's
units then run along contiguous memory, and adding a bias is one scalar per row. What everyone sees are
the (batch, units) views of design and textbook.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array


class State:
    """Parameters and optimiser state between two updates: one (1 + slots, parameters) array and its views.

    ``weights[l]`` is (units, inputs), ``biases[l]`` (units,); ``rows[0]`` are all parameters flat,
    ``rows[1:]`` the optimiser's arrays in the same order. ``steps`` counts the optimiser's updates.
    ``blocks`` are cache-sized slices of the rows. ``uses`` counts the traces that still need it.
    """

    __slots__ = ("array", "biases", "biases_column", "blocks", "rows", "steps", "uses", "weights")

    def __init__(self, array: Array, sizes: tuple[int, ...], block: int) -> None:
        self.array = array
        self.rows: tuple[Array, ...] = tuple(array)
        self.weights, self.biases = split(array[0], sizes)
        self.biases_column = [bias[:, None] for bias in self.biases]
        self.blocks = [
            tuple(row[start : start + block] for row in self.rows) for start in range(0, array.shape[1], block)
        ]
        self.steps = 0
        self.uses = 0

    def slot(self, index: int, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
        """The optimiser's array ``index`` (0 = the first) cut into (units, inputs) and (units,) per layer."""
        return split(self.array[1 + index], sizes)


def split(flat: Array, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
    """Views of a flat (parameters,) vector: per layer W (units, inputs) and b (units,)."""
    weights, biases = [], []
    at = 0
    for inputs, units in itertools.pairwise(sizes):
        weights.append(flat[at : at + units * inputs].reshape(units, inputs))
        at += units * inputs
        biases.append(flat[at : at + units])
        at += units
    return weights, biases


def parameter_count(sizes: tuple[int, ...]) -> int:
    """How many weights and biases a network of these sizes has."""
    return sum(units * (inputs + 1) for inputs, units in itertools.pairwise(sizes))


class Trace:
    """One pass: the batch, every z, a, da, dz, dw, db, the loss, and the states before and after.

    Per layer l (0 = first hidden): ``z[l] a[l] dz[l]`` are (batch, units), ``dw[l]`` (units, inputs),
    ``db[l]`` (units,). ``da[l]`` is filled for hidden layers, and for the output where the pass needs it;
    ``nn_tui.core.quantities`` completes the rest. ``terms`` (batch, outputs) are the loss terms before
    ``scale``. ``update`` is the pass number N ≥ 1; ``rows`` are the batch's row numbers in the data
    (None: all of them in order). Nothing here is written after the pass while
    anyone holds the trace; ``holders`` counts them.
    """

    __slots__ = (
        "a", "a_t", "activity", "after", "batches", "before", "da", "da_t", "data_loss", "db", "dw",
        "dz", "dz_t", "epoch", "gradient", "gradient_blocks", "holders", "loss", "n", "ones", "penalty", "rows",
        "scale", "terms", "terms_flat", "update", "x", "x_buffer", "y", "y_buffer", "z", "z_t",
    )  # fmt: skip

    before: State
    after: State
    x: Array
    y: Array

    def __init__(self, sizes: tuple[int, ...], n: int, scale: float, block: int) -> None:
        units = sizes[1:]
        self.n = n
        self.scale = scale
        # z, a, da and dz share one vector, and all gradients another: "is anything not finite?" is then
        # one sum over each.
        self.activity = np.zeros(4 * n * sum(units))
        at = 0

        def carve() -> list[Array]:
            nonlocal at
            views = []
            for count in units:
                views.append(self.activity[at : at + n * count].reshape(count, n))
                at += n * count
            return views

        self.z_t, self.a_t, self.da_t, self.dz_t = carve(), carve(), carve(), carve()
        self.z = [array.T for array in self.z_t]
        self.a = [array.T for array in self.a_t]
        self.da = [array.T for array in self.da_t]
        self.dz = [array.T for array in self.dz_t]
        self.gradient = np.zeros(parameter_count(sizes))
        self.dw, self.db = split(self.gradient, sizes)
        self.gradient_blocks = [self.gradient[start : start + block] for start in range(0, self.gradient.size, block)]
        self.terms = np.zeros((units[-1], n)).T
        self.terms_flat = self.terms.T.reshape(-1)
        self.x_buffer = np.zeros((n, sizes[0]))
        self.y_buffer = np.zeros((units[-1], n))
        self.ones = np.ones(n)
        self.rows: NDArray[np.intp] | None = None
        self.update = 0
        self.epoch = 0
        self.batches = 1
        self.loss = self.data_loss = self.penalty = 0.0
        self.holders = 0
