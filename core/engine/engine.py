"""One pass of one network, from the parameters before an update to those after it: the only maths path.

The function that trains at full speed is the function that the stepper shows: :meth:`Engine.run` fills a
:class:`~nn_tui.core.engine.trace.Trace` and stepping is an index into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.targets import coding_of
from nn_tui.core.engine.buffers import Pool
from nn_tui.core.engine.trace import Activity, Dot, Plan, State, Trace, parameter_count, split, with_ones
from nn_tui.core.nn.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.nn.calls import Calls, make
from nn_tui.core.nn.initializers import initial_parameters
from nn_tui.core.nn.losses import LOSSES, scale
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, Experiment

BLOCK = 16384  # parameters per optimiser block: its rows and the scratch stay in the L2 cache
FEW = 1024  # parameters up to which the optimiser's constants are written out for each of them
LARGE = 1e290  # sums below it are finite, whatever order they are taken in
PLANS = 8  # lists of calls that a trace keeps; training needs two, one for each way between two states


class Engine(Pool):
    """A compiled experiment: the functions, the pool of buffers and the batch order that its passes use.

    Not thread-safe: one thread runs passes at a time. Others may append to ``released`` what they had leased.
    """

    def __init__(self, experiment: Experiment) -> None:
        training = experiment.training
        self.experiment = experiment
        self.activations = [ACTIVATIONS[layer.activation] for layer in experiment.layers]
        self.loss = LOSSES[training.loss]
        self.fused = self.loss.fused is not None or training.loss == "perceptron"
        self.optimizer = OPTIMIZERS[training.optimizer.name]
        super().__init__(experiment.sizes, 1 + len(self.optimizer.slots), BLOCK, self._made)
        self.options = {**self.optimizer.defaults, **dict(training.optimizer.options)}
        self.learning_rate = training.optimizer.learning_rate
        self.rows = experiment.data.x.shape[0]
        self.batch = min(training.batch_size or self.rows, self.rows)
        self.batches_per_epoch = -(-self.rows // self.batch)
        self.x_joined = with_ones(experiment.data.x)
        self.x_t = np.ascontiguousarray(self.x_joined.T) if self.batch == self.rows else None
        self.y_t = np.ascontiguousarray(experiment.data.y.T)
        self.coding = coding_of(np.concatenate([experiment.data.y, experiment.data.y_test]))
        self._work = np.zeros((self.optimizer.rows, self.block))
        self.scalars = self.optimizer.scalars(
            self.learning_rate, self.options, self.parameters if self.parameters <= FEW else 1
        )
        correction = self.optimizer.correction
        self._correct = correction and correction(self.scalars, self.learning_rate, self.options)
        self._frozen = _frozen(experiment)
        self._penalised = bool(training.l1 or training.l2)
        self._order: tuple[int, NDArray[np.intp]] = (-1, np.zeros(0, dtype=np.intp))

    def initial_state(self) -> State:
        """The parameters before the first update, drawn from ``init_seed``; optimiser state zero."""
        state = State(np.zeros((1 + len(self.optimizer.slots), self.parameters)), self.sizes, self.block)
        state.uses = 1
        for index, layer in enumerate(self.experiment.layers):
            weights, bias = initial_parameters(layer, index, self.sizes[index], self.experiment.init_seed)
            state.weights[index][...] = weights
            state.biases[index][...] = bias
        return state

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

    def run(self, before: State, update: int, after: State | None = None) -> Trace:
        """Forward, loss, backward and update number ``update`` from ``before``; ``before`` is not changed.

        ``after`` is the state that this pass has led to before, where that is known: it is not computed again.

        Never raises and never warns for overflow, infinities or NaN when called under
        ``np.errstate(all="ignore")``; see :func:`is_finite`.
        """
        return next(self.passes(before, update, after))

    def passes(self, before: State, update: int, known: State | None = None) -> Iterator[Trace]:
        """The pass of :meth:`run` and, without end, those that follow it.

        Whoever asks for the next one gives up the last: it is written over, while it is still in the cache, unless
        somebody else holds it.
        """
        correct, penalised, released = self._correct, self._penalised, self.released
        batches = self.x_t is None
        trace: Trace | None = None
        after = before
        plan: Plan | None = None
        back: Plan | None = None
        rows: NDArray[np.intp] | None = None
        is_new = True
        while True:
            if released:
                self.collect_released()
            if batches:
                rows = self.batch_rows(update)
            if trace is not None and trace.holders == before.uses == 1 and (rows is None or len(rows) == trace.n):
                # To and fro between the same two states, until somebody holds one of them.
                before, after = trace.before, trace.after = after, before
                plan, back = back, plan
            else:
                if trace is not None:
                    before = self.give_up(trace)
                trace = self.lease(before, self.rows if rows is None else len(rows), known)
                is_new, known = known is None, None
                after = trace.after
                plan = back = None
            trace.update = update
            if rows is not None:
                trace.rows = rows
                self.x_joined.take(rows, 0, trace.x_joined, "clip")
                self.y_t.take(rows, 1, trace.y_t, "clip")
            after.steps = steps = before.steps + 1
            if correct is not None:
                correct(steps)
            if plan is None:
                plan = trace.plans.get((before, after)) or self._plan(trace, is_new)
            calls, sum_with, terms_alone, told, telling = plan
            for function, arguments in calls:
                function(*arguments)
            # Zero times a number that is not finite is not a number, so that this sum of the terms tells of z, too.
            loss = float(sum_with(terms_alone)) * trace.scale
            sound = -LARGE < loss < LARGE
            if not sound:
                loss = float(trace.terms.sum()) * trace.scale
            trace.loss = trace.data_loss = loss
            if penalised:
                trace.penalty = penalty(before, self.experiment.training.l1, self.experiment.training.l2)
                trace.loss = loss + trace.penalty
                sound = sound and -LARGE < trace.loss < LARGE
            trace.sound = sound and -LARGE < float(told(telling)) < LARGE  # NumPy's numbers compare slowly
            yield trace
            update += 1

    def _made(self, n: int) -> Trace:
        factor = scale(self.loss, self.experiment.training.reduction, n, self.sizes[-1])
        whole = None if self.x_t is None else (self.x_joined, self.x_t, self.y_t)
        trace = Trace(self.sizes, n, factor, self.block, self.optimizer.rows, whole)
        trace.batches = self.batches_per_epoch
        return trace

    def _plan(self, trace: Trace, is_new: bool) -> Plan:
        """What the pass takes that ``trace`` holds the buffers of; the state after it only where that is new."""
        before, after = trace.before, trace.after
        calls = [*self._forward(before, trace), *self._loss(trace), *self._backward(trace)]
        if is_new:
            calls += self._update(trace)
        if self._frozen is None:
            # A gradient that is not finite shows in what it moved, and Adam's m in the parameters. What else the
            # optimiser keeps may stop a parameter where it is. Zero times what is not finite is not a number.
            told: Dot = after.parameters.dot
            telling = after.rows[-1]
        else:
            told, telling = partial(_squares, trace.gradient), after.flat
        plan = calls, trace.z_and_terms.dot, trace.terms_alone, told, telling
        if before.uses == 1:  # only from the pool do the same two states come again
            if len(trace.plans) == PLANS:
                trace.plans.clear()
            trace.plans[before, after] = plan
        return plan

    def forward(self, state: State, activity: Activity) -> None:
        """Fill z and a of every layer for the rows of ``activity``."""
        make(self._forward(state, activity))
        self.activations[-1].value(activity.z[-1], activity.a[-1])

    def _forward(self, state: State, activity: Activity) -> Calls:
        """All but the output's activation, which the loss may compute together with its terms."""
        calls: Calls = []
        for index, activation in enumerate(self.activations):
            calls.append((state.joined[index].dot, (activity.inputs_t[index], activity.z_t[index])))
            if index + 1 < len(self.activations):
                calls += activation.value_calls(activity.z[index], activity.a[index])
        return calls

    def _loss(self, trace: Trace) -> Calls:
        """The output's a, the terms of the loss and, where it is not of a fused pair, their derivative."""
        loss, y, terms = self.loss, trace.y, trace.terms
        z, a, da = trace.z[-1], trace.a[-1], trace.da[-1]
        if loss.with_value_calls is not None:
            return loss.with_value_calls(z, y, a, terms)
        calls = self.activations[-1].value_calls(z, a)
        if loss.with_gradient_calls is not None:
            return [*calls, *loss.with_gradient_calls(a, y, terms, da)]
        calls = [*calls, *loss.terms_calls(z, a, y, terms)]
        return calls if self.fused else [*calls, *loss.gradient_calls(z, a, y, da)]

    def _backward(self, trace: Trace) -> Calls:
        training, state = self.experiment.training, trace.before
        last = len(self.activations) - 1
        calls: Calls = []
        if self.loss.fused is not None:
            calls.append((np.subtract, (trace.a_t[-1], trace.y_t, trace.dz_t[-1])))
        elif self.fused:
            calls += self.loss.gradient_calls(trace.z[-1], trace.a[-1], trace.y, trace.dz[-1])
        if trace.scale != 1.0:
            first = trace.dz_t[-1] if self.fused else trace.da_t[-1]
            calls.append((np.multiply, (first, trace.factor, first)))
        for index in range(last, -1, -1):
            if index < last or not self.fused:
                calls += self._through_activation(trace, index)
            calls.append((trace.dz_t[index].dot, (trace.inputs[index], trace.d_joined[index])))
            if self._penalised:
                calls.append((_penalise, (state.weights[index], training.l1, training.l2, trace.dw[index])))
            if index:
                calls.append((state.weights_t[index].dot, (trace.dz_t[index], trace.da_t[index - 1])))
        return calls

    def _through_activation(self, trace: Trace, index: int) -> Calls:
        """δ = da·σ′(z) of one layer; softmax has no σ′ of its own and goes through its Jacobian."""
        slope = self.activations[index].slope_calls
        da, dz = trace.da[index], trace.dz[index]
        if slope is None:
            return [(softmax_backward, (trace.a[index], da, dz))]
        return [*slope(trace.z[index], trace.a[index], dz), (np.multiply, (dz, da, dz))]

    def _update(self, trace: Trace) -> Calls:
        before, after = trace.before, trace.after
        calls: Calls = []
        for old, g, new in zip(before.blocks, trace.gradient_blocks, after.blocks, strict=True):
            work = self._work[:, : g.shape[1]]  # the same for all blocks, so that it stays in the cache
            calls += self.optimizer.calls(old, g, new, work, self.scalars)
        if self._frozen is not None:
            calls.append((partial(np.copyto, where=self._frozen), (after.array, before.array)))
        return calls


def is_finite(trace: Trace) -> bool:
    """Whether every number of the pass is finite, the optimiser's state included.

    A pass that is ``sound`` was seen to be, by z, the loss, the state after it and, where that may be frozen, the
    gradient: a that is not finite shows in the next z or in the loss, and da or δ in db, where δ is summed.
    """
    if trace.sound:
        return True
    arrays = (*trace.computed, trace.after.array)
    return isfinite(trace.loss) and all(bool(np.isfinite(array).all()) for array in arrays)


def penalty(state: State, l1: float, l2: float) -> float:
    """l1·Σ|w| + ½·l2·Σw² over all weights, biases left out."""
    total = 0.0
    for weights in state.weights:
        if l1:
            total += l1 * float(np.abs(weights).sum())
        if l2:
            total += 0.5 * l2 * float(np.square(weights).sum())
    return total


def _squares(one: Array, other: Array) -> float:
    return float(one.dot(one) + other.dot(other))


def _penalise(weights: Array, l1: float, l2: float, dw: Array) -> None:
    """Add what the penalty gives to the gradient of a layer's weights."""
    if l1:
        dw += l1 * np.sign(weights)
    if l2:
        dw += l2 * weights


def _frozen(experiment: Experiment) -> NDArray[np.bool_] | None:
    """Which of the flat parameters no update may move; None where all may."""
    flat = np.zeros(parameter_count(experiment.sizes))
    weights, biases = split(flat, experiment.sizes)
    for layer, w, b in zip(experiment.layers, weights, biases, strict=True):
        w[...] = not layer.train_weights
        b[...] = not layer.train_bias
    return flat != 0.0 if flat.any() else None
