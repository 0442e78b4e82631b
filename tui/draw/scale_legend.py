"""The legend of a colour scale."""

from __future__ import annotations

import numpy as np

from nn_tui.core.display.number_scale import NumberScale, levels
from nn_tui.core.display.number_text import fmt
from nn_tui.tui.draw.canvas import StyledText
from nn_tui.tui.draw.palette import Palette

_CELLS = 9
_MAX_WHOLE = 1000.0  # ends below it that are whole numbers have no decimals


def scale_item(
    name: str, scale: NumberScale, palette: Palette, ends: tuple[str, str] | None = None
) -> list[StyledText]:
    """Return the colours of a scale with its ends, and the name of its numbers before them; "" for none.

    Args:
        name: The name.
        scale: The scale.
        palette: Colours and characters.
        ends: The texts of the lowest and the highest number, if they are shown in other units.
    """
    glyphs, dim, is_signed = palette.glyphs, palette.style("dim"), scale.kind == "diverging"
    digits = 0 if scale.limit < _MAX_WHOLE and scale.limit.is_integer() else 2
    high = fmt(scale.limit, digits, sign=is_signed, glyphs=glyphs).strip()
    low = fmt(-scale.limit, digits, glyphs=glyphs).strip() if is_signed else "0"
    low, high = ends or (low, high)
    values = np.linspace(-scale.limit if is_signed else 0.0, scale.limit, _CELLS)
    ramp, shown = palette.picture_ramp(scale.kind), levels(values, scale).tolist()
    cells = [
        (" " if palette.has_half_blocks else palette.picture_character(level, scale.kind), ramp[level])
        for level in shown
    ]
    return [(f"{name} {low} ".lstrip(), dim), *cells, (f" {high}", dim)]
