"""The floor: the same training as a NumPy loop written by hand, as fast as we can make it.

It knows two kinds of network: tanh with a sigmoid output and ½ squared error, and ReLU with softmax and cross-entropy.
It is fast because every buffer is allocated once and every call has an ``out``, because parameters, gradients and the
optimiser's state are flat vectors in which W and b of a layer are neighbours, because constants are 0-d arrays, and
because Adam goes through the parameters in blocks that fit the processor's cache.

A pass computes everything that a trace contains: z, a, da, dz, dW and db of each layer, the loss and its terms, and the
parameters and the optimiser's state before and after the update. Unlike the trainer, it does not search for numbers
that are not finite, it stores only a list of losses and the last two states, it knows full batches only, and nobody can
watch, change, stop or undo it.
"""

from __future__ import annotations

import itertools
from math import sqrt
from typing import Any

import numpy as np

from nn_tui.core.spec import Array, Experiment

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
BLOCK_SIZE = 16384  # parameters that Adam updates at once
MAX_JOINT_SIZE = 1024  # parameters up to which Adam updates m and v in one call


class Floor:
    """A network and the buffers of its training.

    Attributes:
        states: Two arrays (1 + slots, parameters): the state after the last update and the one before it. The rows are
            the parameters, then Adam's m and v.
        gradient: The gradient and its squares (2, parameters).
        z: Pre-activations (units, batch) of each layer.
        a: Activations (units, batch) of each layer.
        da: Derivatives of the loss by ``a``.
        dz: Derivatives of the loss by ``z``.
        dwb: Views of the gradient as [dW | db] (units, inputs + 1) of each layer.
        terms: Loss terms (outputs, batch).
        losses: The loss of each pass.
    """

    def __init__(self, problem: Experiment, parameters: Array) -> None:
        """Allocate the buffers.

        Args:
            problem: The network, the data and the training.
            parameters: The initial parameters (parameters,), layer by layer, each as [W | b].
        """
        training, sizes = problem.training, problem.sizes
        n = len(problem.data.x)
        self._is_adam = training.optimizer.name == "adam"
        self._is_softmax = training.loss == "cross_entropy"
        self._rate = training.optimizer.learning_rate
        self._shapes = [(units, inputs + 1) for inputs, units in itertools.pairwise(sizes)]
        self.states = [np.zeros((3 if self._is_adam else 1, parameters.size)) for _ in range(2)]
        self.states[0][0] = parameters
        self.gradient = np.zeros((2, parameters.size))
        self.dwb = split_layers(self.gradient[0], self._shapes)
        self.z, self.da, self.dz = ([np.zeros((units, n)) for units in sizes[1:]] for _ in range(3))
        # A row of ones below the activations multiplies the biases.
        augmented = [np.ones((units + 1, n)) for units in sizes[1:]]
        self.a = [array[:-1] for array in augmented]
        x = np.column_stack([problem.data.x, np.ones(n)])
        self._inputs = [x, *(array.T for array in augmented[:-1])]
        self._inputs_t = [x.T.copy(), *augmented[:-1]]
        self._y = problem.data.y.T.copy()
        self.terms = np.zeros((sizes[-1], n))
        self.losses: list[float] = []

    def train(self, count: int) -> None:
        """Run ``count`` more passes."""
        # Local names are faster than attributes.
        add, divide, exp, multiply, negative = np.add, np.divide, np.exp, np.multiply, np.negative
        subtract, tanh, square_root, maximum, greater = np.subtract, np.tanh, np.sqrt, np.maximum, np.greater
        log, reciprocal = np.log, np.reciprocal
        max_over: Any = np.maximum.reduce  # its types do not know the positional out, which is the fastest way
        is_adam, is_softmax, rate, losses = self._is_adam, self._is_softmax, self._rate, self.losses
        terms, y, z, a, da, dz = self.terms, self._y, self.z[-1], self.a[-1], self.da[-1], self.dz[-1]
        size, n = self.gradient.shape[1], y.shape[1]
        one, half, zero, scale, rate_t, eps_t = (np.array(value) for value in (1.0, 0.5, 0.0, 1.0 / n, rate, EPS))
        zeros = [np.zeros_like(array) for array in self.z]
        z_max, total = np.zeros(n), np.zeros(n)
        sum_units, sum_terms, ones = np.ones(len(y)).dot, terms.reshape(-1).dot, np.ones(terms.size)
        is_joint = size <= MAX_JOINT_SIZE
        weight1, weight2 = np.array(1.0 - BETA1), np.array(1.0 - BETA2)
        weights = np.repeat([[1.0 - BETA1], [1.0 - BETA2]], size if is_joint else 1, axis=1)
        work = np.zeros((2, min(BLOCK_SIZE, size)))
        newest, other = self.states
        # The two states take turns, so that the one before the update is still there after it.
        views, next_views = self._views(newest, other, work), self._views(other, newest, work)
        inputs, inputs_t, dwb = self._inputs[-1], self._inputs_t[-1], self.dwb[-1]
        done = len(losses)
        for update in range(done + 1, done + count + 1):
            hidden_forward, output_forward, hidden_backward, blocks = views
            for layer, (dot, x, z_l, a_l) in enumerate(hidden_forward):
                dot(x, z_l)
                if is_softmax:
                    maximum(z_l, zeros[layer], out=a_l)
                else:
                    tanh(z_l, a_l)
            output_forward(inputs_t, z)
            if is_softmax:
                max_over(z, 0, None, z_max)
                subtract(z, z_max, terms)
                exp(terms, a)
                sum_units(a, total)
                divide(a, total, a)
                log(total, total)
                subtract(total, terms, terms)
                multiply(terms, y, terms)
                subtract(a, y, dz)
                multiply(dz, scale, dz)
            else:
                negative(z, a)
                exp(a, a)
                add(a, one, a)
                reciprocal(a, a)
                subtract(a, y, da)
                multiply(da, da, terms)
                multiply(terms, half, terms)
                multiply(da, scale, da)
                subtract(one, a, dz)
                multiply(dz, a, dz)
                multiply(dz, da, dz)
            losses.append(float(sum_terms(ones)) / n)
            dz.dot(inputs, dwb)
            for dot_next, dz_next, da_l, z_l, a_l, dz_l, inputs_l, dwb_l in hidden_backward:
                dot_next(dz_next, da_l)
                if is_softmax:
                    greater(z_l, zero, dz_l)
                else:
                    multiply(a_l, a_l, dz_l)
                    subtract(one, dz_l, dz_l)
                multiply(dz_l, da_l, dz_l)
                dz_l.dot(inputs_l, dwb_l)
            if is_adam:
                correction = sqrt(1.0 - BETA2**update)
                rate_t.fill(rate * correction / (1.0 - BETA1**update))
                eps_t.fill(EPS * correction)
                for p, m, v, mv, g, g_squared, g_both, new_p, new_m, new_v, new_mv, work_both, step in blocks:
                    if is_joint:
                        multiply(g, g, g_squared)
                        subtract(g_both, mv, work_both)
                        multiply(work_both, weights, work_both)
                        add(mv, work_both, new_mv)
                    else:
                        subtract(g, m, step)
                        multiply(step, weight1, step)
                        add(m, step, new_m)
                        multiply(g, g, step)
                        subtract(step, v, step)
                        multiply(step, weight2, step)
                        add(v, step, new_v)
                    square_root(new_v, step)
                    add(step, eps_t, step)
                    divide(new_m, step, step)
                    multiply(step, rate_t, step)
                    subtract(p, step, new_p)
            else:
                for p, g, new_p, step in blocks:
                    multiply(g, rate_t, step)
                    subtract(p, step, new_p)
            views, next_views = next_views, views
        if count % 2:
            self.states.reverse()

    def _views(self, before: Array, after: Array, work: Array) -> tuple[Any, ...]:
        """Return the views that a pass needs, in the order in which the loops of :meth:`train` name them.

        Args:
            before: The state (1 + slots, parameters) that the pass reads.
            after: The state that it writes.
            work: Scratch memory (2, block) for the update.
        """
        wb = split_layers(before[0], self._shapes)
        forward = [(w.dot, x, z, a) for w, x, z, a in zip(wb[:-1], self._inputs_t, self.z, self.a, strict=False)]
        backward = [
            (wb[layer + 1][:, :-1].T.dot, self.dz[layer + 1], self.da[layer], self.z[layer], self.a[layer],
             self.dz[layer], self._inputs[layer], self.dwb[layer])
            for layer in reversed(range(len(wb) - 1))
        ]  # fmt: skip
        g, blocks = self.gradient, []
        for start in range(0, g.shape[1], BLOCK_SIZE):
            part = slice(start, min(start + BLOCK_SIZE, g.shape[1]))
            old, new, g_both, work_both = before[:, part], after[:, part], g[:, part], work[:, : part.stop - start]
            if self._is_adam:
                blocks.append((*old, old[1:], *g_both, g_both, *new, new[1:], work_both, work_both[0]))
            else:
                blocks.append((*old, g_both[0], *new, work_both[0]))
        return forward, wb[-1].dot, backward, blocks


def split_layers(flat: Array, shapes: list[tuple[int, int]]) -> list[Array]:
    """Return the matrices [W | b] of the layers as views of a flat vector."""
    ends = list(itertools.accumulate(rows * columns for rows, columns in shapes))
    return [flat[end - rows * columns : end].reshape(rows, columns)
            for end, (rows, columns) in zip(ends, shapes, strict=True)]  # fmt: skip
