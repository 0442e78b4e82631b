"""What one pass computed, number by number: the record that the screen, the tests and the commands read.

Inside, activations lie transposed in memory, (units, batch), and a layer's W and b lie side by side, one
row [W | b] per unit. What a layer multiplies by W ends in a row of ones, so that one product adds the bias,
and one product gives both dW and db. What everyone sees are the views of the textbook: (batch, units),
W (units, inputs), b (units,).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.nn.calls import Calls
from nn_tui.core.spec import Array

Dot = Callable[[Array], float]
# The calls of a pass; what sums its loss terms, given which they are; what gives a sum of products that is finite
# only if everything is, given their second factors.
Plan = tuple[Calls, Dot, Array, Dot, Array]


class State:
    """Parameters and optimiser state between two updates: one (1 + slots, parameters) array and its views.

    ``weights[l]`` is (units, inputs), ``biases[l]`` (units,), ``joined[l]`` both as (units, inputs + 1);
    ``parameters`` are all of them flat, ``rows[1:]`` the optimiser's arrays in the same order. ``steps``
    counts the optimiser's updates. ``blocks`` are cache-sized slices of the array. ``uses`` counts those who still
    need it: traces, and whoever asked for a copy. Views are made when they are asked for: most states that a run
    keeps never are.
    """

    def __init__(self, array: Array, sizes: tuple[int, ...], block: int) -> None:
        self.array = array
        self.steps = 0
        self.uses = 0
        self._sizes = sizes
        self._block = block

    @cached_property
    def rows(self) -> tuple[Array, ...]:
        """The parameters, then the optimiser's arrays, each (parameters,)."""
        return tuple(self.array)

    @cached_property
    def parameters(self) -> Array:
        """All weights and biases, (parameters,)."""
        return self.rows[0]

    @cached_property
    def flat(self) -> Array:
        """All numbers in one vector."""
        return self.array.reshape(-1)

    @cached_property
    def joined(self) -> list[Array]:
        """Per layer [W | b], (units, inputs + 1)."""
        return join(self.parameters, self._sizes)

    @cached_property
    def weights(self) -> list[Array]:
        """Per layer W, (units, inputs)."""
        return [layer[:, :-1] for layer in self.joined]

    @cached_property
    def weights_t(self) -> list[Array]:
        """Per layer Wᵀ, (inputs, units)."""
        return [weights.T for weights in self.weights]

    @cached_property
    def biases(self) -> list[Array]:
        """Per layer b, (units,)."""
        return [layer[:, -1] for layer in self.joined]

    @cached_property
    def blocks(self) -> list[Array]:
        """Cache-sized slices of the array, each with all of its rows."""
        return cut(self.array, self._block)

    def slot(self, index: int, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
        """The optimiser's array ``index`` (0 = the first) cut into (units, inputs) and (units,) per layer."""
        return split(self.array[1 + index], sizes)


def join(flat: Array, sizes: tuple[int, ...]) -> list[Array]:
    """Views of a flat (parameters,) vector: per layer [W | b], (units, inputs + 1)."""
    views = []
    at = 0
    for inputs, units in itertools.pairwise(sizes):
        count = units * (inputs + 1)
        views.append(flat[at : at + count].reshape(units, inputs + 1))
        at += count
    return views


def cut(array: Array, block: int) -> list[Array]:
    """Views of ``array`` (rows, parameters), each of ``block`` columns; the last one of what is left."""
    return [array[:, start : start + block] for start in range(0, array.shape[1], block)]


def split(flat: Array, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
    """Views of a flat (parameters,) vector: per layer W (units, inputs) and b (units,)."""
    joined = join(flat, sizes)
    return [layer[:, :-1] for layer in joined], [layer[:, -1] for layer in joined]


def parameter_count(sizes: tuple[int, ...]) -> int:
    """How many weights and biases a network of these sizes has."""
    return sum(units * (inputs + 1) for inputs, units in itertools.pairwise(sizes))


def with_ones(x: Array) -> Array:
    """A copy of the rows ``x`` (n, inputs) with a last column of ones."""
    return np.column_stack([x, np.ones(len(x))])


class Activity:
    """What the forward pass of ``n`` rows fills: per layer ``z[l]`` and ``a[l]``, (n, units).

    ``x_joined`` (n, inputs + 1) are the rows with a column of ones; None makes a buffer for them. ``x_t`` are
    the same numbers as (inputs + 1, n): a copy that lies that way is multiplied faster than a view.
    ``inputs_t[l]`` is what layer l multiplies by [W | b]: the layer before, transposed, over a row of ones.
    ``numbers`` is one vector with everything in it, and ``spare`` numbers more at its end.
    """

    __slots__ = ("a", "a_t", "inputs", "inputs_t", "n", "numbers", "x", "x_joined", "z", "z_t")

    def __init__(
        self, sizes: tuple[int, ...], n: int, x_joined: Array | None = None, x_t: Array | None = None, spare: int = 0
    ) -> None:
        units = sizes[1:]
        self.n = n
        self.x_joined = np.ones((n, sizes[0] + 1)) if x_joined is None else x_joined
        self.x = self.x_joined[:, :-1]
        self.numbers = np.ones(n * (2 * sum(units) + len(units)) + spare)
        over_ones = carve(self.numbers, 0, [(count + 1, n) for count in units])
        z_t = carve(self.numbers, n * (sum(units) + len(units)), [(count, n) for count in units])
        self.z_t = z_t
        self.a_t = [array[:-1] for array in over_ones]
        self.z = [array.T for array in z_t]
        self.a = [array.T for array in self.a_t]
        hidden_t = over_ones[:-1]
        self.inputs_t = [self.x_joined.T if x_t is None else x_t, *hidden_t]
        self.inputs = [self.x_joined, *(array.T for array in hidden_t)]


def carve(vector: Array, at: int, shapes: list[tuple[int, int]]) -> list[Array]:
    """Consecutive views of ``vector`` from ``at`` on, one per shape."""
    views = []
    for rows, columns in shapes:
        views.append(vector[at : at + rows * columns].reshape(rows, columns))
        at += rows * columns
    return views


class Trace(Activity):
    """One pass: the batch, every z, a, da, dz, dw, db, the loss, and the states before and after.

    Per layer l (0 = first hidden): ``z[l] a[l] dz[l]`` are (batch, units), ``dw[l]`` (units, inputs),
    ``db[l]`` (units,). ``da[l]`` is filled for hidden layers, and for the output where the pass needs it;
    ``nn_tui.core.engine.quantities`` completes the rest. ``terms`` (batch, outputs) are the loss terms before
    ``scale``. ``update`` is the pass number N ≥ 1; ``rows`` are the batch's row numbers in the data
    (None: all of them in order). Nothing here is written after the pass while
    anyone holds the trace; ``holders`` counts them, and who no longer needs it appends it to ``home``.
    ``plans`` are what a pass from one pooled state to another takes, by both, for when they come again. ``sound``
    says that all numbers are known to be finite; without it they may be, too. ``computed`` are all of them but those
    of the states: ``numbers`` without the optimiser's scratch. ``steps`` are those of the optimiser that a reader has
    asked for, by layer, and ``extents`` of quantities, by key and layer, until somebody gives the trace back.
    """

    __slots__ = (
        "after", "batches", "before", "computed", "d_joined", "da", "da_t", "data_loss", "db", "dw", "dz", "dz_t",
        "extents", "factor", "gradient", "gradient_blocks", "holders", "home", "loss", "penalty", "plans", "rows",
        "scale", "sound", "steps", "terms", "terms_alone", "terms_t", "update", "y", "y_t", "z_and_terms",
    )  # fmt: skip

    before: State
    after: State
    home: deque[Trace]

    def __init__(
        self,
        sizes: tuple[int, ...],
        n: int,
        scale: float,
        block: int,
        rows: int,
        whole: tuple[Array, Array, Array] | None,
    ) -> None:
        units = sizes[1:]
        parameters = parameter_count(sizes)
        numbers = n * sum(units)
        x_joined, x_t = whole[:2] if whole else (None, None)
        super().__init__(sizes, n, x_joined, x_t, n * units[-1] + rows * parameters + 2 * numbers)
        # In this order: a, z, the loss terms, the gradient, scratch rows of the optimiser, da, dz.
        at = self.numbers.size - 2 * numbers - rows * parameters
        gradients = self.numbers[at : at + rows * parameters].reshape(rows, parameters)
        self.gradient = gradients[0]
        self.computed = self.numbers[: at + parameters], self.numbers[self.numbers.size - 2 * numbers :]
        self.gradient_blocks = cut(gradients, block)
        self.terms_t = self.numbers[at - n * units[-1] : at].reshape(units[-1], n)
        self.terms = self.terms_t.T
        self.z_and_terms = self.numbers[at - n * units[-1] - numbers : at]
        self.terms_alone = np.repeat([0.0, 1.0], [numbers, n * units[-1]])
        shapes = [(count, n) for count in units]
        self.da_t = carve(self.numbers, self.numbers.size - 2 * numbers, shapes)
        self.dz_t = carve(self.numbers, self.numbers.size - numbers, shapes)
        self.da = [array.T for array in self.da_t]
        self.dz = [array.T for array in self.dz_t]
        self.d_joined = join(self.gradient, sizes)
        self.dw, self.db = split(self.gradient, sizes)
        self.scale = scale
        self.factor = np.array(scale)  # NumPy takes a 0-d array in half the time of a float
        self.y_t = whole[2] if whole else np.zeros((units[-1], n))
        self.y = self.y_t.T
        self.plans: dict[tuple[State, State], Plan] = {}
        self.steps: dict[int, Array] = {}
        self.extents: dict[tuple[str, int], tuple[float, bool]] = {}
        self.rows: NDArray[np.intp] | None = None
        self.sound = False
        self.update = 0
        self.batches = 1
        self.loss = self.data_loss = self.penalty = 0.0
        self.holders = 0

    @property
    def epoch(self) -> int:
        """The epoch that the pass belongs to, from 1."""
        return 1 + (self.update - 1) // self.batches
