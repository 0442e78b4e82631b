"""The floor: the same pass as a NumPy loop written by hand for two kinds of network, as fast as we can make it.

Every buffer is allocated once and every call has an ``out``; parameters, gradients and the optimiser's rows are
flat, W and b of a layer lie side by side over a row of ones, constants are 0-d arrays and Adam goes in blocks that
stay in the cache. A pass leaves everything that a trace holds: z, a, da, dz, dW and db of each layer, the loss
terms, the loss, and the parameters and the optimiser's state before and after the update. What it lacks: it does
not look for numbers that are not finite, keeps no curve but a list of losses and no state but the last two, knows
no batches but the full one, and nothing can be watched, changed, stopped or taken back.
"""

from __future__ import annotations

import itertools
from math import sqrt
from typing import Any

import numpy as np

from nn_tui.core.spec import Array, Experiment

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
BLOCK = 16384  # parameters that Adam moves at once
FEW = 1024  # parameters up to which both averages are moved at once


class Floor:
    """The buffers of a network, tanh with sigmoid and ½ squared error or ReLU with softmax and cross-entropy.

    ``states`` are two arrays (1 + slots, parameters), after the last update and before it, that take turns: the
    parameters, then Adam's m and v. ``z a da dz`` go by layer and are (units, batch), ``d`` is [dW | db], ``terms`` are
    (outputs, batch), ``losses`` one a pass.
    """

    def __init__(self, problem: Experiment, parameters: Array) -> None:
        training, sizes = problem.training, problem.sizes
        n = len(problem.data.x)
        self.adam = training.optimizer.name == "adam"
        self.softmax = training.loss == "cross_entropy"
        self.rate = training.optimizer.learning_rate
        self.shapes = [(units, inputs + 1) for inputs, units in itertools.pairwise(sizes)]
        self.states = [np.zeros((3 if self.adam else 1, parameters.size)) for _ in range(2)]
        self.states[0][0] = parameters
        self.gradient = np.zeros((2, parameters.size))  # and its squares
        self.d = layers(self.gradient[0], self.shapes)
        self.z, self.da, self.dz = ([np.zeros((units, n)) for units in sizes[1:]] for _ in range(3))
        over_ones = [np.ones((units + 1, n)) for units in sizes[1:]]
        self.a = [array[:-1] for array in over_ones]
        x = np.column_stack([problem.data.x, np.ones(n)])
        self.inputs = [x, *(array.T for array in over_ones[:-1])]
        self.inputs_t = [x.T.copy(), *over_ones[:-1]]
        self.y = problem.data.y.T.copy()
        self.terms = np.zeros((sizes[-1], n))
        self.losses: list[float] = []

    def train(self, count: int) -> None:
        """``count`` more updates."""
        add, divide, exp, multiply, negative = np.add, np.divide, np.exp, np.multiply, np.negative
        subtract, tanh, root_of, maximum, greater = np.subtract, np.tanh, np.sqrt, np.maximum, np.greater
        log, reciprocal = np.log, np.reciprocal
        largest: Any = np.maximum.reduce  # its types know no positional out, which is the fastest
        adam, softmax, rate, losses = self.adam, self.softmax, self.rate, self.losses
        terms, y, z, a, da, dz = self.terms, self.y, self.z[-1], self.a[-1], self.da[-1], self.dz[-1]
        size, n = self.gradient.shape[1], y.shape[1]
        one, half, zero, factor, rate_t, eps_t = (np.array(value) for value in (1.0, 0.5, 0.0, 1.0 / n, rate, EPS))
        zeros = [np.zeros_like(array) for array in self.z]
        most, total = np.zeros(n), np.zeros(n)
        sum_units, sum_terms, ones = np.ones(len(y)).dot, terms.reshape(-1).dot, np.ones(terms.size)
        few = size <= FEW
        rest1, rest2 = np.array(1.0 - BETA1), np.array(1.0 - BETA2)
        rests = np.repeat([[1.0 - BETA1], [1.0 - BETA2]], size if few else 1, axis=1)
        work = np.zeros((2, min(BLOCK, size)))
        newest, other = self.states
        this, that = self._ways(newest, other, work), self._ways(other, newest, work)
        inputs, inputs_t, d = self.inputs[-1], self.inputs_t[-1], self.d[-1]
        done = len(losses)
        for update in range(done + 1, done + count + 1):
            forward, last, backward, blocks = this
            for layer, (dot, x, zs, activation) in enumerate(forward):
                dot(x, zs)
                if softmax:
                    maximum(zs, zeros[layer], out=activation)
                else:
                    tanh(zs, activation)
            last(inputs_t, z)
            if softmax:
                largest(z, 0, None, most)
                subtract(z, most, terms)
                exp(terms, a)
                sum_units(a, total)
                divide(a, total, a)
                log(total, total)
                subtract(total, terms, terms)
                multiply(terms, y, terms)
                subtract(a, y, dz)
                multiply(dz, factor, dz)
            else:
                negative(z, a)
                exp(a, a)
                add(a, one, a)
                reciprocal(a, a)
                subtract(a, y, da)
                multiply(da, da, terms)
                multiply(terms, half, terms)
                multiply(da, factor, da)
                subtract(one, a, dz)
                multiply(dz, a, dz)
                multiply(dz, da, dz)
            losses.append(float(sum_terms(ones)) / n)
            dz.dot(inputs, d)
            for back, above, das, zs, activation, dzs, below, ds in backward:
                back(above, das)
                if softmax:
                    greater(zs, zero, dzs)
                else:
                    multiply(activation, activation, dzs)
                    subtract(one, dzs, dzs)
                multiply(dzs, das, dzs)
                dzs.dot(below, ds)
            if adam:
                root = sqrt(1.0 - BETA2**update)
                rate_t.fill(rate * root / (1.0 - BETA1**update))
                eps_t.fill(EPS * root)
                for p, m, v, averages, g, squares, both, new_p, new_m, new_v, new_averages, moves, step in blocks:
                    if few:
                        multiply(g, g, squares)
                        subtract(both, averages, moves)
                        multiply(moves, rests, moves)
                        add(averages, moves, new_averages)
                    else:
                        subtract(g, m, step)
                        multiply(step, rest1, step)
                        add(m, step, new_m)
                        multiply(g, g, step)
                        subtract(step, v, step)
                        multiply(step, rest2, step)
                        add(v, step, new_v)
                    root_of(new_v, step)
                    add(step, eps_t, step)
                    divide(new_m, step, step)
                    multiply(step, rate_t, step)
                    subtract(p, step, new_p)
            else:
                for p, g, new_p, step in blocks:
                    multiply(g, rate_t, step)
                    subtract(p, step, new_p)
            this, that = that, this
        if count % 2:
            self.states.reverse()

    def _ways(self, before: Array, after: Array, work: Array) -> tuple[Any, ...]:
        """What a pass from ``before`` to ``after`` takes, each loop's views in the order of its names."""
        joined = layers(before[0], self.shapes)
        forward = [(w.dot, x, z, a) for w, x, z, a in zip(joined[:-1], self.inputs_t, self.z, self.a, strict=False)]
        backward = [
            (joined[layer + 1][:, :-1].T.dot, self.dz[layer + 1], self.da[layer], self.z[layer], self.a[layer],
             self.dz[layer], self.inputs[layer], self.d[layer])
            for layer in reversed(range(len(joined) - 1))
        ]  # fmt: skip
        g, blocks = self.gradient, []
        for start in range(0, g.shape[1], BLOCK):
            part = slice(start, min(start + BLOCK, g.shape[1]))
            old, new, both, moves = before[:, part], after[:, part], g[:, part], work[:, : part.stop - start]
            if self.adam:
                blocks.append((*old, old[1:], *both, both, *new, new[1:], moves, moves[0]))
            else:
                blocks.append((*old, both[0], *new, moves[0]))
        return forward, joined[-1].dot, backward, blocks


def layers(flat: Array, shapes: list[tuple[int, int]]) -> list[Array]:
    """The layers' [W | b] in a flat vector, as views."""
    ends = list(itertools.accumulate(rows * columns for rows, columns in shapes))
    return [flat[end - r * c : end].reshape(r, c) for end, (r, c) in zip(ends, shapes, strict=True)]
