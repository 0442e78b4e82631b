"""The legend of a colour scale in a figure."""

from __future__ import annotations

import numpy as np

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.figure import svg
from nn_tui.core.figure.theme import Theme
from nn_tui.core.text import two_digits

LEGEND_HEIGHT = 36.0
SMALL = 10.0
"""The size of small texts."""

_STEPS = 15
_RAMP_HEIGHT = 7.0


def scale_legend(
    x: float, y: float, width: float, name: str, scale: NumberScale, theme: Theme, ends: tuple[str, str] | None = None
) -> list[str]:
    """Return the colours of a scale below its name, with its ends below them; it is ``LEGEND_HEIGHT`` high.

    Args:
        x: The position of its left end.
        y: The position of its top.
        width: Its width.
        name: What the numbers are.
        scale: The scale.
        theme: The colours.
        ends: The texts of the lowest and the highest number, if they are shown in other units.
    """
    is_signed = scale.kind == "diverging"
    middle = x + width / 2
    items = [svg.text(middle, y + SMALL, name, fill=theme.text, size=SMALL, anchor="middle", class_="legend")]
    low = -scale.limit if is_signed else 0.0
    step, top = width / _STEPS, y + 14
    for index, value in enumerate(np.linspace(low, scale.limit, _STEPS).tolist()):
        # Each step reaches under the next one, so that no gap shows between them.
        right = min(x + width, x + (index + 1) * step + 0.5)
        left = x + index * step
        items.append(
            svg.element("rect", x=left, y=top, width=right - left, height=_RAMP_HEIGHT, fill=theme.fill(value, scale))
        )
    items.append(
        svg.element(
            "rect", x=x, y=top, width=width, height=_RAMP_HEIGHT, fill="none", stroke=theme.border, stroke_width=0.6
        )
    )
    first, last = ends or (scale_end(low), scale_end(scale.limit, is_signed=is_signed))
    if not scale.limit:
        first, last = "0", ""
    base = top + _RAMP_HEIGHT + SMALL
    room = width - svg.text_width(first + last, SMALL)
    if is_signed and ends is None and room < svg.text_width(" ", SMALL):
        both = f"±{scale_end(scale.limit)}"
        return [*items, svg.text(middle, base, both, fill=theme.dim, size=SMALL, anchor="middle", class_="legend")]
    if is_signed and ends is None and scale.limit and room > svg.text_width("  0  ", SMALL):
        items.append(svg.text(middle, base, "0", fill=theme.dim, size=SMALL, anchor="middle", class_="legend"))
    items.append(svg.text(x, base, first, fill=theme.dim, size=SMALL, class_="legend"))
    if last:
        items.append(svg.text(x + width, base, last, fill=theme.dim, size=SMALL, anchor="end", class_="legend"))
    return items


def scale_end(value: float, *, is_signed: bool = False) -> str:
    """Return an end of a scale with two significant digits."""
    text = two_digits(abs(value))
    return f"−{text}" if value < 0 else f"+{text}" if is_signed and value else text
