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
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.streams import stream
from nn_tui.core.trace import State, Trace, parameter_count, split

BLOCK = 8192  # parameters per optimiser block: three 64 KiB rows and the scratch stay in the L2 cache


class Engine:
    """A compiled experiment: the functions, buffers and batch order that its passes use.

    Not thread-safe: one thread runs passes at a time. :meth:`release` alone may be called from another.
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
        self.x = np.ascontiguousarray(experiment.data.x)
        self.y_t = np.ascontiguousarray(experiment.data.y.T)
        self.parameters = parameter_count(self.sizes)
        self.block = min(BLOCK, self.parameters)
        self._work = np.zeros(self.parameters)
        self._work_blocks = [self._work[start : start + self.block] for start in range(0, self.parameters, self.block)]
        self._frozen = _frozen_ranges(experiment)
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

    def release(self, trace: Trace) -> None:
        """Give a leased trace back; safe from any thread."""
        self.released.append(trace)

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
        trace.batches = self.batches_per_epoch
        trace.rows = rows
        if rows is None:
            trace.x, trace.y = self.x, self.y_t.T
        else:
            trace.x = self.x.take(rows, 0, trace.x_buffer, "clip")
            trace.y = trace.y_buffer.T
            self.y_t.take(rows, 1, trace.y_buffer, "clip")
        after = self.new_state()
        trace.before, trace.after = before, after
        before.uses += 1
        after.uses = 1
        self.forward(before, trace.x, trace.z_t, trace.a_t)
        self._loss(trace)
        self._backward(trace)
        self._update(trace)
        return trace

    def _new_trace(self, n: int) -> Trace:
        reduction = self.experiment.training.reduction
        return Trace(self.sizes, n, scale(self.loss, reduction, n, self.sizes[-1]), self.block)

    def forward(self, state: State, x: Array, z_t: list[Array], a_t: list[Array]) -> None:
        """Fill z and a, transposed (units, batch), for the rows ``x`` (batch, inputs)."""
        a = x.T
        for weights, bias, activation, z, out in zip(
            state.weights, state.biases_column, self.activations, z_t, a_t, strict=True
        ):
            np.dot(weights, a, z)
            np.add(z, bias, z)
            activation.value(z.T, out.T)
            a = out

    def _loss(self, trace: Trace) -> None:
        training = self.experiment.training
        self.loss.terms(trace.z[-1], trace.a[-1], trace.y, trace.terms)
        trace.data_loss = float(np.add.reduce(trace.terms_flat)) * trace.scale
        trace.penalty = penalty(trace.before, training.l1, training.l2)
        trace.loss = trace.data_loss + trace.penalty

    def _backward(self, trace: Trace) -> None:
        training = self.experiment.training
        weights = trace.before.weights
        dz = trace.dz_t[-1]
        if self.fused:
            if self.loss.fused is not None:
                np.subtract(trace.a[-1], trace.y, dz.T)
            else:
                self.loss.gradient(trace.z[-1], trace.a[-1], trace.y, dz.T)
            if trace.scale != 1.0:
                np.multiply(dz, trace.scale, dz)
        else:
            da = trace.da_t[-1]
            self.loss.gradient(trace.z[-1], trace.a[-1], trace.y, da.T)
            if trace.scale != 1.0:
                np.multiply(da, trace.scale, da)
            self._through_activation(trace, len(weights) - 1)
        for index in range(len(weights) - 1, -1, -1):
            dz = trace.dz_t[index]
            a_before = trace.a[index - 1] if index else trace.x
            dw = trace.dw[index]
            np.dot(dz, a_before, dw)
            np.dot(dz, trace.ones, trace.db[index])
            if training.l1:
                np.add(dw, training.l1 * np.sign(weights[index]), dw)
            if training.l2:
                np.add(dw, training.l2 * weights[index], dw)
            if index:
                np.dot(weights[index].T, dz, trace.da_t[index - 1])
                self._through_activation(trace, index - 1)

    def _through_activation(self, trace: Trace, index: int) -> None:
        """δ = da·σ′(z) of one layer; softmax has no σ′ of its own and goes through its Jacobian."""
        slope = self.activations[index].slope
        if slope is None:
            softmax_backward(trace.a[index], trace.da[index], trace.dz[index])
            return
        dz = trace.dz_t[index]
        slope(trace.z_t[index], trace.a_t[index], dz)
        np.multiply(dz, trace.da_t[index], dz)

    def _update(self, trace: Trace) -> None:
        before, after = trace.before, trace.after
        after.steps = before.steps + 1
        update = self.optimizer.update
        for old, g, new, work in zip(
            before.blocks, trace.gradient_blocks, after.blocks, self._work_blocks, strict=True
        ):
            update(old, g, new, work, self.learning_rate, after.steps, self.options)
        for start, stop in self._frozen:
            after.array[:, start:stop] = before.array[:, start:stop]


def is_finite(trace: Trace) -> bool:
    """Whether every number of the pass is finite: one sum over each buffer, looked at closely only if odd."""
    total = (
        float(np.add.reduce(trace.activity)) + float(np.add.reduce(trace.after.rows[0]))
        + float(np.add.reduce(trace.gradient)) + trace.loss
    )  # fmt: skip
    if isfinite(total):
        return True
    # Large finite numbers can overflow the sum itself.
    return bool(
        np.isfinite(trace.activity).all()
        and np.isfinite(trace.after.array).all()
        and np.isfinite(trace.gradient).all()
        and isfinite(trace.loss)
    )


def penalty(state: State, l1: float, l2: float) -> float:
    """l1·Σ|w| + ½·l2·Σw² over all weights, biases left out."""
    total = 0.0
    for weights in state.weights:
        if l1:
            total += l1 * float(np.abs(weights).sum())
        if l2:
            total += 0.5 * l2 * float(np.square(weights).sum())
    return total


def _frozen_ranges(experiment: Experiment) -> list[tuple[int, int]]:
    """The parts of the flat parameter vector that no update may move."""
    flat = np.arange(parameter_count(experiment.sizes), dtype=np.float64)
    weights, biases = split(flat, experiment.sizes)
    ranges = []
    for layer, w, b in zip(experiment.layers, weights, biases, strict=True):
        if not layer.train_weights:
            ranges.append((int(w[0, 0]), int(w[-1, -1]) + 1))
        if not layer.train_bias:
            ranges.append((int(b[0]), int(b[-1]) + 1))
    return ranges
