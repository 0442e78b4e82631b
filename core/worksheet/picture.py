"""The network of a sheet as a drawing: circles and lines with positions, which each format draws with its own means."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from nn_tui.core.engine.engine import Engine
from nn_tui.core.expression.nodes import Node, symbol_of
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message, message_plural

MAX_UNITS = 8  # of a layer that are drawn
COLUMN, ROW, RADIUS = 160, 52, 18  # distances and the radius of a circle


@dataclass(frozen=True, slots=True)
class Column:
    """The units of a layer, or the inputs.

    Attributes:
        title: The text below the column.
        symbols: The symbols of the units that are drawn.
        more: How many units are not drawn.
    """

    title: Message
    symbols: tuple[Node, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """A unit or an input at a position from the top left corner."""

    x: float
    y: float
    symbol: Node


@dataclass(frozen=True, slots=True)
class Connection:
    """A line from a circle to one of the next column."""

    start: Circle
    end: Circle

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """The positions x and y of its two ends, on the edges of the circles."""
        dx, dy = self.end.x - self.start.x, self.end.y - self.start.y
        share = RADIUS / hypot(dx, dy)
        return (
            self.start.x + share * dx, self.start.y + share * dy, self.end.x - share * dx, self.end.y - share * dy
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """A network as circles, lines and titles.

    Attributes:
        width: The width.
        height: The height.
        circles: The circles.
        edges: The lines.
        titles: The titles with the position of their middle.
        notes: The text below a column of which some units are not drawn, with its position.
    """

    width: float
    height: float
    circles: tuple[Circle, ...]
    edges: tuple[Connection, ...]
    titles: tuple[tuple[float, float, Message], ...]
    notes: tuple[tuple[float, float, Message], ...]


def columns_of(engine: Engine) -> tuple[Column, ...]:
    """Return the inputs and the layers of a network."""
    columns = [_column(message("inputs"), Ref("x"), engine.sizes[0])]
    for layer, spec in enumerate(engine.experiment.layers):
        title = message("layer {layer}: {activation}", layer=layer + 1, activation=spec.activation)
        columns.append(_column(title, Ref("a", layer), spec.units))
    return tuple(columns)


def _column(title: Message, first: Ref, count: int) -> Column:
    shown = count if count <= MAX_UNITS else MAX_UNITS - 1
    symbols = tuple(symbol_of(first.key.at(first.layer, unit)) for unit in range(shown))
    return Column(title, symbols, count - shown)


def more_units(count: int) -> Message:
    """Return the words for units that are not drawn."""
    return message_plural("… and {count:,} more", "… and {count:,} more", count)


def draw(columns: tuple[Column, ...]) -> NetworkPicture:
    """Return the drawing of a network."""
    rows = max(len(column.symbols) + bool(column.more) for column in columns)
    circles: list[list[Circle]] = []
    titles, notes = [], []
    for index, column in enumerate(columns):
        x = COLUMN * (index + 0.5)
        top = ROW * ((rows - len(column.symbols) - bool(column.more)) / 2 + 0.5)
        circles.append([Circle(x, top + ROW * place, symbol) for place, symbol in enumerate(column.symbols)])
        titles.append((x, ROW * rows + 14.0, column.title))
        if column.more:
            notes.append((x, top + ROW * (len(column.symbols) - 0.25), more_units(column.more)))
    edges = tuple(Connection(start, end) for left, right in pairwise(circles) for start in left for end in right)
    flat = tuple(circle for column in circles for circle in column)
    return NetworkPicture(COLUMN * len(columns), ROW * rows + 24.0, flat, edges, tuple(titles), tuple(notes))
