"""A sentence with a progress bar below it, in the middle of a rectangle."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import Message
from nn_tui.tui.draw.canvas import draw_message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip

_MAX_BAR = 40  # cells


def draw_progress(text: str | Message, part: float, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the progress of some work.

    Args:
        text: The sentence.
        part: The part that is done, from 0 to 1.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
    """
    glyphs, blank = palette.glyphs, palette.style("text")
    lines = draw_message(text, palette, width, height)
    room = max(1, min(_MAX_BAR, width - 4))
    full = round(part * room)
    bar = [
        Segment(" " * ((width - room) // 2), blank),
        Segment(glyphs.hline_thick * full, palette.style("accent")),
        Segment(glyphs.hline * (room - full), palette.style("dim")),
    ]
    if height // 2 + 1 < height:
        lines[height // 2 + 1] = make_strip(bar, width, blank)
    return lines
