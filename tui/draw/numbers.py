"""Numbers as text: what is printed equals the value to the digits shown, and zero alone looks like zero."""

from __future__ import annotations

import math

from nn_tui.tui.draw.glyphs import Glyphs

_FIXED_FROM, _FIXED_BELOW = 1e-4, 1e4
_SMALL = 0.1  # below, fixed decimals are fewer significant digits
_REPR_WIDTH = 24  # "-2.2250738585072014e-308": no float's shortest round trip is longer.


def fmt(value: float, digits: int | None, *, width: int | None = None, sign: bool = True, glyphs: Glyphs) -> str:
    """``value`` with ``digits`` decimals, or with all of them (the shortest exact text) for None.

    Fixed point from 1e-4 up to 1e4, scientific beyond. A number below 0.1 has as many significant digits as the
    others have decimals, so that what is computed from it comes out by hand: 0.0005634, not 0.0006. ``sign``
    prints "+" too, and a space before zero, which has none. With ``width`` the text is right-aligned to exactly
    that many cells, with ``digits`` decimals, or scientific where that says more of a small number; decimals are
    dropped first, then it turns scientific, then it is the overflow mark.
    """
    value = float(value)
    if value < 0:
        mark = glyphs.minus
    elif sign:
        mark = "+" if value > 0 else " "
    else:
        mark = ""
    size = abs(value)
    text = _text(size, digits) if width is None else _in_column(size, digits, width - len(mark))
    text = glyphs.infinity if math.isinf(value) else text
    if math.isnan(value):
        mark = ""
    if width is None:
        return mark + text
    room = width - len(mark)
    if len(text) > room:
        text = _shorter(size, digits, room)
        if not text and not value:
            mark, text = "", _shorter(size, digits, width)
        if not text:
            return glyphs.overflow.rjust(width)[:width]
    return (mark + text).rjust(width)


def is_rounded(value: float, digits: int | None) -> bool:
    """Whether the text that :func:`fmt` prints differs from ``value``, so that ≈ is due."""
    return bool(math.isfinite(value)) and float(_text(abs(float(value)), digits)) != abs(value)


def number_width(digits: int | None) -> int:
    """Cells that a number in a table takes: a sign, two digits, the point and the decimals."""
    return _REPR_WIDTH if digits is None else digits + 4


def _text(size: float, digits: int | None) -> str:
    """A number ≥ 0, inf or NaN in its full form."""
    if digits is None or not math.isfinite(size):
        return repr(size)
    if size >= _FIXED_BELOW:
        return f"{size:.{digits}e}"
    if size and size < _SMALL:
        return _small(size, digits)
    return f"{size:.{digits}f}"


def _small(size: float, digits: int) -> str:
    """A number between 0 and 0.1 with ``digits`` significant digits, or with as many decimals where that is exact."""
    text = f"{size:.{digits}f}"
    if float(text) == size:
        return text
    if size < _FIXED_FROM:
        return f"{size:.{digits}e}"
    return f"{size:.{digits - 1 - math.floor(math.log10(size))}f}"


def _in_column(size: float, digits: int | None, room: int) -> str:
    """A number ≥ 0 for a column whose points align, scientific where that shows more of a small number's digits."""
    if digits is None or not 0 < size < _SMALL:
        return _text(size, digits)
    text = f"{size:.{digits}f}"
    if float(text) == size:
        return text
    shown = len(text.lstrip("0."))
    if shown < digits // 2:
        full = _scientific(size, min(digits, room - 6))
        # Without the exponent's zero there is room for a digit more: 5.6e-4.
        for scientific in (full, _scientific(size, min(digits, room - 5)).replace("e-0", "e-")):
            if len(scientific) <= room and len(scientific.partition("e")[0]) > 1:
                return scientific
    return text if shown else _scientific(size, digits)


def _scientific(size: float, decimals: int) -> str:
    return f"{size:.{max(0, decimals)}e}"


def _shows_zero(text: str) -> bool:
    return not text.strip("0.")


def _shorter(size: float, digits: int | None, room: int) -> str:
    """The form of a number ≥ 0 with the most digits that fits ``room``; empty where none does."""
    if room < 1 or not math.isfinite(size):
        return ""
    if size < 10.0**room:
        whole = len(f"{size:.0f}")
        most = 17 if digits is None else digits
        for decimals in range(max(0, min(most, room - whole - 1)), -1, -1):
            text = f"{size:.{decimals}f}"
            if len(text) <= room:
                if not size or not _shows_zero(text):
                    return text
                break
    most = 16 if digits is None else digits
    for decimals in range(max(0, min(most, room - 6)), -1, -1):
        text = f"{size:.{decimals}e}"
        if len(text) <= room:
            return text
    # The plus and leading zeros of the exponent can go: 3e-3, 2e105.
    text = f"{size:.0e}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")
    return text if len(text) <= room else ""
