"""Finding inputs that have the values of the target under another name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.values import TextColumn

_SAMPLE_ROWS = 1_000  # columns that differ already here are not compared further
_MIN_PAIRS = 4
_MIN_SORTED = 20  # fewer numbers may be in the same order by chance
_MAX_RESIDUAL = 1e-3  # of a straight line, in deviations of the target: the error of rounded prices


def has_same_values(one: TextColumn, target: TextColumn) -> bool:
    """Return whether each value of a column belongs to one value of the target, and the other way round.

    Numbers of which hardly any comes twice have the same values if one is a straight line of the other, or if both have
    the same order, or the opposite one, in all of at least 20 rows.
    """
    first, second = _values(one), _values(target)
    step = 1 + len(first) // _SAMPLE_ROWS
    return _same(first[::step], second[::step], one, target) and (step == 1 or _same(first, second, one, target))


def _values(column: TextColumn) -> NDArray[np.float64]:
    """Return a number for each row: the values, or the codes of texts; NaN where it is missing."""
    if column.numbers is not None:
        return column.numbers
    codes = np.asarray(column.codes, dtype=np.float64)
    codes[codes < 0] = np.nan
    return codes


def _same(first: NDArray[np.float64], second: NDArray[np.float64], one: TextColumn, target: TextColumn) -> bool:
    both = ~np.isnan(second)
    if target.numbers is None or one.numbers is None:
        first = np.where(np.isnan(first), np.inf, first)  # a gap is a value of its own
    both &= ~np.isnan(first)
    first, second = first[both], second[both]
    if first.size < _MIN_PAIRS:
        return False
    distinct = np.unique(second).size
    if distinct < 2:
        return False
    if 2 * distinct <= first.size:
        pairs = np.unique(np.stack([first, second]), axis=1).shape[1]
        if pairs == distinct == np.unique(first).size:
            return True
    if one.numbers is None or target.numbers is None:
        return False
    return _is_line(first, second) or _is_in_order(first, second)


def _is_line(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    with np.errstate(all="ignore"):
        x, y = (values - values.mean() for values in (first, second))
        scale_x, scale_y = np.abs(x).max(), np.abs(y).max()
        x, y = x / scale_x, y / scale_y
        residual = y - x * (x @ y) / (x @ x)
        return bool(residual.std() <= _MAX_RESIDUAL * y.std())


def _is_in_order(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    if first.size < _MIN_SORTED:
        return False
    order = np.lexsort((second, first))
    steps_x, steps_y = np.diff(first[order]), np.diff(second[order])
    moved = steps_x > 0
    if (steps_y[~moved] != 0).any():
        return False
    return bool((steps_y[moved] > 0).all() or (steps_y[moved] < 0).all())
