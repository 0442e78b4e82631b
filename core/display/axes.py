"""The axes of a chart: the position of a value between 0 and 1, and round numbers as labels."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.core.display.number_text import NumberSigns
from nn_tui.core.spec import Array

_MAX_FLOAT = float(np.finfo(np.float64).max)
_MAX_FIXED_LENGTH = 7  # characters of a label in fixed point
_MIN_WITH_COMMAS = 1e4  # a label from which the labels of an axis have commas


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high`` with labelled ticks; a logarithmic one has values ≤ 0 at its lower end.

    Attributes:
        low: The value at 0; its log10 on a logarithmic axis.
        high: The value at 1; its log10 on a logarithmic axis.
        ticks: Positions from 0 to 1 and their labels.
        log: Whether the axis is logarithmic.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    log: bool = False

    def fraction(self, values: ArrayLike) -> Array:
        """Return values as fractions of the axis, same shape; NaN for values that are not finite."""
        data = np.asarray(values, dtype=np.float64)
        with np.errstate(all="ignore"):
            if self.log:
                data = np.where(data > 0, np.log10(data), np.where(np.isnan(data), np.nan, self.low))
            data = np.where(np.isfinite(data), data, np.nan)
            # Halve first: the difference of two floats can be larger than the largest float.
            return np.asarray((data / 2 - self.low / 2) / (self.high / 2 - self.low / 2))


def linear_axis(values: Array, count: int, glyphs: NumberSigns, *, tight: bool = False) -> Axis:
    """Return an axis that contains finite values and has about ``count`` round labels.

    If all values are equal, the value is the only label, in the middle (``tight``: at the left).

    Args:
        values: At least one finite value.
        count: Number of labels to aim at.
        glyphs: Characters for the labels.
        tight: Whether the axis ends at the smallest and the largest value. Whole numbers then have whole labels.
    """
    low, high = float(values.min()), float(values.max())
    if high / 2 - low / 2 <= max(abs(low), abs(high)) * 1e-12:
        return _constant_axis(low, glyphs, tight)
    is_whole = tight and bool((values == np.rint(values)).all())
    if not tight:
        margin = 0.02 * (high / 2 - low / 2)
        starts_at_zero = 0 <= low < 0.35 * high
        high = min(_MAX_FLOAT, high + margin)
        low = 0.0 if starts_at_zero else max(-_MAX_FLOAT, low - margin)
    ticks, step = _round_ticks(low, high, count, 1.0 if is_whole else 0.0)
    fractions = Axis(low, high).fraction(ticks).clip(0.0, 1.0).tolist()
    return Axis(low, high, tuple(zip(fractions, _labels(ticks, step, glyphs), strict=True)))


def _round_ticks(low: float, high: float, count: int, min_step: float) -> tuple[list[float], float]:
    """Return multiples of a round step from ``low`` to ``high``, and the step.

    There are about ``count`` of them, and at least two unless the step would be less than ``min_step``.
    """
    for more in (count, 2 * count, 4 * count):
        step = _round_step(max(min_step, high / more - low / more))
        first = math.ceil(low / step - 1e-9)
        multiples = [k * step for k in range(first, first + 4 * more + 4) if k * step <= high + step * 1e-9]
        ticks = [tick for tick in multiples if math.isfinite(tick)]
        if len(ticks) > 1 or step == min_step:
            break
    return ticks or [low], step


def log_axis(values: Array, rows: int, glyphs: NumberSigns) -> Axis:
    """Return a log10 axis that contains finite values and has labels at powers of ten.

    If there are values ≤ 0, the bottom of the axis lies below all positive values and is labelled ≤0.

    Args:
        values: Finite values, at least one of them > 0.
        rows: Lines of the plot; the labels are at least two lines apart.
        glyphs: Characters for the labels.
    """
    positive = values[values > 0]
    low, high = math.log10(float(positive.min())), math.log10(float(positive.max()))
    if high - low < 0.5:
        low, high = (low + high) / 2 - 0.3, (low + high) / 2 + 0.3
    has_floor = bool((values <= 0).any())
    if has_floor:
        low -= max(0.5, 0.1 * (high - low))
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    stride = max(1, math.ceil(len(powers) / max(2, rows // 2)))
    ticks = [(float(power), _power_label(power)) for power in powers if power % stride == 0]
    if len(ticks) < 2:
        ticks = [
            (math.log10(m) + power, f"{m * 10.0**power:.4g}" if -3 <= power <= 3 else f"{m}e{power}")
            for power in range(math.floor(low), math.floor(high) + 1)
            for m in (1, 2, 5)
            if low <= math.log10(m) + power <= high
        ]
    if len(ticks) < 2:
        numbers, step = _round_ticks(10.0**low, 10.0**high, 2, 0.0)
        labels = zip(numbers, _labels(numbers, step, glyphs), strict=True)
        ticks = [(math.log10(number), label) for number, label in labels if number > 0] or ticks or [(low, "0")]
    ticks = ticks[:: max(1, math.ceil(len(ticks) / max(2, rows // 2)))]
    if has_floor:
        ticks = [(low, glyphs.at_most + "0"), *[tick for tick in ticks if tick[0] > low]]
    fractions = tuple((min(1.0, max(0.0, (tick - low) / (high - low))), label) for tick, label in ticks)
    return Axis(low, high, fractions, log=True)


def _constant_axis(value: float, glyphs: NumberSigns, tight: bool) -> Axis:
    margin = abs(value) * 0.1 or 1.0
    low = value if tight else max(-_MAX_FLOAT, value - margin)
    axis = Axis(low, max(low, min(_MAX_FLOAT, value + margin)))
    if axis.low == axis.high:
        axis = Axis(value * 0.9, value)
    label = _with_minus(re.sub(r"e\+?(-?)0*", r"e\1", f"{value:.4g}"), glyphs)
    return Axis(axis.low, axis.high, ((float(axis.fraction(value)), label),))


def _round_step(min_step: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is at least ``min_step``."""
    power = 10.0 ** max(-307, math.floor(math.log10(max(min_step, 1e-307))))
    steps = (m * power for m in (1.0, 2.0, 5.0) if m * power >= min_step * (1 - 1e-9))
    return min(1e308, next(steps, 10.0 * power))


def _labels(ticks: Sequence[float], step: float, glyphs: NumberSigns) -> list[str]:
    """Return labels with as many decimals as the step has, or in scientific form if that is shorter."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    labels = [f"{tick:.{decimals}f}" for tick in ticks]
    if max(map(len, labels)) > _MAX_FIXED_LENGTH:
        largest = max(abs(tick) for tick in ticks) or step
        digits = min(16, max(0, math.ceil(math.log10(largest) - math.log10(step) - 1e-9)))
        scientific = ["0" if tick == 0 else _scientific(tick, digits) for tick in ticks]
        if max(map(len, scientific)) < max(map(len, labels)):
            labels = scientific
    elif not decimals and max(abs(tick) for tick in ticks) >= _MIN_WITH_COMMAS:
        with_commas = [f"{tick:,.0f}" for tick in ticks]
        labels = with_commas if max(map(len, with_commas)) <= _MAX_FIXED_LENGTH else labels
    return [_with_minus(label, glyphs) for label in labels]


def _with_minus(text: str, glyphs: NumberSigns) -> str:
    return glyphs.minus + text[1:] if text.startswith("-") else text


def _scientific(value: float, digits: int) -> str:
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"


def _power_label(power: int) -> str:
    return f"{10.0**power:.{max(0, -power)}f}" if -3 <= power <= 4 else f"1e{power}"
