"""Runs passes: forward, loss, backward and update, from the parameters before an update to those after it.

This is the only place where the maths of :mod:`nn_tui.core.nn` is put together. Training at full speed, stepping,
replay and every analysis use it, so all of them get the same numbers, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.targets import target_spread
from nn_tui.core.data.units import target_coding
from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.buffers import BufferPool
from nn_tui.core.engine.nonfinite import squares_are_finite
from nn_tui.core.engine.trace import BLOCK_SIZE, State, Trace
from nn_tui.core.nn import mlp
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.arrays import ForwardArrays, Stack, append_ones, parameter_count, split_parameters
from nn_tui.core.nn.initializers import initial_parameters
from nn_tui.core.nn.losses import LOSSES, penalty, scale
from nn_tui.core.nn.optimizer import Optimizer, Rate
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import learning_rate
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, Experiment


class Samples:
    """The training samples as passes take them; never written.

    Attributes:
        x: The inputs with a last column of ones, (rows, inputs + 1).
        y_t: The targets, (outputs, rows).
    """

    def __init__(self, x: Array, y: Array) -> None:
        self.x = append_ones(x)
        self.y_t = np.ascontiguousarray(y.mT)

    @cached_property
    def x_t(self) -> Array:
        """A transposed copy of ``x``, for a batch of all samples."""
        return np.ascontiguousarray(self.x.mT)


class Engine(BufferPool):
    """An experiment ready to run. Only one thread at a time may run passes.

    Attributes:
        experiment: The experiment.
        network: Its activations, loss and penalty; ``activations`` and ``loss`` are also attributes of the engine.
        optimizer: Its optimiser; :meth:`new_optimizer` makes another one for readers in other threads.
        rows: The number of samples in the training data.
        batch: The number of samples in a batch.
        batches_per_epoch: The number of batches in an epoch; the last one may be smaller.
        coding: The coding of the targets, such as one-hot classes.
        is_frozen: Which parameters, (parameters,), no update changes; None if updates change all.
    """

    def __init__(self, experiment: Experiment, like: Engine | None = None, stack: Stack = ()) -> None:
        """Prepare an experiment.

        Args:
            experiment: The experiment.
            like: Another engine; if it has the same data, their arrays are shared.
            stack: The axis of a stack of networks; see :mod:`nn_tui.core.engine.stack_engine`.
        """
        training, data = experiment.training, experiment.data
        self.experiment = experiment
        self.network = mlp.NetworkFunctions(
            tuple(ACTIVATIONS[layer.activation] for layer in experiment.layers),
            LOSSES[training.loss],
            training.l1,
            training.l2,
        )
        self.activations, self.loss = self.network.activations, self.network.loss
        self.optimizer = self.new_optimizer()
        super().__init__(experiment.sizes, len(self.optimizer.slots), self._new_trace, stack)
        self.rows = len(data.x)
        self.batch = min(training.batch_size or self.rows, self.rows)
        self.batches_per_epoch = -(-self.rows // self.batch)
        self.coding = target_coding(data)
        step, other = np.zeros((2, *stack, min(BLOCK_SIZE, self.parameters)))
        sizes = [min(BLOCK_SIZE, self.parameters - start) for start in range(0, self.parameters, BLOCK_SIZE)]
        self._scratch = [(step[..., :size], other[..., :size]) for size in sizes]  # the same memory for all blocks
        shares = like is not None and like.experiment.data is data
        self._shared_samples: Samples = like._shared_samples if like is not None and shares else Samples(data.x, data.y)
        self.is_frozen = _frozen_parameters(experiment)
        self._is_constant = training.schedule.is_constant
        self._batch_stack: Stack = ()  # the axis of a stack in front of a batch; () if its networks share each batch
        self._order: tuple[int, NDArray[np.intp]] = (-1, np.zeros(0, dtype=np.intp))

    @property
    def threads(self) -> int:
        """The number of BLAS threads for its passes; each pass of a run needs the same number to give the same bits."""
        return threads_for(self.sizes, self.batch)

    @cached_property
    def train_spread(self) -> list[float] | None:
        """The squared deviations of the training targets from their mean, for R²; None if that is not defined."""
        return target_spread(self.experiment.data.y)

    @cached_property
    def test_spread(self) -> list[float] | None:
        """The same for the test targets."""
        return target_spread(self.experiment.data.y_test)

    def use_threads(self) -> None:
        """Set the number of BLAS threads in the process to that of its passes; call it before passes are run."""
        use_threads(self.threads)

    def new_optimizer(self) -> Optimizer:
        """Return another instance of the optimiser, for another thread."""
        spec = self.experiment.training.optimizer
        return OPTIMIZERS[spec.name](dict(spec.options))

    def initial_state(self) -> State:
        """Return the state before the first update: parameters drawn from ``init_seed``, and all slots 0."""
        state = State(np.zeros(self._state_shape), self.sizes, self.optimizer.initial_scalars)
        state.refcount = 1
        draw_parameters(self.experiment, state)
        return state

    def batch_rows(self, update: int) -> NDArray[np.intp] | None:
        """Return the rows of the training data in the batch of pass ``update``; None if it holds all of them in order.

        They depend on the seed and the epoch alone.
        """
        if self.batch == self.rows:
            return None
        epoch, position = divmod(update - 1, self.batches_per_epoch)
        if self._order[0] != epoch:
            self._order = (epoch, self._epoch_order(epoch))
        return self._order[1][..., position * self.batch : (position + 1) * self.batch]

    def _epoch_order(self, epoch: int) -> NDArray[np.intp]:
        """Return the order of the rows in an epoch, counted from 0."""
        return row_order(self.experiment, epoch)

    def schedule_count(self, update: int) -> int:
        """Return the number of updates or epochs before pass ``update``, as the schedule counts them."""
        return (update - 1) // (self.batches_per_epoch if self.experiment.training.schedule.per == "epoch" else 1)

    def learning_rate(self, update: int) -> float:
        """Return η of pass ``update``."""
        training = self.experiment.training
        if self._is_constant:
            return training.optimizer.learning_rate
        return learning_rate(training.optimizer.learning_rate, training.schedule, self.schedule_count(update))

    def _rates(self, trace: Trace) -> Rate:
        """Return η of a pass for the optimiser; a stack may have one for each network."""
        return trace.learning_rate

    def run(self, before: State, update: int, after: State | None = None) -> Trace:
        """Run one pass.

        Call it under ``np.errstate(all="ignore")``: numbers that overflow become infinities or NaN and raise nothing.

        Args:
            before: The state before the update; it is not changed.
            update: The number of the pass, from 1.
            after: The state after the update, if it is known; it is not computed again.

        Returns:
            The trace, held once for the caller.
        """
        return next(self.passes(before, update, after))

    def passes(self, before: State, update: int, after: State | None = None) -> Iterator[Trace]:
        """Run pass ``update`` as :meth:`run` does, and then the passes that follow, without end.

        Advancing the iterator overwrites the previous trace unless somebody else holds it, too.
        """
        self.collect_released()
        rows = self.batch_rows(update)
        trace = self.acquire(self.rows if rows is None else rows.shape[-1], before, after)
        self._compute(trace, update, rows, is_known=after is not None)
        while True:
            yield trace
            update += 1
            if self.release_queue:
                self.collect_released()
            if self.batch < self.rows:
                rows = self.batch_rows(update)
            trace = self.acquire_next(trace, self.rows if rows is None else rows.shape[-1])
            self._compute(trace, update, rows)

    def _compute(self, trace: Trace, update: int, rows: NDArray[np.intp] | None, is_known: bool = False) -> None:
        """Run the pass that leads from ``trace.before`` to ``trace.after``."""
        network, before, after = self.network, trace.before, trace.after
        trace.update = update
        trace.rows = rows
        if rows is not None:
            self._take_batch(trace, rows)
        mlp.forward(network, before, trace, training=True)
        trace.data_loss = mlp.evaluate_loss(network, trace)
        if network.l1 or network.l2:
            trace.penalty = penalty(before.weights, network.l1, network.l2)
        trace.loss = trace.data_loss + trace.penalty
        mlp.backward(network, before, trace)
        trace.learning_rate = self.learning_rate(update)
        after.steps = before.steps + 1
        after.scalars = self.optimizer.begin(self._rates(trace), after.steps, before.scalars)
        if not is_known:
            for block, scratch in enumerate(self._scratch):
                self.optimizer.update(before.blocks[block], trace.gradient_blocks[block], after.blocks[block], scratch)
            if self.is_frozen is not None:
                np.copyto(after.array, before.array, where=self.is_frozen)
        trace.known_finite = squares_are_finite(trace)

    def _take_batch(self, trace: Trace, rows: NDArray[np.intp]) -> None:
        """Copy rows of the training data to the trace."""
        self._shared_samples.x.take(rows, 0, trace.inputs[0], "clip")
        self._shared_samples.y_t.take(rows, 1, trace.y_t, "clip")

    def forward(self, state: State, arrays: ForwardArrays) -> None:
        """Evaluate the network on the inputs of ``arrays``, which receive z and a of every layer."""
        mlp.forward(self.network, state, arrays)

    def _new_trace(self, n: int) -> Trace:
        outputs = self.sizes[-1]
        factor = scale(self.loss, self.experiment.training.reduction, n, outputs)
        if n == self.rows:
            x, x_t, y_t = self._shared_samples.x, self._shared_samples.x_t, self._shared_samples.y_t
        else:
            x, x_t = np.ones((*self._batch_stack, n, self.sizes[0] + 1)), None
            y_t = np.zeros((*self._batch_stack, outputs, n))
        trace = Trace(self.sizes, x, x_t, y_t, factor, self.release_queue, self.stack)
        trace.batches = self.batches_per_epoch
        return trace


def draw_parameters(experiment: Experiment, state: State) -> None:
    """Write the initial weights and biases of an experiment to a state, drawn from its ``init_seed``."""
    for index, layer in enumerate(experiment.layers):
        weights, bias = initial_parameters(layer, index, experiment.sizes[index], experiment.init_seed)
        state.weights[index][...] = weights
        state.biases[index][...] = bias


def row_order(experiment: Experiment, epoch: int) -> NDArray[np.intp]:
    """Return the order of the rows in an epoch, counted from 0."""
    rows = len(experiment.data.x)
    if experiment.training.shuffle:
        return stream(experiment.seed, "shuffle", epoch).permutation(rows)
    return np.arange(rows)


def _frozen_parameters(experiment: Experiment) -> NDArray[np.bool_] | None:
    """Return which parameters, (parameters,), no update may change; None if all may change."""
    frozen = np.zeros(parameter_count(experiment.sizes))
    for layer, augmented in zip(experiment.layers, split_parameters(frozen, experiment.sizes), strict=True):
        augmented[:, :-1] = not layer.train_weights
        augmented[:, -1] = not layer.train_bias
    return frozen != 0.0 if frozen.any() else None
