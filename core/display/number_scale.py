"""The scales that give numbers their colours, in levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array

ColorScale = Literal["diverging", "sequential"]
"""The kind of a scale: of numbers with a sign, from blue through 0 to orange, or of numbers that cannot be negative."""

LEVELS = 32
"""Levels of the sequential scale, and of each half of the diverging scale."""


@dataclass(frozen=True, slots=True)
class NumberScale:
    """The colours of the numbers of one quantity.

    Attributes:
        kind: The kind of the scale.
        limit: The magnitude with full colour; 0 if all numbers have the colour of 0.
    """

    kind: ColorScale
    limit: float

    def of_differences(self) -> NumberScale:
        """Return the scale of differences of such numbers, which have a sign and reach as far."""
        return NumberScale("diverging", self.limit)


def levels(values: Array, scale: NumberScale) -> NDArray[np.intp]:
    """Return the index of each value in ``Palette.ramp(scale.kind)``.

    Args:
        values: Values of any shape.
        scale: The scale; if its limit is 0 or not finite, every value has the colour of 0.

    Returns:
        Indices of the same shape.
    """
    limit = scale.limit
    divisor = limit if limit > 0 and math.isfinite(limit) else math.inf
    with np.errstate(invalid="ignore", over="ignore"):
        fractions = np.asarray(values, dtype=np.float64) / divisor
    low, offset, nan_index = (-1.0, LEVELS - 1, 2 * LEVELS - 1) if scale.kind == "diverging" else (0.0, 0, LEVELS)
    fractions = np.where(np.isinf(values), np.sign(values), fractions)
    is_nan = np.isnan(fractions)
    scaled = np.clip(np.where(is_nan, 0.0, fractions), low, 1.0) * (LEVELS - 1)
    return np.where(is_nan, nan_index, np.rint(scaled).astype(np.intp) + offset)


def level_of(value: float, scale: NumberScale) -> int:
    """Return what :func:`levels` returns for one value, without the cost of an array."""
    is_signed, limit = scale.kind == "diverging", scale.limit
    if math.isnan(value):
        return 2 * LEVELS - 1 if is_signed else LEVELS
    if math.isinf(value):
        fraction = math.copysign(1.0, value)
    else:
        fraction = value / limit if limit > 0 and math.isfinite(limit) else 0.0
    level = round(min(1.0, max(-1.0 if is_signed else 0.0, fraction)) * (LEVELS - 1))
    return level + LEVELS - 1 if is_signed else level
