"""Columns that are the pixels of an image: like-named numbers in the order of a grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from math import isqrt

import numpy as np

from nn_tui.core.table.values import TextColumn

_NUMBERED = re.compile(r"(.*?)([0-9]{1,5})")
_GRID = re.compile(r"(\D*)([0-9]{1,4})(?:[x_.,]| )([0-9]{1,4})")
_PIXEL_NAMES = frozenset(("pixel", "px", "pix", "픽셀"))
_MIN_PIXELS = 64  # at least so many columns without "pixel" in their names


def find_pixels(columns: Sequence[TextColumn]) -> tuple[int, ...]:
    """Return the positions of the columns that are pixels; none if the table has no image.

    Columns that are named like pixels are, such as ``pixel0`` or ``pixel_0_0``. Other columns are if there are at least
    64 numbered ones in a row that fill a square or the grid of their names, such as ``1x1`` to ``28x28``, with numbers
    from one range: 0 to 255, or −1 to 1.
    """
    named = tuple(index for index, column in enumerate(columns) if _is_named_pixel(column))
    if len(named) > 1:
        return named
    best: tuple[int, ...] = ()
    for prefix, group in groupby(range(len(columns)), lambda index: _prefix(columns[index])):
        if prefix is None:  # texts, or names without a number
            continue
        run = tuple(group)
        for part in (run, run[1:], run[:-1]):  # without names, the label has a number too
            fits = len(part) >= _MIN_PIXELS and image_shape([columns[index].name for index in part]) is not None
            if fits and len(part) > len(best) and _in_one_range([columns[index] for index in part]):
                best = _without_label(columns, run) if len(part) < len(run) else part
    return best


def image_shape(names: Sequence[str]) -> tuple[int, int] | None:
    """Return (height, width) of an image whose pixels have these names row by row; None if they fill no grid."""
    grid = [_GRID.fullmatch(name) for name in names]
    if len(names) >= 4 and all(grid):
        places = [(int(match[2]), int(match[3])) for match in grid if match]
        (top, left), (bottom, right) = places[0], places[-1]
        height, width = bottom - top + 1, right - left + 1
        if min(height, width) < 2 or height * width != len(names):
            return None
        expected = [(top + row, left + column) for row in range(height) for column in range(width)]
        return (height, width) if places == expected else None
    side = isqrt(len(names))
    numbered = [_NUMBERED.fullmatch(name) for name in names]
    if side < 2 or side * side != len(names) or not all(numbered):
        return None
    numbers = [int(match[2]) for match in numbered if match]
    in_order = all(number == numbers[0] + index for index, number in enumerate(numbers))
    return (side, side) if in_order else None


def _is_named_pixel(column: TextColumn) -> bool:
    match = _GRID.fullmatch(column.name) or _NUMBERED.fullmatch(column.name)
    return column.numbers is not None and match is not None and match[1].strip(" _-.").casefold() in _PIXEL_NAMES


def _prefix(column: TextColumn) -> tuple[str, bool] | None:
    """Return what numbered columns of one image have in common; None for other columns."""
    if column.numbers is None:
        return None
    grid = _GRID.fullmatch(column.name)
    match = grid or _NUMBERED.fullmatch(column.name)
    return (match[1], grid is not None) if match else None


def _without_label(columns: Sequence[TextColumn], run: tuple[int, ...]) -> tuple[int, ...]:
    """Return the pixels of a table without names, whose first or last column is the label."""
    is_last = _is_label(columns[run[-1]]) or not _is_label(columns[run[0]])
    return run[:-1] if is_last else run[1:]


def _is_label(column: TextColumn) -> bool:
    values = np.unique(column.numbers) if column.numbers is not None else np.zeros(0)
    return 2 <= values.size <= 10 and bool(np.isin(values, np.arange(10)).all())


def _in_one_range(columns: Sequence[TextColumn]) -> bool:
    """Return whether all values are whole numbers from 0 to 255, or numbers from −1 to 1."""
    parts = [column.numbers for column in columns if column.numbers is not None]
    low, high = min(part.min() for part in parts), max(part.max() for part in parts)
    if not np.isfinite(low + high):
        return False
    if low >= -1.0 and high <= 1.0:
        return bool(high > low)
    return bool(low >= 0.0 and high <= 255.0) and all(bool((part == np.round(part)).all()) for part in parts)
