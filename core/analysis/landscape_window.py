"""The window of a landscape whose axes are all trained parameters: it contains the path, nearby minima and a margin.

Coordinates are steps from the parameters on screen; ``origin`` has the values of these parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from nn_tui.core.spec import Array

Interval = tuple[float, float]
_SURVEY_REACH = 3.0  # how far minima are looked for, as a multiple of the largest parameter of the path, at least 1
_SURVEY_POINTS = 241  # on a curve
_SURVEY_SIDE = 25  # points per axis on a plane
_CURVE_MARGIN = 0.25  # of the range from the first to the last point of interest, on each side
_PLANE_MARGIN = 1.2  # the reach beyond the minimum, as a multiple of its distance from the start
_MIN_RANGE = 1.0
_MAX_SEARCH_STEPS = 80


def window_on_curve(loss: Callable[[float], float], path: Array, origin: float) -> Interval:
    """Return the interval of a curve that holds the path (points,), the minima around it and a margin."""
    reach = _SURVEY_REACH * max(1.0, float(np.abs(path + origin).max()))
    xs = np.linspace(float(path.min()) - reach, float(path.max()) + reach, _SURVEY_POINTS)
    losses = np.array([loss(float(x)) for x in xs])
    is_minimum = (losses[1:-1] < losses[:-2]) & (losses[1:-1] <= losses[2:])
    points = np.concatenate([path, xs[1:-1][is_minimum]])
    return _with_margin(points, _CURVE_MARGIN * float(np.ptp(points)))


def window_on_plane(
    loss: Callable[[float, float], float], path: Array, origin: tuple[float, float], max_ratio: float
) -> tuple[Interval, Interval] | None:
    """Return the intervals of a plane that hold the minimum, the start, its mirror image, and the path.

    The window depends on the path only if the path leaves it, so runs from the same start share one window.

    Args:
        loss: Returns the loss at a point.
        path: The path (points, 2); the first point is the start.
        origin: The values of the parameters at the steps (0, 0).
        max_ratio: The largest ratio of the two ranges.

    Returns:
        The interval of each axis; None if no minimum is near.
    """
    start = path[0]
    minimum = _minimum_near(loss, start, _SURVEY_REACH * max(1.0, float(np.abs(start + origin).max())))
    if minimum is None:
        return None
    reach = _PLANE_MARGIN * np.abs(start - minimum)
    low, high = minimum - reach, minimum + reach
    margin = 0.05 * (high - low)
    low = np.where(path.min(axis=0) < low, path.min(axis=0) - margin, low)
    high = np.where(path.max(axis=0) > high, path.max(axis=0) + margin, high)
    least = max(_MIN_RANGE, float((high - low).max()) / max_ratio)
    more = np.maximum(0.0, least - (high - low)) / 2
    low, high = low - more, high + more
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _minimum_near(loss: Callable[[float, float], float], start: Array, reach: float) -> Array | None:
    """Return the lowest point (2,) at most ``reach`` from the start on each axis; None if it lies at the border."""

    def lowest(points: Iterable[Array]) -> Array:
        finite = [(value, point) for point in points if np.isfinite(value := loss(float(point[0]), float(point[1])))]
        return min(finite, key=lambda pair: pair[0], default=(0.0, start))[1]

    side = np.linspace(-reach, reach, _SURVEY_SIDE)
    best = lowest([start, *(start + np.array([x, y]) for x in side for y in side)])
    step = float(side[1] - side[0]) / 2
    around = [np.array([x, y]) for x in (0.0, -1.0, 1.0) for y in (0.0, -1.0, 1.0)]
    for _ in range(_MAX_SEARCH_STEPS):  # a pattern search
        after = lowest(best + step * each for each in around)
        if np.array_equal(after, best):
            step /= 2
        best = after
    return None if (np.abs(best - start) >= reach).any() else best


def _with_margin(points: Array, margin: float) -> Interval:
    low, high = float(points.min()) - margin, float(points.max()) + margin
    missing = max(0.0, _MIN_RANGE - (high - low)) / 2
    return low - missing, high + missing
