"""A legend: items of styled text, as many in each line as fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.tui.draw.canvas import Canvas, StyledText, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display

LegendItem = list[StyledText]
"""Styled texts that stand side by side, such as a marker, a name and a value."""

MIN_HEIGHT_FOR_LEGEND = 6
"""Lines of a picture from which it has a legend."""

_MIN_SCALE_CELLS = 5  # of a colour scale without room
_GAP = 2  # cells between two items of a line


def items_width(items: Sequence[Sequence[StyledText]]) -> int:
    """Return the width in cells of items side by side, with their gaps."""
    return sum(cell_len(text) for item in items for text, _ in item) + _GAP * (len(items) - 1)


def wrap_items(items: Sequence[LegendItem], width: int) -> list[list[LegendItem]]:
    """Break items into rows of at most ``width`` cells; an item wider than that has a row to itself."""
    rows: list[list[LegendItem]] = []
    for item in items:
        if rows and items_width([*rows[-1], item]) <= width:
            rows[-1].append(item)
        else:
            rows.append([item])
    return rows


def legend_rows(items: Sequence[LegendItem], palette: Palette, width: int) -> list[list[LegendItem]]:
    """Return the rows of a legend of at most ``width`` cells, with the characters that the palette allows."""
    is_ascii = palette.glyphs.is_ascii
    shown: list[LegendItem] = [[(to_display(text, is_ascii), style) for text, style in item] for item in items]
    return wrap_items([_narrowed(item, width) for item in shown], width)


def _narrowed(item: LegendItem, width: int) -> LegendItem:
    """Return an item without some cells of its colour scale, as many as it is too wide; both ends stay."""
    cells = [k for k, (text, _) in enumerate(item) if len(text) == 1]
    if items_width([item]) <= width or len(cells) < _MIN_SCALE_CELLS + 2:
        return item
    return _narrowed([each for k, each in enumerate(item) if k not in (cells[1], cells[-2])], width)


def draw_legend(items: Sequence[LegendItem], palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw as many of the items as fit, in their order; an item that is wider than the drawing is cut."""
    canvas = Canvas(width, height, palette)
    for y, row in enumerate(legend_rows(items, palette, canvas.width)[: canvas.height]):
        x = 0
        for item in row:
            for text, style in item:
                x = canvas.put(x, y, clip(text, canvas.width - x, palette), style)
            x += _GAP
    return canvas.strips()
