"""The layout of the network figure: a column for each layer, the units that are drawn, and room for labels on edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians, sin

UNIT_HEIGHT = 26.0
MAX_UNITS = 16
"""Units of a column that are drawn; of more, the first ones and the last one are."""

_ROOMY_UNITS = 8  # of the largest column up to which there is room for the texts of biases
_ROOMY_COLUMNS = 5
_ROOMY_PITCH, _DENSE_PITCH = 70.0, 42.0
_SHOWN_OF_MANY = 12
_LABELLED_GAP, _GAP, _DENSE_GAP = 230.0, 170.0, 62.0
_MAX_LABELLED_EDGES = 16  # between two columns
_PLACES = tuple(sorted((k / 40 for k in range(6, 35)), key=lambda part: abs(part - 0.5)))  # of a label on its edge
_LABEL_MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column of units.

    Attributes:
        x: The position of its middle.
        units: The indices of the units that are drawn.
        ys: The positions of their middles.
        count: The number of units of the layer.
        dots: The position of the middle of the dots that stand for the others; None if all are drawn.
    """

    x: float
    units: tuple[int, ...]
    ys: tuple[float, ...]
    count: int
    dots: float | None = None


@dataclass(frozen=True, slots=True)
class UnitLayout:
    """The columns of a network.

    Attributes:
        columns: The columns, the inputs first.
        unit_width: The width of a unit.
        bottom: The position from which there is room.
        is_roomy: Whether there is room for the texts of all weights and biases.
    """

    columns: tuple[UnitColumn, ...]
    unit_width: float
    bottom: float
    is_roomy: bool

    def gap(self, layer: int) -> float:
        """Return the distance between the units of column ``layer`` and those of the one before."""
        return self.columns[layer].x - self.columns[layer - 1].x - self.unit_width


def layout_units(sizes: Sequence[int], unit_width: float, left: float, top: float) -> UnitLayout:
    """Return the layout of a network.

    Args:
        sizes: Units of each layer, the inputs first.
        unit_width: The width of a unit.
        left: The position of the left end of the first column.
        top: The position of the top of the highest column.
    """
    rows = [count if count <= MAX_UNITS else _SHOWN_OF_MANY + 1 for count in sizes]
    is_roomy = max(rows) <= _ROOMY_UNITS and len(sizes) <= _ROOMY_COLUMNS
    is_roomy = is_roomy and max(a * b for a, b in pairwise(sizes)) <= _MAX_LABELLED_EDGES
    gap = _LABELLED_GAP if is_roomy else _GAP if len(sizes) <= _ROOMY_COLUMNS else _DENSE_GAP
    pitch = _ROOMY_PITCH if is_roomy else _DENSE_PITCH
    height = max(rows) * pitch
    x, columns = left + unit_width / 2, []
    for layer, (count, shown) in enumerate(zip(sizes, rows, strict=True)):
        if layer:
            x += unit_width + gap
        start = top + (height - shown * pitch) / 2 + pitch / 2
        ys = [start + row * pitch for row in range(shown)]
        if count <= MAX_UNITS:
            columns.append(UnitColumn(x, tuple(range(count)), tuple(ys), count))
        else:
            dots = ys.pop(-2)
            units = (*range(_SHOWN_OF_MANY - 1), count - 1)
            columns.append(UnitColumn(x, units, tuple(ys), count, dots))
    return UnitLayout(tuple(columns), unit_width, top + height, is_roomy)


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitEdge:
    """A straight line from a unit to a unit of the next column: its ends, and the indices of the two units."""

    start: Point
    end: Point
    target: int
    source: int

    @property
    def angle(self) -> float:
        """The angle of the line in degrees, clockwise from a line to the right."""
        return degrees(atan2(self.end[1] - self.start[1], self.end[0] - self.start[0]))

    def at(self, part: float) -> Point:
        """Return the point at a part of its length."""
        return tuple(a + part * (b - a) for a, b in zip(self.start, self.end, strict=True))  # type: ignore[return-value]


def segments_of(layout: UnitLayout, layer: int) -> list[UnitEdge]:
    """Return the edges into the units of column ``layer`` that are drawn."""
    left, right = layout.columns[layer - 1], layout.columns[layer]
    start, end = left.x + layout.unit_width / 2, right.x - layout.unit_width / 2
    return [
        UnitEdge((start, source_y), (end, target_y), target, source)
        for target, target_y in zip(right.units, right.ys, strict=True)
        for source, source_y in zip(left.units, left.ys, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label that lies on its edge: the point in its middle, and its corners."""

    center: Point
    corners: tuple[Point, Point, Point, Point]


def place_labels(segments: Sequence[UnitEdge], width: float, height: float) -> list[PlacedLabel] | None:
    """Return a place for a label on each edge, where it touches no other label and as few other edges as possible.

    Args:
        segments: The edges between two columns.
        width: The width of a label.
        height: Its height.

    Returns:
        A label for each edge; None if one of them has no room, or if so many cross that labels would hide them.
    """
    if len(segments) > _MAX_LABELLED_EDGES:
        return None
    placed: list[PlacedLabel] = []
    for edge in segments:
        choices = []
        for part in _PLACES:
            label = _label_at(edge, part, width, height)
            xs = [x for x, _ in label.corners]
            is_inside = edge.start[0] <= min(xs) and max(xs) <= edge.end[0]
            if is_inside and not any(_overlap(label.corners, each.corners) for each in placed):
                hidden = sum(_overlap(label.corners, (each.start, each.end)) for each in segments if each is not edge)
                choices.append((hidden, label))
                if not hidden:
                    break
        if not choices:
            return None
        placed.append(min(choices, key=lambda choice: choice[0])[1])
    return placed


def _label_at(edge: UnitEdge, part: float, width: float, height: float) -> PlacedLabel:
    x, y = edge.at(part)
    turn = radians(edge.angle)
    along = (cos(turn) * width / 2, sin(turn) * width / 2)
    across = (-sin(turn) * height / 2, cos(turn) * height / 2)
    first, second, third, fourth = (
        (x + a * along[0] + b * across[0], y + a * along[1] + b * across[1])
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    return PlacedLabel((x, y), (first, second, third, fourth))


def _overlap(first: Sequence[Point], second: Sequence[Point]) -> bool:
    """Return whether two convex shapes come closer than a margin; a line is a shape with two corners."""
    for shape in (first, second):
        for (x0, y0), (x1, y1) in pairwise((*shape, shape[0])):
            normal, size = (y0 - y1, x1 - x0), hypot(x1 - x0, y1 - y0)
            if not size:
                continue
            one, two = ([normal[0] * x + normal[1] * y for x, y in each] for each in (first, second))
            if max(one) + _LABEL_MARGIN * size < min(two) or max(two) + _LABEL_MARGIN * size < min(one):
                return False
    return True
