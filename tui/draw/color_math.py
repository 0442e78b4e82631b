"""Styles of text that can be read on a colour, in 256 colours too."""

from __future__ import annotations

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style

from nn_tui.core.display.color_math import TEXT_CONTRAST, contrast_ratio, nearest_shades


def _as_256(color: str) -> str:
    """Return the colour that a terminal of 256 colours shows instead."""
    triplet = ColorTriplet(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))
    return Color.from_triplet(triplet).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def readable_on(background: str) -> Style:
    """Return white or black text on a colour, or on the nearest shade of it that is readable in 256 colours too."""
    for shade in nearest_shades(background):
        reduced = _as_256(shade)
        for foreground in ("#ffffff", "#000000"):
            if min(contrast_ratio(foreground, shade), contrast_ratio(foreground, reduced)) >= TEXT_CONTRAST:
                return Style.parse(f"{foreground} on {shade}")
    raise AssertionError("white text is readable on black, so one shade always fits")
