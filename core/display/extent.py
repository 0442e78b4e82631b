"""The part of a plane that a plot shows: a rectangle around points, and the labels of its ends."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.core.spec import Dataset

Extent = tuple[float, float, float, float]
"""A rectangle of the plane: (min x, max x, min y, max y)."""

MAX_RATIO = 4.0
"""Ratio of the two ranges up to which the axes have the same scale; with more, the picture would be a thin strip."""

_MAX_SMALL_ROWS = 16  # samples up to which the rectangle around data has a wide margin
_MAX_EXTENT = 4e307  # a wider extent would be infinite
_MAX_FIXED_LENGTH = 7  # characters of an end value in fixed point


def plane_extent(data: Dataset) -> Extent:
    """Return the rectangle around the points of both parts of data with two inputs."""
    margin = 0.25 if len(data.x) <= _MAX_SMALL_ROWS else 0.1
    return fit_extent(np.concatenate([data.points, data.points_test]), margin)


def fit_extent(points: ArrayLike, margin: float = 0.1) -> Extent:
    """Return a rectangle with short end values around the finite points (n, 2).

    Args:
        points: The points.
        margin: The least distance to the points on each side, as a part of their range.
    """
    data = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    data = data[np.isfinite(data).all(axis=1)]
    if not len(data):
        return (-1.0, 1.0, -1.0, 1.0)
    sides: list[float] = []
    for column in data.T:
        low, high = float(column.min()), float(column.max())
        with np.errstate(over="ignore"):
            pad = (high - low) * margin or 1.0
        sides += _rounded_outward(max(low - pad, -_MAX_EXTENT), min(high + pad, _MAX_EXTENT))
    return (sides[0], sides[1], sides[2], sides[3])


def _rounded_outward(low: float, high: float) -> tuple[float, float]:
    """Return a range that contains ``low`` to ``high`` and whose ends have the digits that matter for its length."""
    decimals = _decimals(high - low)
    if abs(decimals) > 12 or max(abs(low), abs(high)) > 1e6 * (high - low):
        return low, high
    scale = 10.0**decimals
    ends = math.floor(low * scale + 1e-9) / scale, math.ceil(high * scale - 1e-9) / scale
    return ends if ends[0] <= low + 1e-9 / scale and high - 1e-9 / scale <= ends[1] else (low, high)


def _decimals(length: float) -> int:
    """Return the number of decimals that the ends of an axis of that length need; negative for a very long one."""
    return 1 - math.floor(math.log10(length)) if 0 < length < math.inf else 0


def end_label(value: float, low: float, high: float) -> str:
    """Write an end of an axis from ``low`` to ``high``, with the minus sign of ASCII."""
    label = f"{value + 0.0:.{max(0, min(12, _decimals(high - low)))}f}"
    if "." in label:
        label = label.rstrip("0").rstrip(".")
    return label if len(label) <= _MAX_FIXED_LENGTH else f"{value:.2g}"
