"""The record of one pass, which the screen, the commands and the tests read."""

from __future__ import annotations

from collections import deque
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.nn.arrays import Parameters, PassArrays, Sizes, Stack, split_parameters
from nn_tui.core.nn.optimizer import ParameterState, Scalars
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Array

BLOCK_SIZE = 16384  # parameters that the optimiser updates at once: their arrays stay in the processor's L2 cache


class State(Parameters):
    """The parameters and the optimiser's state between two updates.

    Attributes:
        array: All numbers, (1 + slots, parameters): the parameters first, then one row for each slot of the optimiser.
            For a stack of networks (1 + slots, networks, parameters).
        steps: The number of updates that the optimiser has made.
        scalars: The numbers in the optimiser's state besides its slots.
        refcount: The number of traces and other holders that use the state. The engine may write to a state with 0.
    """

    def __init__(self, array: Array, sizes: Sizes, scalars: Scalars = ()) -> None:
        super().__init__(array[0], sizes)
        self.array = array
        self.steps = 0
        self.scalars = scalars
        self.refcount = 0

    def copy(self) -> State:
        """Return an independent copy, held by nobody."""
        copy = State(self.array.copy(), self.sizes, self.scalars)
        copy.steps = self.steps
        return copy

    @cached_property
    def flat(self) -> Array:
        """All numbers as one vector."""
        return self.array.reshape(-1)

    @cached_property
    def blocks(self) -> list[ParameterState]:
        """The array in parts of at most ``BLOCK_SIZE`` parameters."""
        return [ParameterState(part[0], tuple(part[1:])) for part in columns(self.array)]

    def slot(self, index: int) -> tuple[list[Array], list[Array]]:
        """Return slot ``index`` of the optimiser: for each layer the numbers of W (units, inputs) and of b (units,)."""
        layers = split_parameters(self.array[1 + index], self.sizes)
        return [layer[:, :-1] for layer in layers], [layer[:, -1] for layer in layers]


def columns(array: Array) -> list[Array]:
    """Return views of an array (…, parameters) in parts of ``BLOCK_SIZE`` columns; the last one holds the rest."""
    return [array[..., start : start + BLOCK_SIZE] for start in range(0, array.shape[-1], BLOCK_SIZE)]


class Trace(PassArrays):
    """One pass: its batch, all its results, and the states before and after it.

    The engine never writes to a trace that somebody holds; see :class:`~nn_tui.core.engine.buffers.BufferPool`.

    Attributes:
        update: The number of the pass, from 1.
        batches: The number of batches in an epoch.
        rows: The rows of the data that are in the batch, (batch,); None for all of them in order.
        learning_rate: η of this pass.
        before: The state before the update.
        after: The state after the update.
        data_loss: The loss without the penalty.
        penalty: The penalty on the weights.
        loss: The sum of the two: the function that is differentiated.
        known_finite: Whether all numbers are known to be finite; see :func:`~nn_tui.core.engine.nonfinite.is_finite`.
        gradient_blocks: The gradient in parts, like :attr:`State.blocks`.
        refcount: The number of holders of the trace.
        release_queue: The queue to which a holder appends the trace to give it back.
        steps: A cache for readers: the optimiser's steps by layer.
        extents: A cache for readers: the largest magnitudes of quantities, by key and layer.
        weight_sums: A cache for readers: Σ|w| and Σw² before the update, by the power.
    """

    __slots__ = (
        "after", "batches", "before", "data_loss", "extents", "gradient_blocks", "known_finite", "learning_rate",
        "loss", "penalty", "refcount", "release_queue", "rows", "steps", "update", "weight_sums",
    )  # fmt: skip

    before: State
    after: State

    def __init__(
        self,
        sizes: Sizes,
        x: Array,
        x_t: Array | None,
        y_t: Array,
        scale: float,
        release_queue: deque[Trace],
        stack: Stack = (),
    ) -> None:
        super().__init__(sizes, x, x_t, y_t, scale, stack)
        self.gradient_blocks = columns(self.gradient)
        self.release_queue = release_queue
        self.refcount = 0
        self.update = 0
        self.batches = 1
        self.rows: NDArray[np.intp] | None = None
        self.learning_rate = 0.0
        self.loss = self.data_loss = self.penalty = 0.0
        self.known_finite = False
        self.steps: dict[int, tuple[Array, Array]] = {}
        self.extents: dict[tuple[QuantityKey, int], tuple[float, bool]] = {}
        self.weight_sums: dict[int, float] = {}

    def clear_reader_caches(self) -> None:
        """Forget what readers have asked for, because the trace may be overwritten."""
        self.steps.clear()
        self.extents.clear()
        self.weight_sums.clear()

    @property
    def epoch(self) -> int:
        """The epoch that the pass belongs to, from 1."""
        return 1 + (self.update - 1) // self.batches
