"""Finding inputs that have the values of the target under another name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.values import TextColumn

_Values = NDArray[np.float64]
_PROBES = 9  # rows at which most columns already differ from the target
_SAMPLE_ROWS = 1_000  # columns that differ already here are not compared further
_MIN_PAIRS = 4
_MIN_SORTED = 20  # fewer numbers may be in the same order by chance
_MAX_RESIDUAL = 1e-3  # of a straight line, in deviations of the target: the error of rounded prices


@np.errstate(all="ignore")  # differences of huge numbers overflow
def same_values(columns: Sequence[TextColumn], target: TextColumn) -> list[TextColumn]:
    """Return the columns of which each value belongs to one value of the target, and the other way round.

    Numbers of which hardly any comes twice have the same values if one is a straight line of the other, or if both have
    the same order, or the opposite one, in all of at least 20 rows.
    """
    y = _values(target)
    step = 1 + len(y) // _SAMPLE_ROWS
    found = []
    for column in _possible(columns, y, target.numbers is not None):
        x, are_numbers = _values(column), column.numbers is not None and target.numbers is not None
        if _are_same(x[::step], y[::step], are_numbers) and (step == 1 or _are_same(x, y, are_numbers)):
            found.append(column)
    return found


def same_columns(columns: Sequence[tuple[TextColumn, int, int]]) -> list[tuple[TextColumn, TextColumn]]:
    """Return each column that says the same as one before it, and that one.

    They do if each value of one belongs to one value of the other. Numbers of which hardly any comes twice do if one is
    a straight line of the other.

    Args:
        columns: The columns, each with the numbers of its missing and of its different values.
    """
    found = []
    for group in _grouped(columns, lambda each: each[1:]):
        for alike in _grouped(group, lambda each: _signature(each[0], _SAMPLE_ROWS)):
            for same in _grouped(alike, lambda each: _signature(each[0])):
                found += [(other, same[0][0]) for other, _, _ in same[1:]]
    return found


_Item = TypeVar("_Item")


def _grouped(items: Sequence[_Item], key: Callable[[_Item], object]) -> list[list[_Item]]:
    """Return the items of each key that at least two have."""
    groups: dict[object, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return [group for group in groups.values() if len(group) > 1]


@np.errstate(all="ignore")
def _signature(column: TextColumn, rows: int | None = None) -> tuple[bool, bytes]:
    """Return what two columns have in common if they say the same in about ``rows`` rows, or in all."""
    values = _values(column)
    values = values if rows is None else values[:: 1 + len(values) // rows]
    different, first, codes = np.unique(values, return_index=True, return_inverse=True, equal_nan=True)
    if column.numbers is None or 2 * different.size <= values.size:
        order = np.empty(first.size, dtype=np.int32)
        order[np.argsort(first)] = np.arange(first.size)
        return False, order[codes].tobytes()
    centred = values - np.nanmean(values)
    known = centred[~np.isnan(centred) & (centred != 0.0)]
    scaled = centred / np.nanmax(np.abs(centred)) * np.sign(known[0]) if known.size else centred
    return True, (np.round(scaled, 6) + 0.0).tobytes()


def _values(column: TextColumn) -> _Values:
    """Return a number for each row: the values, or the codes of texts; NaN where it is missing."""
    if column.numbers is not None:
        return column.numbers
    codes = np.asarray(column.codes, dtype=np.float64)
    return np.where(codes < 0, np.nan, codes)


def _possible(columns: Sequence[TextColumn], y: _Values, is_number: bool) -> list[TextColumn]:
    """Return the columns that may have the values of the target, judged by a few rows.

    In rows with the same target they have the same number. If the targets are different numbers, they rise or fall over
    rows in the order of the target.
    """
    numbers = [column for column in columns if column.numbers is not None]
    rows = np.flatnonzero(~np.isnan(y))
    order = rows[np.argsort(y[rows], kind="stable")]
    equal = np.flatnonzero(np.diff(y[order]) == 0.0)
    if not numbers or order.size < _MIN_PAIRS:
        return list(columns)
    if 2 * equal.size >= order.size:
        places = equal[:: 1 + equal.size // _PROBES]
        first, second = (np.array([_values(column)[order[at]] for column in numbers]) for at in (places, places + 1))
        possible = ((first == second) | np.isnan(first) | np.isnan(second)).all(axis=1)
    elif is_number:
        probes = order[np.linspace(0, order.size - 1, _PROBES).astype(np.intp)]
        steps = np.diff(np.array([_values(column)[probes] for column in numbers]), axis=1)
        possible = ~((steps > 0.0).any(axis=1) & (steps < 0.0).any(axis=1))
    else:
        return list(columns)
    excluded = {id(column) for column, is_possible in zip(numbers, possible, strict=True) if not is_possible}
    return [column for column in columns if id(column) not in excluded]


def _are_same(x: _Values, y: _Values, are_numbers: bool) -> bool:
    if not are_numbers:
        x = np.where(np.isnan(x), np.inf, x)  # a gap is a value of its own
    both = ~np.isnan(y) & ~np.isnan(x)
    x, y = x[both], y[both]
    if x.size < _MIN_PAIRS:
        return False
    distinct = np.unique(y).size
    if distinct < 2:
        return False
    if 2 * distinct <= x.size:
        pairs = np.unique(np.stack([x, y]), axis=1).shape[1]
        if pairs == distinct == np.unique(x).size:
            return True
    return are_numbers and (_are_on_line(x, y) or _are_in_order(x, y))


def _are_on_line(x: _Values, y: _Values) -> bool:
    x, y = (values - values.mean() for values in (x, y))
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    residual = y - x * (x @ y) / (x @ x)
    return bool(residual.std() <= _MAX_RESIDUAL * y.std())


def _are_in_order(x: _Values, y: _Values) -> bool:
    if x.size < _MIN_SORTED:
        return False
    order = np.lexsort((y, x))
    steps_x, steps_y = np.diff(x[order]), np.diff(y[order])
    moved = steps_x > 0
    if (steps_y[~moved] != 0).any():
        return False
    return bool((steps_y[moved] > 0).all() or (steps_y[moved] < 0).all())
