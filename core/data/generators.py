"""Random problems: classes of points in the plane, and small regressions.

Coordinates lie in about [-1, 1], so that units with initial weights are not saturated. The layouts of xor, circles,
gaussians and spiral are those of TensorFlow Playground, scaled to this range; moons has the usual two half circles.
The classes alternate row by row: their sizes differ by one row at most, and a batch that is not shuffled contains all
of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_choice, check_float, check_int
from nn_tui.core.spec import Array
from nn_tui.core.translation import message

MAX_SAMPLES = 1_000_000
MAX_CLASSES = 100
MAX_NOISE = 100.0

Rng = np.random.Generator
Draw = Callable[[Rng, int, int], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Generator:
    """A problem and the function that draws its rows.

    Attributes:
        summary: One line about the problem.
        inputs: The number of inputs of a row.
        classes: The number of classes; 0 for regression, None if the user chooses it.
        draw: Takes (rng, samples, classes). Returns points without noise, (samples, inputs), and the class number or
            the target of each, (samples,).
    """

    summary: str
    inputs: int
    classes: int | None
    draw: Draw


def generate(name: str, rng: Rng, samples: int, noise: float, classes: int) -> tuple[Array, Array, tuple[str, ...]]:
    """Draw a problem.

    Args:
        name: A key of ``GENERATORS``.
        rng: The source of randomness.
        samples: The number of rows.
        noise: The standard deviation of the noise. Classes get it on each coordinate, which makes them overlap;
            regressions get it on the target.
        classes: The number of classes; only ``blobs`` uses it.

    Returns:
        The points (samples, inputs), the class number or target of each (samples,), and the names of the classes,
        empty for regression.

    Raises:
        InputError: For an unknown name, or a size or noise out of range.
    """
    generator = GENERATORS[check_choice(name, ("data", "generator"), GENERATORS, message("a generator"))]
    if generator.classes is None:
        check_int(classes, ("data", "classes"), min_=2, max_=MAX_CLASSES)
    class_count = classes if generator.classes is None else generator.classes
    check_int(samples, ("data", "samples"), min_=1, max_=MAX_SAMPLES)
    if samples < class_count:
        problem = message(
            "{samples} is too small; use at least one sample for each of the {classes} classes.",
            samples=samples,
            classes=class_count,
        )
        raise InputError("out_of_range", problem, path=("data", "samples"), value=samples)
    check_float(noise, ("data", "noise"), min_=0, max_=MAX_NOISE)
    points, y = generator.draw(rng, samples, class_count)
    if class_count:
        return points + noise * rng.standard_normal(points.shape), y, tuple(str(k) for k in range(class_count))
    return points, y + noise * rng.standard_normal(samples), ()


def _alternate(samples: int, classes: int) -> Array:
    """Return the class of each row: 0, 1, …, 0, 1, …"""
    return np.asarray(np.arange(samples) % classes, dtype=np.float64)


def _polar(radius: Array, angle: Array) -> Array:
    """Return points (n, 2) from polar coordinates."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _xor(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw four squares; class 1 has exactly one positive coordinate. No point is closer than 0.1 to an axis."""
    y = _alternate(samples, classes)
    first = np.where(np.arange(samples) // 2 % 2 == 0, -1.0, 1.0)
    signs = np.column_stack([first, np.where(y == 1, -first, first)])
    return signs * rng.uniform(0.1, 1.0, (samples, 2)), y


def _circles(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw a ring of radius 0.7 to 1 as class 0, and a disc of radius 0.5 as class 1, both with even density."""
    y = _alternate(samples, classes)
    inner, outer = np.where(y == 1, 0.0, 0.7), np.where(y == 1, 0.5, 1.0)
    radius = np.sqrt(rng.uniform(inner**2, outer**2))
    return _polar(radius, rng.uniform(0.0, 2 * np.pi, samples)), y


def _moons(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw two interlocking half circles of radius 2/3; class 0 is the upper one."""
    y = _alternate(samples, classes)
    arc = _polar(np.ones(samples), rng.uniform(0.0, np.pi, samples))
    lower = np.array([1.0, 0.5]) - arc
    return (np.where(y[:, None] == 1, lower, arc) - np.array([0.5, 0.25])) / 1.5, y


def _gaussians(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw round clouds of deviation 0.2, about (-0.5, -0.5) for class 0 and (0.5, 0.5) for class 1."""
    y = _alternate(samples, classes)
    return (y - 0.5)[:, None] + 0.2 * rng.standard_normal((samples, 2)), y


def _spiral(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw two arms of 1.75 turns, from radius 0.05 to 1; class 1 is rotated by half a turn."""
    y = _alternate(samples, classes)
    t = rng.uniform(0.0, 1.0, samples)
    return _polar(0.05 + 0.95 * t, 1.75 * 2 * np.pi * t + np.pi * y), y


def _blobs(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw one round cloud per class, at even distances on a circle of radius 0.7, the first one at the top.

    Neighbouring centres are 2·0.7·sin(π/k) apart, and the deviation is 0.15 of that.
    """
    y = _alternate(samples, classes)
    centres = _polar(np.full(samples, 0.7), np.pi / 2 - 2 * np.pi * y / classes)
    deviation = 0.15 * 2 * 0.7 * np.sin(np.pi / classes)
    return centres + deviation * rng.standard_normal((samples, 2)), y


def _plane(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw y = (x1 + x2) / 2 over the square."""
    points = rng.uniform(-1.0, 1.0, (samples, 2))
    return points, points.sum(axis=1) / 2


def _sine(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw y = sin(π·x), one period over [-1, 1]."""
    points = rng.uniform(-1.0, 1.0, (samples, 1))
    return points, np.asarray(np.sin(np.pi * points[:, 0]))


# (x1, x2, height) of each bump.
_BUMPS = ((-0.5, -0.4, 1.0), (0.5, -0.4, -1.0), (0.0, 0.5, 1.0))


def _regression_gaussian(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Draw two hills and one hollow of height 1 and deviation 0.25 on a flat square."""
    points = rng.uniform(-1.0, 1.0, (samples, 2))
    y = np.zeros(samples)
    for x1, x2, height in _BUMPS:
        squared = (points[:, 0] - x1) ** 2 + (points[:, 1] - x2) ** 2
        y += height * np.exp(-squared / (2 * 0.25**2))
    return points, y


GENERATORS: dict[str, Generator] = {
    "xor": Generator("four squares, opposite ones alike", 2, 2, _xor),
    "circles": Generator("a disc inside a ring", 2, 2, _circles),
    "moons": Generator("two half circles that interlock", 2, 2, _moons),
    "gaussians": Generator("two round clouds", 2, 2, _gaussians),
    "spiral": Generator("two arms that wind about each other", 2, 2, _spiral),
    "blobs": Generator("one round cloud per class", 2, None, _blobs),
    "plane": Generator("regression onto a tilted plane", 2, 0, _plane),
    "sine": Generator("regression onto one period of a sine", 1, 0, _sine),
    "regression_gaussian": Generator("regression onto two hills and a hollow", 2, 0, _regression_gaussian),
}
