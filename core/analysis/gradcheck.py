"""The gradient check: dW and db of backpropagation against finite differences of the loss.

The loss is evaluated twice per parameter, at w ± h. If a kink lies between (ReLU at 0, |w| at 0, the corner of Huber,
the step of the perceptron), the two sides have different slopes and the difference means nothing. Such a parameter is
marked as a kink and does not count as wrong.
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
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.spec import Array

STEP = 6e-6  # about ε^(1/3) for float64: the step at which rounding and truncation errors are equal
TOLERANCE = 1e-5
RETRIES = (1.0, 1.0 / 16.0, 16.0)  # a steep curve or a kink nearby needs a smaller step, a flat curve a larger one
FLOOR = 1e-7  # the error of a smaller gradient is relative to this
EPSILON = 2.0**-52
MAX_CHECKS = 4000  # parameters; of a larger network an even selection is checked


@dataclass(frozen=True, slots=True)
class ParameterCheck:
    """The check of one parameter.

    Attributes:
        layer: The layer.
        unit: The unit.
        input: The input of a weight; None for a bias.
        analytic: The gradient from backpropagation.
        numeric: The gradient from finite differences.
        kink: Whether a kink lies between the two evaluations.
        floor: The smallest gradient that the rounding of the loss lets a difference tell from zero.
    """

    layer: int
    unit: int
    input: int | None
    analytic: float
    numeric: float
    kink: bool
    floor: float = FLOOR

    @property
    def error(self) -> float:
        """The relative error |analytic − numeric| / max(|analytic|, |numeric|, floor); infinite instead of NaN."""
        difference = abs(self.analytic - self.numeric)
        size = max(abs(self.analytic), abs(self.numeric), self.floor)
        return difference / size if isfinite(difference) else float("inf")

    @property
    def name(self) -> str:
        """The name of the parameter as people type it: ``w2[1,3]`` or ``b1[2]``, counted from 1."""
        quantity: Quantity = "b" if self.input is None else "w"
        return typed_name(Ref(quantity, self.layer, self.unit, self.input or 0), with_sample=False)


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The result of a gradient check.

    Attributes:
        checks: All checked parameters, the largest error first and kinks last.
        parameters: The number of parameters of the network.
    """

    checks: tuple[ParameterCheck, ...]
    parameters: int

    @property
    def worst(self) -> ParameterCheck | None:
        """The parameter with the largest error, without kinks; None if all parameters are kinks."""
        return next((check for check in self.checks if not check.kink), None)

    @property
    def kinks(self) -> int:
        """How many parameters are kinks."""
        return sum(check.kink for check in self.checks)

    @property
    def passed(self) -> bool:
        """Whether no error is above the tolerance."""
        return self.worst is None or self.worst.error <= TOLERANCE


def gradient_check(
    engine: Engine, trace: Trace, should_stop: Callable[[], bool] = lambda: False, limit: int = MAX_CHECKS
) -> GradientCheck:
    """Check the gradients of a pass, with its parameters and its batch.

    It takes two forward passes per parameter, or up to six if the first step size does not agree. It only reads the
    trace.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        should_stop: Called before each parameter; if it returns True, the result has the checks so far.
        limit: The largest number of parameters to check.
    """
    training = engine.experiment.training
    state = engine.copy_state(trace.before)
    flat = state.parameters
    indices = np.unique(np.linspace(0, flat.size - 1, min(limit, flat.size)).astype(int))
    arrays = ForwardArrays(engine.sizes, trace.inputs[0])

    def loss() -> tuple[Array, float, list[NDArray[np.bool_]]]:
        engine.forward(state, arrays)
        terms = engine.loss.terms(arrays.z[-1], arrays.a[-1], trace.y)
        sides = _kink_sides(engine, state, arrays, trace.y)
        return terms * trace.scale, penalty(state.weights, training.l1, training.l2), sides

    def check(index: int, step_size: float) -> ParameterCheck:
        value = float(flat[index])
        h = step_size * max(1.0, abs(value))
        flat[index] = value + h
        above, penalty_above, sides_above = loss()
        flat[index] = value - h
        below, penalty_below, sides_below = loss()
        flat[index] = value
        kink = any((one != other).any() for one, other in zip(sides_above, sides_below, strict=True))
        width = (value + h) - (value - h)  # 2h after rounding
        numeric = (float((above - below).sum()) + (penalty_above - penalty_below)) / width
        layer, unit, input = _parameter_at(engine.sizes, index)
        floor = max(FLOOR, rounding / width / TOLERANCE)
        return ParameterCheck(layer, unit, input, float(trace.gradient[index]), numeric, kink, floor)

    checks = []
    with np.errstate(all="ignore"):
        # A bound on the rounding of the loss: of its terms, and of the sums z with their effect on the loss.
        z_rounding = sum(
            float((np.abs(dz) * (np.abs(inputs) @ np.abs(augmented).T)).sum())
            for dz, inputs, augmented in zip(trace.dz, trace.inputs, state.augmented, strict=True)
        )
        rounding = 8.0 * EPSILON * (float(np.abs(trace.terms).sum()) * trace.scale + trace.penalty + z_rounding)
        rounding = rounding if isfinite(rounding) else 0.0
        for index in indices.tolist():
            if should_stop():
                break
            best = check(index, RETRIES[0] * STEP)
            for factor in RETRIES[1:]:
                if not best.kink and best.error <= TOLERANCE:
                    break
                best = min(best, check(index, factor * STEP), key=lambda result: (result.kink, result.error))
            checks.append(best)
    checks.sort(key=lambda result: (result.kink, -result.error))
    return GradientCheck(tuple(checks), flat.size)


def _kink_sides(engine: Engine, state: State, arrays: ForwardArrays, y: Array) -> list[NDArray[np.bool_]]:
    """Return for every kink on which side of it the network is: if two evaluations differ, a kink lies between."""
    layers = zip(arrays.z, engine.activations, strict=True)
    sides = [z > kink for z, activation in layers for kink in activation.kinks]
    values = arrays.z[-1] if engine.loss.formula_of == "z" else arrays.a[-1] - y
    sides += [values > kink for kink in engine.loss.kinks]
    if engine.experiment.training.l1:
        sides += [weights > 0.0 for weights in state.weights]
    return sides


def _parameter_at(sizes: tuple[int, ...], index: int) -> tuple[int, int, int | None]:
    """Return layer, unit and input of an index in the flat vector of parameters; the input is None for a bias."""
    for layer, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        if index < units * (inputs + 1):
            unit, column = divmod(index, inputs + 1)
            return layer, unit, column if column < inputs else None
        index -= units * (inputs + 1)
    raise IndexError(index)
