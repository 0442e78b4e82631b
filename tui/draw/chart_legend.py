"""The legend of a chart: rows of markers, names and values."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from nn_tui.tui.draw.canvas import StyledText
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series, markers_of

_ROW_FOR_VALUES = 7  # lines of a chart from which its legend may have a row more


def legend_rows(
    series: Sequence[Series], palette: Palette, width: int, height: int, title: str
) -> list[list[list[StyledText]]]:
    """Rows of items: marks, names and values; brief names, then no values where those would take too many rows.

    One row more, where there are lines enough, rather than no values. Where even the names have no room, those of
    groups with the same curves stand once, behind the marks of each group.
    """
    if len(series) < 2 and not any(one.value for one in series):
        return []
    shapes = markers_of(series, palette.glyphs)
    room = width - (cell_len(title) + 2 if title else 0)
    most = 1 if height < 8 or title else 2 if height < 14 else 4
    rows: list[list[list[StyledText]]] = []
    valued = any(one.value for one in series)
    alone = not any(one.group for one in series)  # the letters of two runs have to stay
    roomy = most + (not title and height >= _ROW_FOR_VALUES)
    tries = [(False, True, most), (True, True, most), (True, True, roomy), (False, False, most), (True, False, most)]
    for brief, with_values, limit in tries:
        if (with_values and not valued) or (brief and not alone):
            continue
        items: list[list[StyledText]] = [
            [
                (shape + " ", palette.style(one.style_key)),
                (_brief(one) if brief else one.name, palette.style("text")),
                (f" {one.value}" if with_values and one.value else "", palette.style("title")),
            ]
            for one, shape in zip(series, shapes, strict=True)
        ]
        rows = [[]]
        for item in items:
            if rows[-1] and items_width([*rows[-1], item]) > room:
                rows.append([])
            rows[-1].append(item)
        if len(rows) <= limit and all(items_width(row) <= room for row in rows):
            return rows
    grouped = _grouped(series, shapes, palette)
    if grouped and items_width(grouped) <= room:
        return [grouped]
    return [row for row in rows[:most] if items_width(row) <= width]


def _grouped(series: Sequence[Series], shapes: Sequence[str], palette: Palette) -> list[list[StyledText]]:
    """One row for all: each group's letter and marks in order, then the names in that order; none without groups."""
    groups = list(dict.fromkeys(one.group for one in series))
    names = [[_brief(one) for one in series if one.group == group] for group in groups]
    if len(groups) < 2 or not all(groups) or any(each != names[0] for each in names):
        return []
    items: list[list[StyledText]] = []
    for group in groups:
        marks = [(shape, palette.style(one.style_key)) for one, shape in zip(series, shapes, strict=True)
                 if one.group == group]  # fmt: skip
        items.append([(f"{group} ", palette.style("title")), *marks])
    return [*items, [(", ".join(names[0]), palette.style("text"))]]


def _brief(one: Series) -> str:
    """A name in the fewest words that tell the curves of a run apart: ``batch`` for ``A this batch``."""
    return one.name.removeprefix(f"{one.group} ").removeprefix("this ").removesuffix(" set")


def items_width(items: Sequence[Sequence[StyledText]]) -> int:
    """How many cells the items take beside each other, two apart."""
    return sum(cell_len(text) for item in items for text, _ in item) + 2 * (len(items) - 1)
