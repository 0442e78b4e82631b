"""Numbers as text. The text equals the value to the digits shown, and only zero looks like zero."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

MIN_QUANTITY = 1e3
"""Size from which numbers in the units of the data have commas."""

_MIN_FIXED, _MAX_FIXED = 1e-4, 1e4  # sizes in fixed point; others are in scientific notation
_SMALL = 0.1  # below this, a number gets more decimals to keep its significant digits
_MAX_QUANTITY = 1e10  # size of the largest quantities with commas
_MAX_REPR_WIDTH = 24  # "-2.2250738585072014e-308" is the longest exact text of a float


class NumberSigns(Protocol):
    """The signs in numbers, which a set of characters has: in Unicode or in ASCII."""

    @property
    def minus(self) -> str:
        """The minus sign."""

    @property
    def infinity(self) -> str:
        """The sign of infinity."""

    @property
    def overflow(self) -> str:
        """The character that replaces a number that does not fit."""

    @property
    def at_most(self) -> str:
        """The sign before the largest of some numbers."""


class _UnicodeSigns(NamedTuple):
    minus: str = "−"
    infinity: str = "∞"
    overflow: str = "…"
    at_most: str = "≤"


UNICODE_SIGNS: NumberSigns = _UnicodeSigns()


def fmt(value: float, digits: int | None, *, width: int | None = None, sign: bool = True, glyphs: NumberSigns) -> str:
    """Return a number as text.

    The text is in fixed point from 1e-4 to 1e4, and otherwise in scientific notation. A number below 0.1 has as many
    significant digits as others have decimals, so that results can be checked by hand: 0.0005634, not 0.0006.

    Args:
        value: Any number, perhaps NaN or infinite.
        digits: Number of decimals. None: the shortest text that is exact.
        width: Cells to align the text to the right in. A number that does not fit loses decimals, then changes to
            scientific notation, then becomes the overflow mark. A small number is in scientific notation if that
            shows more of its digits.
        sign: Whether to print "+" too, and a space before zero.
        glyphs: The minus, infinity and overflow signs.
    """
    value = float(value)
    if value < 0:
        prefix = glyphs.minus
    elif sign:
        prefix = "+" if value > 0 else " "
    else:
        prefix = ""
    size = abs(value)
    text = _text(size, digits) if width is None else _in_column(size, digits, width - len(prefix))
    text = glyphs.infinity if math.isinf(value) else text
    if math.isnan(value):
        prefix = ""
    if width is None:
        return prefix + text
    room = width - len(prefix)
    if len(text) > room:
        text = _shorter(size, digits, room)
        if not text and not value:
            prefix, text = "", _shorter(size, digits, width)
        if not text:
            return glyphs.overflow.rjust(width)[:width]
    return (prefix + text).rjust(width)


def fmt_quantity(
    value: float, digits: int | None, *, size: float | None = None, sign: bool = False, glyphs: NumberSigns
) -> str:
    """Return a number in the units of the data as text: ``80,000`` where :func:`fmt` writes ``8.00e+04``.

    Large numbers have commas, and fewer decimals the larger they are, so that about ``digits`` + 1 digits are shown.
    Numbers below 1000 are as in :func:`fmt`.

    Args:
        value: Any number, perhaps NaN or infinite.
        digits: Number of decimals of a number of about 1. None: the shortest text that is exact.
        size: The size of the numbers that it stands among, which have the same decimals; None for its own.
        sign: Whether to print "+" too, and a space before zero.
        glyphs: The minus, infinity and overflow signs.
    """
    value = float(value)
    size = max(abs(value), 0.0 if size is None else size)
    if not MIN_QUANTITY <= size < _MAX_QUANTITY:
        return fmt(value, digits, sign=sign, glyphs=glyphs)
    if digits is None:
        text = f"{abs(value):,}".removesuffix(".0")
    else:
        text = f"{abs(value):,.{max(0, digits - math.floor(math.log10(size)))}f}"
    if value and _shows_zero(text):
        return fmt(value, digits, sign=sign, glyphs=glyphs)
    plus = ("+" if value > 0 else " ") if sign else ""
    return (glyphs.minus if value < 0 else plus) + text


def is_rounded(value: float, digits: int | None) -> bool:
    """Return whether the text of :func:`fmt` differs from ``value``, so that it needs a ≈."""
    return math.isfinite(value) and float(_text(abs(float(value)), digits)) != abs(value)


def number_width(digits: int | None) -> int:
    """Return the cells of a number in a table: a sign, two digits, the point and the decimals."""
    return _MAX_REPR_WIDTH if digits is None else digits + 4


def _text(size: float, digits: int | None) -> str:
    """Return a number ≥ 0, inf or NaN in its full form."""
    if digits is None or not math.isfinite(size):
        return repr(size)
    if size >= _MAX_FIXED:
        return f"{size:.{digits}e}"
    if size and size < _SMALL:
        return _small(size, digits)
    return f"{size:.{digits}f}"


def _small(size: float, digits: int) -> str:
    """Return a number from 0 to 0.1 with ``digits`` significant digits, or decimals if those are exact."""
    text = f"{size:.{digits}f}"
    if float(text) == size:
        return text
    if size < _MIN_FIXED:
        return f"{size:.{digits}e}"
    return f"{size:.{digits - 1 - math.floor(math.log10(size))}f}"


def _in_column(size: float, digits: int | None, room: int) -> str:
    """Return a number ≥ 0 with ``digits`` decimals, or in scientific notation if that shows more of its digits."""
    if digits is None or not 0 < size < _SMALL:
        return _text(size, digits)
    text = f"{size:.{digits}f}"
    if float(text) == size:
        return text
    shown = len(text.lstrip("0."))
    if shown < digits // 2:
        full = _scientific(size, min(digits, room - 6))
        # Without the zero of the exponent there is room for one more digit: 5.6e-4.
        for scientific in (full, _scientific(size, min(digits, room - 5)).replace("e-0", "e-")):
            if len(scientific) <= room and len(scientific.partition("e")[0]) > 1:
                return scientific
    return text if shown else _scientific(size, digits)


def _scientific(size: float, decimals: int) -> str:
    return f"{size:.{max(0, decimals)}e}"


def _shows_zero(text: str) -> bool:
    return not text.strip("0.")


def _shorter(size: float, digits: int | None, room: int) -> str:
    """Return the text of a number ≥ 0 with the most digits that fit ``room`` cells, or "" if none fits."""
    if room < 1 or not math.isfinite(size):
        return ""
    if size < 10.0**room:
        integer_digits = len(f"{size:.0f}")
        max_decimals = 17 if digits is None else digits
        for decimals in range(max(0, min(max_decimals, room - integer_digits - 1)), -1, -1):
            text = f"{size:.{decimals}f}"
            if len(text) <= room:
                if not size or not _shows_zero(text):
                    return text
                break
    max_decimals = 16 if digits is None else digits
    for decimals in range(max(0, min(max_decimals, room - 6)), -1, -1):
        text = f"{size:.{decimals}e}"
        if len(text) <= room:
            return text
    # The plus and the leading zeros of the exponent are not needed: 3e-3, 2e105.
    text = f"{size:.0e}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")
    return text if len(text) <= room else ""
