"""The loss and its gradient over the whole training set, for any parameters; a line search and the curvature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.nn import mlp
from nn_tui.core.nn.arrays import Parameters, PassArrays, append_ones
from nn_tui.core.nn.losses import penalty, scale
from nn_tui.core.spec import Array

MAX_SEARCH_SIZE, MIN_SEARCH_ROWS = 4_000_000, 32  # rows × parameters where a search runs many passes
MAX_ROWS = 500  # of a large set, evenly spaced; the pass takes about a millisecond for the digits
_POWER_STEPS = 12  # of the power iteration: the curvature is then right to a few per cent
_DIFFERENCE = 1e-4  # of the length of the parameters: the distance of the two gradients of a difference
SEARCH_FACTORS = tuple(4.0**power for power in range(9))  # 1 to 65,536
# Rprop with the factors of its authors (Riedmiller and Braun 1993): the sign of the gradient alone sets the direction,
# so it also leaves saddles, where the gradient is tiny.
_RPROP_STEPS, _RPROP_FIRST, _RPROP_UP, _RPROP_DOWN = 100, 0.01, 1.2, 0.5
_MIN_RPROP_STEPS, _MAX_RPROP_SIZE = 20, 100_000_000  # rows × parameters × steps; a large network takes fewer steps


@dataclass(frozen=True, slots=True)
class LineSearch:
    """The best multiple of a step, and by how much it lowers the loss.

    Attributes:
        factor: The multiple; 0 if every one of ``SEARCH_FACTORS`` raises the loss.
        fall: The fall of the loss, 0 or more.
    """

    factor: float
    fall: float


class FullBatch:
    """The training set as one batch, with the mean as reduction.

    Args:
        engine: The engine of the run; only its functions are used.
        max_rows: The largest number of rows; of more, evenly spaced ones are taken.

    Attributes:
        x: The inputs (rows, inputs).
        y: The targets (rows, outputs).
        arrays: The numbers of the pass that was computed last.
        passes: The number of passes that were computed.
    """

    def __init__(self, engine: Engine, max_rows: int = MAX_ROWS) -> None:
        data = engine.experiment.data
        rows = np.linspace(0, len(data.x) - 1, min(len(data.x), max_rows)).astype(np.intp)
        self.x, self.y = data.x[rows], data.y[rows]
        self.passes = 0
        self._engine = engine
        factor = scale(engine.loss, "mean", *self.y.shape)
        self.arrays = PassArrays(engine.sizes, append_ones(self.x), None, np.ascontiguousarray(self.y.T), factor)

    def loss(self, parameters: Array) -> float:
        """Return the loss for the parameters (parameters,), with the penalty."""
        self.passes += 1
        network = self._engine.network
        state = Parameters(parameters, self._engine.sizes)
        mlp.forward(network, state, self.arrays)
        loss = mlp.evaluate_loss(network, self.arrays)
        return loss + (penalty(state.weights, network.l1, network.l2) if network.l1 or network.l2 else 0.0)

    def gradient(self, parameters: Array) -> tuple[float, Array]:
        """Return the loss and its gradient (parameters,), which is 0 for frozen parameters."""
        loss = self.loss(parameters)
        mlp.backward(self._engine.network, Parameters(parameters, self._engine.sizes), self.arrays)
        gradient = self.arrays.gradient.copy()
        if self._engine.is_frozen is not None:
            gradient[self._engine.is_frozen] = 0.0
        return loss, gradient

    def search(self, parameters: Array, step: Array) -> LineSearch:
        """Return which multiple of a step lowers the loss most."""
        start = self.loss(parameters)
        losses = np.array([self.loss(parameters + factor * step) for factor in SEARCH_FACTORS])
        losses[~np.isfinite(losses)] = np.inf
        best = int(losses.argmin())
        fall = start - float(losses[best])
        return LineSearch(SEARCH_FACTORS[best], fall) if fall > 0.0 else LineSearch(0.0, 0.0)

    def lowest_nearby(self, parameters: Array) -> float:
        """Return the lowest loss within 100 steps of Rprop: far lower than here, unless here is a minimum."""
        parameters, step = parameters.copy(), np.full(len(parameters), _RPROP_FIRST)
        before, lowest = np.zeros(len(parameters)), np.inf
        affordable = _MAX_RPROP_SIZE // (len(self.x) * len(parameters))
        for _ in range(min(_RPROP_STEPS, max(_MIN_RPROP_STEPS, affordable))):
            loss, gradient = self.gradient(parameters)
            if not np.isfinite(loss):
                break
            lowest = min(lowest, loss)
            agreement = gradient * before
            step *= np.where(agreement > 0.0, _RPROP_UP, np.where(agreement < 0.0, _RPROP_DOWN, 1.0))
            gradient[agreement < 0.0] = 0.0
            parameters -= np.sign(gradient) * step
            before = gradient
        return float(lowest)

    def curvature(self, parameters: Array) -> float:
        """Return the largest curvature of the loss: |λ| of the largest eigenvalue of its Hessian.

        It comes from a power iteration. The product of the Hessian and a vector is a difference of two gradients
        (Pearlmutter 1994 gives the exact product; the difference is good enough here).
        """
        distance = _DIFFERENCE * max(1.0, float(np.linalg.norm(parameters)))
        vector = np.cos(1.0 + np.arange(len(parameters)))
        if self._engine.is_frozen is not None:
            vector[self._engine.is_frozen] = 0.0
        curvature = 0.0
        for _ in range(_POWER_STEPS):
            length = float(np.linalg.norm(vector))
            if not np.isfinite(length) or length == 0.0:
                break
            shift = vector * (distance / length)
            ahead, behind = self.gradient(parameters + shift)[1], self.gradient(parameters - shift)[1]
            vector = (ahead - behind) / (2.0 * distance)
            curvature = float(np.linalg.norm(vector))
        return curvature
