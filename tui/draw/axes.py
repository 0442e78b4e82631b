"""Axes of a chart: where a value lies between 0 and 1, and which round numbers are written beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs

_LARGEST = float(np.finfo(np.float64).max)
_LONGEST_FIXED = 7


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from ``low`` to ``high`` (their log10 where ``log``) mapped to 0..1, and its labelled places.

    On a log axis values ≤ 0 are drawn at ``floor``. A tick is (place, label).
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    log: bool = False
    floor: float = 0.0

    def place(self, values: ArrayLike) -> Array:
        """Values as fractions of the axis, same shape; NaN where they are not finite."""
        data = np.asarray(values, dtype=np.float64)
        with np.errstate(all="ignore"):
            if self.log:
                data = np.log10(np.where(data > 0, data, np.where(np.isnan(data), np.nan, self.floor)))
            data = np.where(np.isfinite(data), data, np.nan)
            # Halved before the difference: the span of two doubles can be twice the largest of them.
            return np.asarray((data / 2 - self.low / 2) / (self.high / 2 - self.low / 2))


def linear_axis(values: Array, count: int, glyphs: Glyphs, *, tight: bool = False) -> Axis:
    """An axis around finite values with about ``count`` round labels.

    ``tight`` ends exactly at the values, and whole numbers then have whole labels. Values that are all
    alike lie in the middle (``tight``: at the left) and are themselves the label.
    """
    low, high = float(values.min()), float(values.max())
    if high / 2 - low / 2 <= max(abs(low), abs(high)) * 1e-12:
        return _axis_of_one(low, glyphs, tight)
    whole = tight and bool((values == np.rint(values)).all())
    step = _nice(max(1.0 if whole else 0.0, high / count - low / count))
    if not tight:
        pad = 0.02 * (high / 2 - low / 2)
        near_zero = 0 <= low < 0.35 * high
        high = min(_LARGEST, high + pad)
        low = 0.0 if near_zero else max(-_LARGEST, low - pad)
    first = math.ceil(low / step - 1e-9)
    found = [k * step for k in range(first, first + 4 * count + 4) if k * step <= high + step * 1e-9]
    ticks = [t for t in found if math.isfinite(t)] or [low]
    places = Axis(low, high).place(ticks).clip(0.0, 1.0).tolist()
    return Axis(low, high, tuple(zip(places, _labels(ticks, step, glyphs), strict=True)))


def log_axis(values: Array, rows: int, glyphs: Glyphs) -> Axis:
    """A log10 axis around finite values of which at least one is > 0, with labels at powers of ten.

    Where there are values ≤ 0 the bottom is a floor below all positive ones, labelled ≤0.
    """
    positive = values[values > 0]
    low, high = math.log10(float(positive.min())), math.log10(float(positive.max()))
    if high - low < 0.5:
        low, high = (low + high) / 2 - 0.3, (low + high) / 2 + 0.3
    below = bool((values <= 0).any())
    if below:
        low = max(-323.0, low - max(0.5, 0.1 * (high - low)))
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    stride = max(1, math.ceil(len(powers) / max(2, rows // 2)))
    ticks = [(float(p), _power_label(p)) for p in powers if p % stride == 0]
    if len(ticks) < 2:
        ticks = [
            (math.log10(m) + p, f"{m * 10.0**p:.4g}" if -3 <= p <= 4 else f"{m}e{p}")
            for p in range(math.floor(low), math.floor(high) + 1)
            for m in (1, 2, 5)
            if low <= math.log10(m) + p <= high
        ]
    if below:
        ticks = [(low, glyphs.at_most + "0"), *[tick for tick in ticks if tick[0] > low]]
    places = tuple((min(1.0, max(0.0, (at - low) / (high - low))), label) for at, label in ticks)
    return Axis(low, high, places, log=True, floor=10.0**low)


def _axis_of_one(value: float, glyphs: Glyphs, tight: bool) -> Axis:
    pad = abs(value) * 0.1 or 1.0
    low = value if tight else max(-_LARGEST, value - pad)
    axis = Axis(low, max(low, min(_LARGEST, value + pad)))
    if axis.low == axis.high:
        axis = Axis(value * 0.9, value)
    label = _minus(re.sub(r"e\+?(-?)0*", r"e\1", f"{value:.6g}"), glyphs)
    return Axis(axis.low, axis.high, ((float(axis.place(value)), label),))


def _nice(rough: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is ≥ ``rough``."""
    power = 10.0 ** max(-307, math.floor(math.log10(max(rough, 1e-307))))
    return min(1e308, next((m * power for m in (1.0, 2.0, 5.0) if m * power >= rough * (1 - 1e-9)), 10.0 * power))


def _labels(ticks: Sequence[float], step: float, glyphs: Glyphs) -> list[str]:
    """Labels with as many decimals as the step has, or in scientific form where that is shorter."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    fixed = [f"{tick:.{decimals}f}" for tick in ticks]
    if max(map(len, fixed)) > _LONGEST_FIXED:
        largest = max(abs(tick) for tick in ticks) or step
        digits = min(16, max(0, math.ceil(math.log10(largest) - math.log10(step) - 1e-9)))
        short = ["0" if tick == 0 else _scientific(tick, digits) for tick in ticks]
        if max(map(len, short)) < max(map(len, fixed)):
            fixed = short
    return [_minus(text, glyphs) for text in fixed]


def _minus(text: str, glyphs: Glyphs) -> str:
    return glyphs.minus + text[1:] if text.startswith("-") else text


def _scientific(value: float, digits: int) -> str:
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"


def _power_label(power: int) -> str:
    return f"{10.0**power:.{max(0, -power)}f}" if -3 <= power <= 4 else f"1e{power}"
