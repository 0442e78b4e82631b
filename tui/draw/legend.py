"""The series of a chart, the mark that each is drawn with, and the rows that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike
from rich.cells import cell_len

from nn_tui.tui.draw.canvas import Cell
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette

Kind = Literal["line", "points"]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line (or cloud) of a chart: ``x`` ascending and ``y``, both (n,); ``style_key`` colours it.

    A point that is not finite is a gap in the line. ``shape`` is the mark of points; without it, and for
    lines where there are several, each series gets its own. ``value`` is text for the legend, after the name.
    """

    name: str
    x: ArrayLike
    y: ArrayLike
    style_key: str = "train"
    kind: Kind = "line"
    shape: str = ""
    value: str = ""


def shapes_of(series: Sequence[Series], glyphs: Glyphs) -> list[str]:
    """The mark of each series in the plot and in the legend."""
    several = sum(one.kind == "line" for one in series) > 1
    alone = glyphs.point if glyphs.is_ascii else glyphs.hline_thick
    return [
        one.shape or (glyphs.classes[k % len(glyphs.classes)] if several or one.kind == "points" else alone)
        for k, one in enumerate(series)
    ]


def legend_rows(
    series: Sequence[Series], palette: Palette, width: int, height: int, title: str
) -> list[list[list[Cell]]]:
    """Rows of items: marks, names and values; without the values where those would take too many rows."""
    if len(series) < 2 and not any(one.value for one in series):
        return []
    shapes = shapes_of(series, palette.glyphs)
    room = width - (cell_len(title) + 2 if title else 0)
    most = 1 if height < 8 or title else 2 if height < 14 else 4
    rows: list[list[list[Cell]]] = []
    for valued in (True, False):
        items: list[list[Cell]] = [
            [
                (shape + " ", palette.style(one.style_key)),
                (one.name, palette.style("text")),
                (f" {one.value}" if valued and one.value else "", palette.style("title")),
            ]
            for one, shape in zip(series, shapes, strict=True)
        ]
        rows = [[]]
        for item in items:
            if rows[-1] and items_width([*rows[-1], item]) > room:
                rows.append([])
            rows[-1].append(item)
        if len(rows) <= most and all(items_width(row) <= room for row in rows):
            return rows
    return [row for row in rows[:most] if items_width(row) <= width]


def items_width(items: Sequence[Sequence[Cell]]) -> int:
    return sum(cell_len(text) for item in items for text, _ in item) + 2 * (len(items) - 1)
