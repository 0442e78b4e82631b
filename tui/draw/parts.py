"""Several drawings joined to one."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.palette import Palette

Part = tuple[Region, list[Strip]]
"""A drawing and its cells in the joined drawing; the drawing has the size of the region."""


def join_parts(parts: Sequence[Part], palette: Palette, width: int, height: int) -> list[Strip]:
    """Join drawings that do not overlap; the cells between them are blank."""
    blank = Canvas(width, 1, palette).strips()[0]
    lines = []
    for y in range(height):
        pieces: list[Strip] = []
        x = 0
        for region, strips in sorted(parts, key=lambda part: part[0].x):
            if region.y <= y < region.bottom:
                pieces += [blank.crop(0, region.x - x), strips[y - region.y]]
                x = region.right
        lines.append(Strip.join([*pieces, blank.crop(0, width - x)]))
    return lines
