"""Several drawings joined to one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette

PlacedStrips = tuple[Region, list[Strip]]
"""A drawing and its cells in the joined drawing; the drawing has the size of the region."""


def join_parts(parts: Sequence[PlacedStrips], palette: Palette, width: int, height: int) -> list[Strip]:
    """Join drawings that do not overlap; the cells between them are blank."""
    style = palette.style("text")
    ordered = sorted(parts, key=lambda part: part[0].x)
    lines = []
    for y in range(height):
        segments: list[Segment] = []
        x = 0
        for region, strips in ordered:
            if region.y <= y < region.bottom:
                if region.x > x:
                    segments.append(Segment(" " * (region.x - x), style))
                segments += strips[y - region.y]
                x = region.right
        if width > x:
            segments.append(Segment(" " * (width - x), style))
        lines.append(Strip(segments, width))
    return lines
