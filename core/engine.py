"""One pass of one network, from the parameters before an update to those after it: the only maths path.

The function that trains at full speed is the function that the stepper shows: :meth:`Engine.run` fills a
:class:`~nn_tui.core.trace.Trace` and stepping is an index into it. Buffers are pooled: a trace that
nobody holds any more is written again two passes later, a held (leased) one never.
"""

from __future__ import annotations

from collections import deque
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.initializers import initial_parameters
from nn_tui.core.losses import LOSSES, scale
from nn_tui.core.optimizers import OPTIMIZERS
from nn_tui.core.spec import Experiment
from nn_tui.core.streams import stream
from nn_tui.core.targets import coding_of
from nn_tui.core.trace import Activity, State, Trace, parameter_count, split, with_ones

BLOCK = 8192  # parameters per optimiser block: three 64 KiB rows and the scratch stay in the L2 cache


class Engine:
    """A compiled experiment: the functions, buffers and batch order that its passes use.

    Not thread-safe: one thread runs passes at a time. Others may append to ``released`` what they had leased.
    """

    def __init__(self, experiment: Experiment) -> None:
        training = experiment.training
        self.experiment = experiment
        self.sizes = experiment.sizes
        self.activations = [ACTIVATIONS[layer.activation] for layer in experiment.layers]
        self.loss = LOSSES[training.loss]
        self.fused = self.loss.fused is not None or training.loss == "perceptron"
        self.optimizer = OPTIMIZERS[training.optimizer.name]
        self.options = {**self.optimizer.defaults, **dict(training.optimizer.options)}
        self.learning_rate = training.optimizer.learning_rate
        self.rows = experiment.data.x.shape[0]
        self.batch = min(training.batch_size or self.rows, self.rows)
        self.batches_per_epoch = -(-self.rows // self.batch)
        self.values = [activation.value for activation in self.activations]
        self._hidden = list(enumerate(self.values[:-1]))
        self.x_joined = with_ones(experiment.data.x)
        self.y_t = np.ascontiguousarray(experiment.data.y.T)
        self.coding = coding_of(np.concatenate([experiment.data.y, experiment.data.y_test]))
        self.parameters = parameter_count(self.sizes)
        self.block = min(BLOCK, self.parameters)
        self._whole = self.block == self.parameters
        self._work = np.zeros(self.parameters)
        self._work_blocks = [self._work[start : start + self.block] for start in range(0, self.parameters, self.block)]
        self.scalars = self.optimizer.scalars(self.learning_rate, self.options)
        self._frozen = _frozen(experiment)
        self._backward_order = range(len(self.values) - 1, -1, -1)
        self._order: tuple[int, NDArray[np.intp]] = (-1, np.zeros(0, dtype=np.intp))
        self._free_states: list[State] = []
        self._free_traces: dict[int, list[Trace]] = {}
        self.released: deque[Trace] = deque()

    # States and traces

    def initial_state(self) -> State:
        """The parameters before the first update, drawn from ``init_seed``; optimiser state zero."""
        state = State(np.zeros((1 + len(self.optimizer.slots), self.parameters)), self.sizes, self.block)
        state.uses = 1
        for index, layer in enumerate(self.experiment.layers):
            weights, bias = initial_parameters(layer, index, self.sizes[index], self.experiment.init_seed)
            state.weights[index][...] = weights
            state.biases[index][...] = bias
        return state

    def new_state(self) -> State:
        """A state to write into; its numbers are whatever was there."""
        if self._free_states:
            return self._free_states.pop()
        return State(np.zeros((1 + len(self.optimizer.slots), self.parameters)), self.sizes, self.block)

    def copy_state(self, state: State) -> State:
        """An independent copy, which no pass will write to."""
        copy = State(state.array.copy(), self.sizes, self.block)
        copy.steps = state.steps
        copy.uses = 1  # held by whoever asked for it: never to be written again
        return copy

    def drop(self, trace: Trace) -> None:
        """One holder less; with the last one the trace and the states that only it used are free again."""
        trace.holders -= 1
        if trace.holders:
            return
        for state in (trace.before, trace.after):
            state.uses -= 1
            if state.uses == 0:
                self._free_states.append(state)
        self._free_traces.setdefault(trace.n, []).append(trace)

    def collect_released(self) -> None:
        """Drop what readers gave back since the last call."""
        while self.released:
            self.drop(self.released.popleft())

    # The batch

    def batch_rows(self, update: int) -> NDArray[np.intp] | None:
        """The data rows of pass ``update`` (from 1), None for the full set: a function of seed and epoch."""
        if self.batch == self.rows:
            return None
        epoch, slot = divmod(update - 1, self.batches_per_epoch)
        if self._order[0] != epoch:
            if self.experiment.training.shuffle:
                order = stream(self.experiment.seed, "shuffle", epoch).permutation(self.rows)
            else:
                order = np.arange(self.rows)
            self._order = (epoch, order)
        return self._order[1][slot * self.batch : (slot + 1) * self.batch]

    # The pass

    def run(self, before: State, update: int) -> Trace:
        """Forward, loss, backward and update number ``update`` from ``before``; ``before`` is not changed.

        Never raises and never warns for overflow, infinities or NaN when called under
        ``np.errstate(all="ignore")``; see :func:`is_finite`.
        """
        rows = self.batch_rows(update)
        n = self.rows if rows is None else len(rows)
        free = self._free_traces.get(n)
        trace = free.pop() if free else self._new_trace(n)
        trace.update = update
        trace.holders = 1
        trace.epoch = 1 + (update - 1) // self.batches_per_epoch
        trace.rows = rows
        if rows is not None:
            self.x_joined.take(rows, 0, trace.x_joined, "clip")
            self.y_t.take(rows, 1, trace.y_t, "clip")
        after = self._free_states.pop() if self._free_states else self.new_state()
        trace.before, trace.after = before, after
        before.uses += 1
        after.uses = 1
        self._forward(before, trace)
        self._loss(trace)
        self._backward(trace)
        self._update(trace)
        return trace

    def _new_trace(self, n: int) -> Trace:
        factor = scale(self.loss, self.experiment.training.reduction, n, self.sizes[-1])
        whole = (self.x_joined, self.y_t) if self.batch == self.rows else None
        trace = Trace(self.sizes, n, factor, self.block, whole)
        trace.home = self.released
        trace.batches = self.batches_per_epoch
        return trace

    def forward(self, state: State, activity: Activity) -> None:
        """Fill z and a of every layer for the rows of ``activity``."""
        self._forward(state, activity)
        self.values[-1](activity.z[-1], activity.a[-1])

    def _forward(self, state: State, activity: Activity) -> None:
        """All but the output's activation, which the loss may compute together with its terms."""
        joined, z_t = state.joined, activity.z_t
        for index, value in self._hidden:
            joined[index].dot(activity.inputs_t[index], z_t[index])
            value(activity.z[index], activity.a[index])
        joined[-1].dot(activity.inputs_t[-1], z_t[-1])

    def _loss(self, trace: Trace) -> None:
        training = self.experiment.training
        z, a = trace.z[-1], trace.a[-1]
        joint = self.loss.joint
        if joint is not None:
            joint(z, trace.y, a, trace.terms)
        else:
            self.values[-1](z, a)
            self.loss.terms(z, a, trace.y, trace.terms)
        trace.data_loss = trace.loss = float(trace.terms_flat.dot(trace.ones)) * trace.scale
        if training.l1 or training.l2:
            trace.penalty = penalty(trace.before, training.l1, training.l2)
            trace.loss = trace.data_loss + trace.penalty

    def _backward(self, trace: Trace) -> None:
        training = self.experiment.training
        dz_t = trace.dz_t
        if self.fused:
            if self.loss.fused is not None:
                np.subtract(trace.a_t[-1], trace.y_t, dz_t[-1])
            else:
                self.loss.gradient(trace.z[-1], trace.a[-1], trace.y, trace.dz[-1])
            if trace.scale != 1.0:
                np.multiply(dz_t[-1], trace.factor, dz_t[-1])
        else:
            da = trace.da[-1]
            self.loss.gradient(trace.z[-1], trace.a[-1], trace.y, da)
            if trace.scale != 1.0:
                np.multiply(da, trace.factor, da)
            self._through_activation(trace, len(dz_t) - 1)
        weights = trace.before.weights
        for index in self._backward_order:
            dz_t[index].dot(trace.inputs[index], trace.d_joined[index])
            if training.l1:
                trace.dw[index][...] += training.l1 * np.sign(weights[index])
            if training.l2:
                trace.dw[index][...] += training.l2 * weights[index]
            if index:
                trace.before.weights_t[index].dot(dz_t[index], trace.da_t[index - 1])
                self._through_activation(trace, index - 1)

    def _through_activation(self, trace: Trace, index: int) -> None:
        """δ = da·σ′(z) of one layer; softmax has no σ′ of its own and goes through its Jacobian."""
        slope = self.activations[index].slope
        if slope is None:
            softmax_backward(trace.a[index], trace.da[index], trace.dz[index])
            return
        dz = trace.dz[index]
        slope(trace.z[index], trace.a[index], dz)
        np.multiply(dz, trace.da[index], dz)

    def _update(self, trace: Trace) -> None:
        before, after = trace.before, trace.after
        after.steps = before.steps + 1
        update, scalars = self.optimizer.update, self.scalars
        if self.optimizer.correct is not None:
            self.optimizer.correct(scalars, self.learning_rate, self.options, after.steps)
        if self._whole:
            update(before.rows, trace.gradient, after.rows, self._work, scalars)
        else:
            for old, g, new, work in zip(
                before.blocks, trace.gradient_blocks, after.blocks, self._work_blocks, strict=True
            ):
                update(old, g, new, work, scalars)
        if self._frozen is not None:
            np.copyto(after.array, before.array, where=self._frozen)


def is_finite(trace: Trace) -> bool:
    """Whether every number of the pass is finite, the optimiser's state included.

    Looks at z, the gradients, the loss and the parameters: a that is not finite shows in the next z or in
    the loss, and da or δ that is not in db, where δ is summed.
    """
    numbers, parameters = trace.z_and_gradient, trace.after.rows[0]
    # Squares that stay this small cannot have overflowed an average or a sum of squared gradients either.
    if numbers.dot(numbers) + parameters.dot(parameters) + abs(trace.loss) < 1e290:
        return True
    return bool(np.isfinite(trace.numbers).all() and np.isfinite(trace.after.array).all() and isfinite(trace.loss))


def penalty(state: State, l1: float, l2: float) -> float:
    """l1·Σ|w| + ½·l2·Σw² over all weights, biases left out."""
    total = 0.0
    for weights in state.weights:
        if l1:
            total += l1 * float(np.abs(weights).sum())
        if l2:
            total += 0.5 * l2 * float(np.square(weights).sum())
    return total


def _frozen(experiment: Experiment) -> NDArray[np.bool_] | None:
    """Which of the flat parameters no update may move; None where all may."""
    flat = np.zeros(parameter_count(experiment.sizes))
    weights, biases = split(flat, experiment.sizes)
    for layer, w, b in zip(experiment.layers, weights, biases, strict=True):
        w[...] = not layer.train_weights
        b[...] = not layer.train_bias
    return flat != 0.0 if flat.any() else None
