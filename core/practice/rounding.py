"""Significant digits: how a number is printed for work by hand, and how far from it the printed number may be."""

from __future__ import annotations

from math import floor, isfinite, log10

DEFAULT_DIGITS = 4
MIN_DIGITS, MAX_DIGITS = 2, 12


def round_to(value: float, digits: int) -> float:
    """Return a number rounded to significant digits."""
    return float(f"{value:.{digits - 1}e}")


def half_unit(value: float, digits: int) -> float:
    """Return half a unit in the last of the significant digits of a number; of 0, in that decimal."""
    if not isfinite(value):
        return 0.0
    rounded = round_to(value, digits)
    exponent = floor(log10(abs(rounded))) if rounded else -1
    return float(0.5 * 10.0 ** (exponent - digits + 1))


def is_printed_exactly(value: float, digits: int) -> bool:
    """Return whether a number has no more than these significant digits, so that printing it loses nothing."""
    return not isfinite(value) or abs(round_to(value, digits) - value) <= 1e-12 * abs(value)


def answer_text(value: float, digits: int) -> str:
    """Return a number with its significant digits, as a person types it: ``-0.0271``, ``0.5000`` or ``2.710e-07``.

    Zeros at the end are digits, too, so they stay. An exponent is written for a number below 1e-5 or with more digits
    before the point than there are significant ones.
    """
    if not isfinite(value):
        return str(value)
    rounded = round_to(value, digits)
    exponent = floor(log10(abs(rounded))) if rounded else -1
    if -5 <= exponent < digits:
        return f"{rounded:.{digits - 1 - exponent}f}"
    return f"{rounded:.{digits - 1}e}"
