"""The gradient check: backpropagation's dW and db against central differences of the loss itself.

The loss is evaluated twice per parameter, at w ± h; where a kink (ReLU at 0, |w| at 0, Huber's corner, the
largest logit) lies between, the two sides have different slopes and the difference says nothing, so the
parameter is set apart and not called wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import ForwardArrays
from nn_tui.core.nn.losses import penalty
from nn_tui.core.spec import Array

STEP = 6e-6  # about ε^(1/3) for float64: where rounding and truncation errors are equal
TOLERANCE = 1e-5
RETRIES = (1.0, 1.0 / 16.0, 16.0)  # a steep curve or a kink near by wants a smaller step, a flat one a larger
FLOOR = 1e-7  # below this size, errors are compared with it instead of with the gradient
EPSILON = 2.0**-52
LIMIT = 4000  # parameters checked; a larger network is checked on an even spread of them


@dataclass(frozen=True, slots=True)
class Check:
    """One parameter: where it is (layer from 0, unit, input; input None for a bias) and its two gradients."""

    layer: int
    unit: int
    input: int | None
    analytic: float
    numeric: float
    kink: bool
    floor: float = FLOOR

    @property
    def error(self) -> float:
        """Relative error |analytic − numeric| / max(|analytic|, |numeric|, floor); infinite if that has no value.

        ``floor`` is the size of gradient that the rounding of the loss lets a difference tell from zero.
        """
        difference = abs(self.analytic - self.numeric)
        size = max(abs(self.analytic), abs(self.numeric), self.floor)
        return difference / size if isfinite(difference) else float("inf")

    @property
    def name(self) -> str:
        """The parameter's name as it is typed: ``w2[1,3]`` or ``b1[2]``, counted from 1."""
        if self.input is None:
            return f"b{self.layer + 1}[{self.unit + 1}]"
        return f"w{self.layer + 1}[{self.unit + 1},{self.input + 1}]"


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The result: every checked parameter, worst first, and how many there are in all."""

    checks: tuple[Check, ...]
    parameters: int

    @property
    def worst(self) -> Check | None:
        """The largest relative error away from kinks; None where every parameter sits on one."""
        return next((check for check in self.checks if not check.kink), None)

    @property
    def kinks(self) -> int:
        """How many parameters were set apart."""
        return sum(check.kink for check in self.checks)

    @property
    def passed(self) -> bool:
        """Whether no error exceeds the tolerance."""
        return self.worst is None or self.worst.error <= TOLERANCE


def gradient_check(
    engine: Engine, trace: Trace, should_stop: Callable[[], bool] = lambda: False, limit: int = LIMIT
) -> GradientCheck:
    """Check the gradients of a trace at the parameters and on the batch that it was computed with.

    Costs two forward passes a parameter, up to six where a first step does not agree; ``limit`` bounds how
    many are checked. The trace is only read.
    """
    training = engine.experiment.training
    state = engine.copy_state(trace.before)
    flat = state.parameters
    positions = np.unique(np.linspace(0, flat.size - 1, min(limit, flat.size)).astype(int))
    arrays = ForwardArrays(engine.sizes, trace.inputs[0])

    def loss() -> tuple[Array, float, list[NDArray[np.bool_]]]:
        engine.forward(state, arrays)
        terms = engine.loss.terms(arrays.z[-1], arrays.a[-1], trace.y)
        spent = penalty(state.weights, training.l1, training.l2)
        return terms * trace.scale, spent, _sides(engine, state, arrays, trace.y)

    def check(position: int, step_size: float) -> Check:
        value = float(flat[position])
        h = step_size * max(1.0, abs(value))
        flat[position] = value + h
        above, penalty_above, high = loss()
        flat[position] = value - h
        below, penalty_below, low = loss()
        flat[position] = value
        kink = any((one != other).any() for one, other in zip(high, low, strict=True))
        # The step that was really taken, after rounding of w ± h.
        taken = (value + h) - (value - h)
        numeric = (float((above - below).sum()) + (penalty_above - penalty_below)) / taken
        layer, unit, column = _where(engine.sizes, position)
        floor = max(FLOOR, rounding / taken / TOLERANCE)
        return Check(layer, unit, column, float(trace.gradient[position]), numeric, kink, floor)

    checks = []
    with np.errstate(all="ignore"):
        # What the last bits of the loss terms, and of every sum z that they are made of, may add up to.
        through = sum(
            float((np.abs(dz) * (np.abs(inputs) @ np.abs(augmented).T)).sum())
            for dz, inputs, augmented in zip(trace.dz, trace.inputs, state.augmented, strict=True)
        )
        rounding = 8.0 * EPSILON * (float(np.abs(trace.terms).sum()) * trace.scale + trace.penalty + through)
        rounding = rounding if isfinite(rounding) else 0.0
        for position in positions.tolist():
            if should_stop():
                break
            found: Check | None = None
            for factor in RETRIES:
                again = check(position, factor * STEP)
                if found is None or (again.kink, again.error) < (found.kink, found.error):
                    found = again
                if not found.kink and found.error <= TOLERANCE:
                    break
            assert found is not None
            checks.append(found)
    checks.sort(key=lambda check: (check.kink, -check.error))
    return GradientCheck(tuple(checks), flat.size)


def _sides(engine: Engine, state: State, arrays: ForwardArrays, y: Array) -> list[NDArray[np.bool_]]:
    """On which side of every kink the network is: two evaluations that differ here straddle one."""
    layers = zip(arrays.z, engine.activations, strict=True)
    sides = [z > kink for z, activation in layers for kink in activation.kinks]
    at = arrays.z[-1] if engine.loss.formula_of == "z" else arrays.a[-1] - y
    sides += [at > kink for kink in engine.loss.kinks]
    if engine.experiment.training.l1:
        sides += [weights > 0.0 for weights in state.weights]
    return sides


def _where(sizes: tuple[int, ...], position: int) -> tuple[int, int, int | None]:
    """(layer, unit, input or None for a bias) of a place in the flat parameter vector."""
    for layer, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        if position < units * (inputs + 1):
            unit, column = divmod(position, inputs + 1)
            return layer, unit, column if column < inputs else None
        position -= units * (inputs + 1)
    raise IndexError(position)
