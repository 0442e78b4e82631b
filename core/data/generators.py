"""Problems drawn at random: two-dimensional classes and small regressions.

Coordinates lie in about [-1, 1], so that freshly initialised units start in their sensitive range. The
layouts of xor, circles, gaussians and spiral follow those of TensorFlow Playground, scaled to that range;
moons follows the usual two half circles. Rows take the classes in turn, so the classes are balanced to
within one row and an unshuffled batch sees all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.fields import closest_names
from nn_tui.core.spec import Array

MAX_SAMPLES = 1_000_000
MAX_CLASSES = 100
MAX_NOISE = 100.0

Rng = np.random.Generator
Draw = Callable[[Rng, int, int], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Generator:
    """A problem: ``inputs`` per row and how its rows are drawn.

    ``classes`` is the number of classes, 0 for regression and None where the user chooses it.
    ``draw(rng, samples, classes)`` gives noiseless points (samples, inputs) and, per row, the class number
    or the value to predict (samples,).
    """

    summary: str
    inputs: int
    classes: int | None
    draw: Draw


def generate(
    name: str, rng: Rng, samples: int, noise: float, classes: int, *, where: str = ""
) -> tuple[Array, Array, tuple[str, ...]]:
    """Points (samples, inputs), per row a class number or value (samples,), and class names.

    ``noise`` is a standard deviation: of what is added to each coordinate for classes (after the label is
    known, so noise makes classes overlap) and to the target for regression. The class names are empty for
    regression. ``classes`` matters to ``blobs`` alone. Raises InputError for a bad name, size or noise.
    """
    at = f"{where}: " if where else ""
    if name not in GENERATORS:
        near = closest_names(name, GENERATORS, cutoff=0.0)[0]
        raise InputError(
            f"{at}data.generator: there is no generator {name[:40]!r}; "
            f"the nearest is {near!r}, and all are {', '.join(GENERATORS)}."
        )
    generator = GENERATORS[name]
    kinds = classes if generator.classes is None else generator.classes
    if generator.classes is None and not 2 <= kinds <= MAX_CLASSES:
        raise InputError(f"{at}data.classes: {kinds} is out of range; {name} takes 2 to {MAX_CLASSES} classes.")
    if not max(1, kinds) <= samples <= MAX_SAMPLES:
        each = f", at least one for each of the {kinds} classes" if kinds else ""
        raise InputError(
            f"{at}data.samples: {samples:,} is out of range; use {max(1, kinds)} to {MAX_SAMPLES:,}{each}."
        )
    if not 0 <= noise <= MAX_NOISE:
        raise InputError(
            f"{at}data.noise: {noise} is out of range; use a standard deviation of 0 to {MAX_NOISE:g} "
            "(the points lie in about -1 to 1)."
        )
    points, y = generator.draw(rng, samples, kinds)
    if kinds:
        return points + noise * rng.standard_normal(points.shape), y, tuple(str(k) for k in range(kinds))
    return points, y + noise * rng.standard_normal(samples), ()


def _turns(samples: int, classes: int) -> Array:
    """The class of each row: 0, 1, …, 0, 1, …"""
    return np.asarray(np.arange(samples) % classes, dtype=np.float64)


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _xor(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Four squares; class 1 where exactly one coordinate is positive. A gap of 0.1 follows each axis."""
    y = _turns(samples, classes)
    first = np.where(np.arange(samples) // 2 % 2 == 0, -1.0, 1.0)
    signs = np.column_stack([first, np.where(y == 1, -first, first)])
    return signs * rng.uniform(0.1, 1.0, (samples, 2)), y


def _circles(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Class 0 is a ring of radius 0.7 to 1, class 1 the disc of radius 0.5 in it; even over the area."""
    y = _turns(samples, classes)
    inner, outer = np.where(y == 1, 0.0, 0.7), np.where(y == 1, 0.5, 1.0)
    radius = np.sqrt(rng.uniform(inner**2, outer**2))
    return _polar(radius, rng.uniform(0.0, 2 * np.pi, samples)), y


def _moons(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Two half circles of radius 2/3 that reach into each other; class 0 is the upper one."""
    y = _turns(samples, classes)
    arc = _polar(np.ones(samples), rng.uniform(0.0, np.pi, samples))
    lower = np.array([1.0, 0.5]) - arc
    return (np.where(y[:, None] == 1, lower, arc) - np.array([0.5, 0.25])) / 1.5, y


def _gaussians(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Two round clouds of deviation 0.2 about (-0.5, -0.5) for class 0 and (0.5, 0.5) for class 1."""
    y = _turns(samples, classes)
    return (y - 0.5)[:, None] + 0.2 * rng.standard_normal((samples, 2)), y


def _spiral(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Two arms of 1.75 turns, class 1 turned by half a turn, from radius 0.05 to 1."""
    y = _turns(samples, classes)
    along = rng.uniform(0.0, 1.0, samples)
    return _polar(0.05 + 0.95 * along, 1.75 * 2 * np.pi * along + np.pi * y), y


def _blobs(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """One round cloud per class, evenly on a circle of radius 0.7, the first on top.

    Neighbouring centres are 2·0.7·sin(π/k) apart, and the deviation is 0.15 of that.
    """
    y = _turns(samples, classes)
    centres = _polar(np.full(samples, 0.7), np.pi / 2 - 2 * np.pi * y / classes)
    deviation = 0.15 * 2 * 0.7 * np.sin(np.pi / classes)
    return centres + deviation * rng.standard_normal((samples, 2)), y


def _plane(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """y = (x1 + x2) / 2 over the square."""
    points = rng.uniform(-1.0, 1.0, (samples, 2))
    return points, points.sum(axis=1) / 2


def _sine(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """y = sin(π·x), one period over [-1, 1]."""
    points = rng.uniform(-1.0, 1.0, (samples, 1))
    return points, np.asarray(np.sin(np.pi * points[:, 0]))


# (x1, x2, height) of each bump.
_BUMPS = ((-0.5, -0.4, 1.0), (0.5, -0.4, -1.0), (0.0, 0.5, 1.0))


def _regression_gaussian(rng: Rng, samples: int, classes: int) -> tuple[Array, Array]:
    """Two hills and one hollow of height 1 and deviation 0.25 on a flat square."""
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
