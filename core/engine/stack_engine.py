"""Many networks of one shape as one engine: a pass of a stack is one pass of each of its networks.

NumPy needs about as long to begin an operation as to compute the numbers of a small network. A stack begins each
operation once for all of its networks. It runs the same maths as a single network (:mod:`nn_tui.core.nn`), with one
more axis in front; see :mod:`nn_tui.core.nn.arrays`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine, Samples, draw_parameters, row_order
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.constants import ones
from nn_tui.core.nn.losses import penalties
from nn_tui.core.nn.optimizer import Rate
from nn_tui.core.nn.schedules import learning_rate
from nn_tui.core.spec import Array, Dataset, Experiment


class StackEngine(Engine):
    """Experiments of one shape as one stack: the engine of the first, with the axis of the stack in front.

    Attributes:
        experiments: The experiments, one for each network. They may differ in their initial weights, their learning
            rate, the numbers of their data and the order of the rows.
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        self.experiments = tuple(experiments)
        first = self.experiments[0]
        super().__init__(first, stack=(len(self.experiments),))
        self._base_rates = [each.training.optimizer.learning_rate for each in self.experiments]
        self._has_one_rate = len(set(self._base_rates)) == 1
        self._has_one_data = all(_same_samples(each.data, first.data) for each in self.experiments)
        if not self._has_one_data:
            x, y = [each.data.x for each in self.experiments], [each.data.y for each in self.experiments]
            self._shared_samples = Samples(np.stack(x), np.stack(y))
        has_one_order = not first.training.shuffle or len({each.seed for each in self.experiments}) == 1
        if not (self._has_one_data and (has_one_order or self.batch == self.rows)):
            self._batch_stack = self.stack
            self._all_x = self._shared_samples.x.reshape(-1, self.sizes[0] + 1)
            self._all_y = self._shared_samples.y_t.mT.reshape(-1, self.sizes[-1])

    def initial_state(self) -> State:
        """Return the state before the first update, with the initial weights of each experiment."""
        state = State(np.zeros(self._state_shape), self.sizes, self.optimizer.initial_scalars)
        state.refcount = 1
        for index, experiment in enumerate(self.experiments):
            draw_parameters(experiment, State(state.array[:, index], self.sizes))
        return state

    def joined_state(self, states: Sequence[State]) -> State:
        """Return the states of the networks, which have made the same number of updates, as one state."""
        state = State(np.stack([each.array for each in states], axis=1), self.sizes, states[0].scalars)
        state.steps, state.refcount = states[0].steps, 1
        return state

    def network_state(self, state: State, index: int) -> State:
        """Return a copy of the state of one network."""
        copy = State(state.array[:, index].copy(), self.sizes, state.scalars)
        copy.steps, copy.refcount = state.steps, 1
        return copy

    def select_networks(self, state: State, chosen: list[int]) -> State:
        """Return a copy of the states of the chosen networks as one state."""
        copy = State(state.array[:, chosen], self.sizes, state.scalars)
        copy.steps, copy.refcount = state.steps, 1
        return copy

    def known_finite(self, trace: Trace) -> NDArray[np.bool_]:
        """Return for which networks all numbers of a pass are known to be finite, (networks,).

        As :func:`~nn_tui.core.engine.nonfinite.squares_are_finite`, but for each network alone.
        """
        networks, network = len(self.experiments), self.network
        arrays = (*trace.z, trace.terms, trace.gradient, trace.after.array.swapaxes(0, 1))
        with np.errstate(all="ignore"):
            squares = [np.square(array).reshape(networks, -1).sum(1) for array in arrays]
            each = penalties(trace.before.weights, network.l1, network.l2)
            finite: NDArray[np.bool_] = np.isfinite(np.sum([*squares, each], axis=0))
        return finite

    def losses(self, trace: Trace) -> Array:
        """Return the loss of each network in a pass, with the penalty, (networks,)."""
        terms = trace.terms_flat.reshape(len(self.experiments), 1, -1)
        sums = np.matmul(terms, ones(terms.shape[-1])[:, None])[:, 0, 0]  # a product, as for a single network
        losses: Array = sums * trace.scale + penalties(trace.before.weights, self.network.l1, self.network.l2)
        return losses

    def _epoch_order(self, epoch: int) -> NDArray[np.intp]:
        """Return the order of the rows in an epoch; (networks, rows) of ``_all_x`` if the networks differ."""
        if not self._batch_stack:
            return super()._epoch_order(epoch)
        orders = np.stack([row_order(experiment, epoch) for experiment in self.experiments])
        return orders if self._has_one_data else orders + self.rows * np.arange(len(orders))[:, None]

    def _take_batch(self, trace: Trace, rows: NDArray[np.intp]) -> None:
        """Copy rows of the training data of each network to the trace."""
        if not self._batch_stack:
            super()._take_batch(trace, rows)
        else:
            self._all_x.take(rows, 0, trace.inputs[0], "clip")
            trace.y[...] = self._all_y.take(rows, 0)

    def _rates(self, trace: Trace) -> Rate:
        """Return η of each network in a pass, (networks, 1); one number if it is the same for all."""
        if self._has_one_rate:
            return trace.learning_rate
        schedule, count = self.experiment.training.schedule, self.schedule_count(trace.update)
        return np.array([[learning_rate(base, schedule, count)] for base in self._base_rates])


def _same_samples(data: Dataset, other: Dataset) -> bool:
    return data is other or (np.array_equal(data.x, other.x) and np.array_equal(data.y, other.y))
