"""What stands below a plot: keys in rows, and the scale of its colours."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.figure.heading import MARGIN
from nn_tui.core.figure.key_rows import ROW_HEIGHT, Key, draw_keys
from nn_tui.core.figure.legend import LEGEND_HEIGHT, scale_legend
from nn_tui.core.figure.plot import Plot
from nn_tui.core.figure.theme import Theme

_SCALE_WIDTH = 150.0
_MIN_WIDTH = 250.0  # of a plot below which there is room for keys
_GAP = 14.0

NamedScale = tuple[str, NumberScale, tuple[str, str] | None]
"""The name of a scale, the scale, and its ends if they are shown in other units."""


def draw_below(plot: Plot, theme: Theme, keys: Sequence[Key], scale: NamedScale | None) -> tuple[list[str], float]:
    """Return keys and a scale below a plot, the scale beside the last row if it has room, and where they end."""
    left, right = plot.left, plot.right
    if plot.width < _MIN_WIDTH:  # the figure is wider than its plot
        middle = (left + right) / 2
        left, right = max(MARGIN, middle - _MIN_WIDTH / 2), middle + _MIN_WIDTH / 2
    items, x, y = draw_keys(keys, theme, left, right, plot.end + _GAP)
    bottom = y + ROW_HEIGHT / 2
    if scale is None:
        return items, bottom
    start, top = right - _SCALE_WIDTH, y - 12
    if x > start:
        start, top = left, bottom + 4
    name, colors, ends = scale
    items += scale_legend(start, top, _SCALE_WIDTH, name, colors, theme, ends)
    return items, top + LEGEND_HEIGHT
