"""What a picture of a landscape shows of it: bands of the logarithm of the loss, and names along the path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_tui.core.analysis.landscape import Landscape
from nn_tui.core.spec import Array

BANDS = 12  # their edges are contour lines
MAX_DECADES = 4.0  # otherwise a loss of 0 would put all others into one band
_MAX_ABOVE = 2.0  # the top of a curve, as a multiple of the largest loss of the path and between two minima
_LABELLED_STEPS = (1, 2, 5)  # times a power of ten: the updates that are named along the path
_MAX_LABELS = 6


def log_fractions(losses: Array) -> Array:
    """Return losses as fractions 0 to 1 of their range on a log scale, same shape; NaN stays, infinity is 1."""
    finite = losses[np.isfinite(losses)]
    positive = finite[finite > 0]
    if not positive.size:
        return np.where(np.isfinite(losses), 0.0, np.where(np.isnan(losses), np.nan, 1.0))
    high = np.log10(float(positive.max()))
    low = max(np.log10(float(positive.min())), high - MAX_DECADES)
    with np.errstate(all="ignore"):
        fractions = (np.log10(np.maximum(losses, 0.0)) - low) / (high - low if high > low else 1.0)
    return np.where(np.isnan(losses), np.nan, np.clip(fractions, 0.0, 1.0))


def path_on_curve(landscape: Landscape) -> Array:
    """Return the path with the loss as second coordinate (points, 2)."""
    x = landscape.path[:, 0]
    y = np.interp(x, landscape.xs, landscape.losses[0])
    if len(y):
        y[-1] = landscape.loss
    return np.stack([x, y], axis=1)


def loss_range(losses: Array, path: Array) -> tuple[float, float]:
    """Return the range of the vertical axis of a curve (n,) with the losses of a path; 0 to 1 without finite losses.

    A curve that rises much higher at its ends is cut there, so that the valleys and the hills between them are seen.
    """
    finite = losses[np.isfinite(losses)]
    if not finite.size:
        return 0.0, 1.0
    hills = losses[1:-1][(losses[1:-1] > losses[:-2]) & (losses[1:-1] >= losses[2:])]
    low, high = float(finite.min()), float(finite.max())
    seen = [value for value in (*hills.tolist(), *path.tolist()) if np.isfinite(value)]
    if seen:
        high = min(high, low + _MAX_ABOVE * max(max(seen) - low, 0.1 * (high - low)))
    margin = 0.05 * (high - low) or max(0.5, 0.1 * abs(high))
    return (0.0 if 0 <= low < 0.2 * high else low - margin), high + margin


def named_points(updates: Sequence[int]) -> list[int]:
    """Return the indexes of the points that are named: updates 1, 2, 5, 10, 20, … after the first, at most a few."""
    first, last = updates[0], updates[-1]
    steps = [step * 10**power for power in range(len(str(last)) + 1) for step in _LABELLED_STEPS]
    by_update = {update: index for index, update in enumerate(updates)}
    found = [by_update[first + step] for step in steps if step < last - first and first + step in by_update]
    return found[:_MAX_LABELS]
