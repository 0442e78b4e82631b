"""Where numbers over a grid are 0 or more: polygons and lines, by marching squares.

Lorensen, Cline (1987), "Marching Cubes", in two dimensions; a saddle is decided by the mean of its corners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array

Line = list[tuple[float, float]]

# The sides of a cell: 0 below, 1 right, 2 above, 3 left. For each set of corners that are inside (bit 0: below left,
# 1: below right, 2: above right, 3: above left), the lines from side to side with the inside at their left.
_LINES: tuple[tuple[tuple[int, int], ...], ...] = (
    (), ((0, 3),), ((1, 0),), ((1, 3),), ((2, 1),), ((0, 1), (2, 3)), ((2, 0),), ((2, 3),),
    ((3, 2),), ((0, 2),), ((1, 2), (3, 0)), ((1, 2),), ((3, 1),), ((0, 1),), ((3, 0),), (),
)  # fmt: skip
_JOINED_SADDLES = {5: ((0, 3), (2, 1)), 10: ((1, 0), (3, 2))}  # by the value in the middle: outside


def regions(values: Array, xs: Array, ys: Array) -> list[Line]:
    """Return closed polygons around all points where ``values`` are 0 or more.

    A hole is a polygon in the other direction; filled with the even-odd rule, it stays empty.

    Args:
        values: The numbers (len(ys), len(xs)), all of them finite.
        xs: The coordinates of the columns, ascending.
        ys: The coordinates of the rows, ascending.
    """
    # A border of numbers below 0 at the same coordinates closes polygons at the sides of the grid.
    padded = np.pad(values, 1, constant_values=-1.0)
    return _chains(padded, np.pad(xs, 1, mode="edge"), np.pad(ys, 1, mode="edge"))


def boundaries(values: Array, xs: Array, ys: Array) -> list[Line]:
    """Return the lines on which ``values`` are 0; arguments as for :func:`regions`."""
    return _chains(values, xs, ys)


def simplified(points: Array, tolerance: float) -> Array:
    """Return a line (n, 2) without the points that lie no farther than ``tolerance`` from it.

    Douglas, Peucker (1973), "Algorithms for the reduction of the number of points".
    """
    if len(points) < 3:
        return points
    kept, open_parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        start, inner = points[first], points[first + 1 : last]
        along = points[last] - start
        length = float(np.hypot(*along))
        if length:  # the distance to the straight line; of a closed line, to its only end
            distances = np.abs(along[0] * (inner[:, 1] - start[1]) - along[1] * (inner[:, 0] - start[0])) / length
        else:
            distances = np.hypot(*(inner - start).T)
        farthest = first + 1 + int(distances.argmax())
        if distances.max() > tolerance:
            kept.add(farthest)
            open_parts += [(first, farthest), (farthest, last)]
    return points[sorted(kept)]


def _chains(values: Array, xs: Array, ys: Array) -> list[Line]:
    """Join the lines of all cells at their ends."""
    rows, columns = values.shape
    is_inside = values >= 0
    corners = is_inside[:-1, :-1] + 2 * is_inside[:-1, 1:] + 4 * is_inside[1:, 1:] + 8 * is_inside[1:, :-1]
    following: dict[int, int] = {}
    for row, column in np.argwhere((corners > 0) & (corners < 15)).tolist():
        case = int(corners[row, column])
        lines = _LINES[case]
        if case in _JOINED_SADDLES and values[row : row + 2, column : column + 2].mean() < 0:
            lines = _JOINED_SADDLES[case]
        sides = _sides(row, column, columns, rows)
        for start, end in lines:
            following[sides[start]] = sides[end]
    return [_line(chain, values, xs, ys) for chain in _follow(following)]


def _sides(row: int, column: int, columns: int, rows: int) -> tuple[int, int, int, int]:
    """Return the numbers of the sides of a cell: those along rows first, then those along columns."""
    below, left = row * columns + column, rows * columns + row * columns + column
    return below, left + 1, below + columns, left


def _follow(following: dict[int, int]) -> list[list[int]]:
    """Return the chains of sides; a closed one ends with its first side."""
    ends, chains = set(following.values()), []
    starts = [side for side in following if side not in ends]
    for start in [*starts, *list(following)]:
        if start not in following:
            continue
        chain, side = [start], start
        while side in following:
            side = following.pop(side)
            chain.append(side)
        chains.append(chain)
    return chains


def _line(chain: list[int], values: Array, xs: Array, ys: Array) -> Line:
    """Return the points of a chain of sides, where the numbers along each side are 0."""
    rows, columns = values.shape
    sides: NDArray[np.intp] = np.array(chain)
    is_upright = sides >= rows * columns
    row, column = np.divmod(sides - is_upright * rows * columns, columns)
    other_row, other_column = row + is_upright, column + ~is_upright
    first, second = values[row, column], values[other_row, other_column]
    with np.errstate(all="ignore"):
        part = first / (first - second)
    part = np.where(np.isfinite(part), np.clip(part, 0.0, 1.0), 0.5)
    x = xs[column] + part * (xs[other_column] - xs[column])
    y = ys[row] + part * (ys[other_row] - ys[row])
    return list(zip(x.tolist(), y.tolist(), strict=True))
