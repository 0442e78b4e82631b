"""How the arrays of two programs differ: to how many digits they are equal, and whether one is a multiple of the other.

Two right programs add in another order, so their last digits differ. Where large terms cancel, those digits are all
that is left of a sum. :func:`noise_of` says how large they may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.marking.program import CLOSE, SMALL
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array

MAX_DIGITS = 15
_ROUNDINGS = 32.0  # by how many roundings of its largest number two sums may differ
_SAME_FACTOR = 1e-6  # by how much the factors of the numbers of a multiple may differ


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """How an array differs from ours.

    Attributes:
        is_equal: Whether it is equal but for rounding.
        digits: To how many digits, relative to our largest number; None if all of ours is rounding.
        factor: The factor of which it is our multiple; None if it is none, or equal.
        index: The place of the first number that differs; None if none does.
    """

    is_equal: bool
    digits: int | None
    factor: float | None = None
    index: tuple[int, ...] | None = None


def difference_of(engine: Engine, trace: Trace, ref: Ref, values: Array, ours: Array, epsilon: float) -> Difference:
    """Return how an array differs from ours. Call it under ``np.errstate(all="ignore")``.

    Args:
        engine: The engine of our pass.
        trace: Our pass.
        ref: The address of the first number of the array.
        values: The array, in our shape.
        ours: Our array.
        epsilon: The relative precision of its type.
    """
    largest, worst = float(np.abs(ours).max(initial=0.0)), float(np.abs(values - ours).max(initial=0.0))
    if worst <= CLOSE * SMALL * largest < np.inf:  # the usual case, in few operations
        return Difference(True, _digits(worst, largest))
    gap = np.abs(values - ours)
    same = (values == ours) | (np.isnan(values) & np.isnan(ours))
    gap = np.where(same, 0.0, np.where(np.isnan(gap), np.inf, gap))
    digits = _digits(float(gap.max(initial=0.0)), largest)
    noise = noise_of(engine, trace, ref, epsilon)
    is_far = gap > CLOSE * np.maximum(np.abs(ours), SMALL * largest) + noise
    if not is_far.any():
        return Difference(True, digits if largest > 1e3 * noise else None)
    index = tuple(map(int, np.argwhere(is_far)[0]))
    return Difference(False, digits, _factor(values, ours, noise, epsilon), index)


def _digits(worst: float, largest: float) -> int | None:
    if worst == 0.0:
        return MAX_DIGITS
    if largest == 0.0 or not isfinite(worst) or not isfinite(largest):
        return 0
    return max(0, min(MAX_DIGITS, floor(-log10(2.0 * worst / largest))))


def _factor(values: Array, ours: Array, noise: float, epsilon: float) -> float | None:
    """Return the factor by which all of ours gives the values; None if there is none."""
    square = float((ours * ours).sum())
    if not 0.0 < square < np.inf or not np.isfinite(values).all():
        return None
    factor = float((values * ours).sum()) / square
    largest = float(np.abs(values).max(initial=0.0))
    allowed = max(_SAME_FACTOR, 1e4 * epsilon) * largest + noise * max(1.0, abs(factor))
    if largest <= noise or float(np.abs(values - factor * ours).max()) > allowed:
        return 0.0 if not values.any() else None
    return factor


def noise_of(engine: Engine, trace: Trace, ref: Ref, epsilon: float) -> float:
    """Return how large a difference of a number may be that comes from rounding alone."""
    unit = _ROUNDINGS * epsilon

    def largest(array: Array) -> float:
        return float(np.abs(array).max(initial=0.0))

    inputs = [largest(trace.x), *(largest(a) for a in trace.a)]
    weights = [float(np.abs(w).sum(axis=1).max(initial=0.0)) for w in trace.before.weights]
    layer = ref.layer
    if ref.quantity == "z":
        return unit * (inputs[layer] * weights[layer] + largest(trace.before.biases[layer]))
    if ref.quantity == "a":
        return unit * max(1.0, inputs[layer + 1])
    targets = largest(trace.y)
    if ref.quantity == "loss":
        largest_term = float(max(1.0, inputs[-1], targets)) ** 2
        noise: float = unit * trace.scale * trace.y.size * largest_term
        if engine.loss.logits is not None:  # ln(1 − ŷ) loses digits where ŷ is near 1
            noise += (
                4.0 * epsilon * trace.scale * float(((1.0 - trace.y) / np.maximum(1.0 - trace.a[-1], epsilon)).sum())
            )
        return noise
    noise = unit * trace.scale * max(1.0, inputs[-1], targets)
    for other in range(len(trace.z) - 1, layer, -1):
        noise *= float(np.abs(trace.before.weights[other]).sum(axis=0).max(initial=0.0))
    if ref.quantity == "dw":
        noise *= trace.n * max(1.0, inputs[layer])
    elif ref.quantity == "db":
        noise *= trace.n
    return noise
