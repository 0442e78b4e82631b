"""A legend: items of styled text, as many in each line as fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.tui.draw.canvas import Canvas, StyledText, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display

LegendItem = list[StyledText]

GAP = 2
"""Cells between two items of a line."""


def legend_rows(items: Sequence[LegendItem], palette: Palette, width: int) -> list[list[LegendItem]]:
    """Return the items in lines of at most ``width`` cells; an item that is wider has a line of its own."""
    is_ascii = palette.glyphs.is_ascii
    rows: list[list[LegendItem]] = []
    used = 0
    for given in items:
        item = [(to_display(text, is_ascii), style) for text, style in given]
        length = sum(cell_len(text) for text, _ in item)
        if rows and used + GAP + length <= width:
            rows[-1].append(item)
            used += GAP + length
        else:
            rows.append([item])
            used = length
    return rows


def draw_legend(items: Sequence[LegendItem], palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw as many of the items as fit, in their order; an item that is wider than the drawing is cut."""
    canvas = Canvas(width, height, palette)
    for y, row in enumerate(legend_rows(items, palette, canvas.width)[: canvas.height]):
        x = 0
        for item in row:
            for text, style in item:
                x = canvas.put(x, y, clip(text, canvas.width - x, palette), style)
            x += GAP
    return canvas.strips()
