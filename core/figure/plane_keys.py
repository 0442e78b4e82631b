"""The keys below the figure of a plane: which colour and which marker is which class, and the scale of a number."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.classes import class_names, threshold
from nn_tui.core.data.units import has_standardized_targets, to_raw_units
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.figure.key_rows import SWATCH_WIDTH, Key, area_key, line_key
from nn_tui.core.figure.legend import scale_end
from nn_tui.core.figure.markers import class_marker, marker
from nn_tui.core.figure.plot import Plot
from nn_tui.core.figure.plot_keys import draw_below
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme
from nn_tui.core.run.boundary import boundary_name
from nn_tui.core.translation import tr

CLASS_STRENGTHS = (0.12, 0.22, 0.32, 0.42, 0.5)
"""The strengths of a class's colour, by confidence."""


def draw_plane_keys(
    request: FigureRequest, plot: Plot, theme: Theme, scale: NumberScale | None, keys: list[Key]
) -> tuple[list[str], float]:
    """Return the keys and the scale, if there is one, below a plot, and the position where they end."""
    ends = None if scale is None else _raw_ends(request, scale)
    return draw_below(plot, theme, keys, None if scale is None else ("ŷ", scale, ends))


def class_keys(
    request: FigureRequest, theme: Theme, pale: Theme, scale: NumberScale, *, has_wrong: bool, has_line: bool
) -> list[Key]:
    """Return the keys of a figure with classes.

    Args:
        request: What is drawn.
        theme: The colours.
        pale: The colours of areas.
        scale: The scale of the output, if it is a single one.
        has_wrong: Whether a prediction is wrong.
        has_line: Whether there is a line between two classes.
    """
    is_single, middle = request.engine.sizes[-1] == 1, SWATCH_WIDTH / 2
    keys = []
    for index, name in enumerate(class_names(request.data)):
        value = float(index) or (-1.0 if threshold(request.data.y) == 0.0 else 0.0)
        fill = pale.fill(value, scale) if is_single else theme.class_area(index, CLASS_STRENGTHS[-1])
        mark = class_marker(middle, 0.0, index, theme, is_single=is_single, class_="key")
        keys.append(area_key(name, fill, theme.border, mark))
    if has_line:
        keys.append(line_key(boundary_name(request.engine), theme.text, 1.8))
    if has_wrong:
        mark = class_marker(6.0, 0.0, 0, theme, is_single=True, is_wrong=True, class_="key")
        keys.append(Key(tr("wrong prediction"), (mark,)))
    if len(request.data.x_test):
        mark = class_marker(6.0, 0.0, 0, theme, is_single=True, is_test=True, class_="key")
        keys.append(Key(tr("test set (outlined)"), (mark,)))
    return keys if is_single else [*keys, Key(tr("paler: less certain"))]


def number_keys(theme: Theme) -> list[Key]:
    """Return the keys of a figure of a number."""
    mark = marker(6.0, 0.0, "circle", fill=theme.background, stroke=theme.text, class_="key")
    return [Key(tr("target y"), (mark,))]


def _raw_ends(request: FigureRequest, scale: NumberScale) -> tuple[str, str] | None:
    """Return the ends of a scale of standardised outputs in the units of the data; None for other outputs."""
    if not has_standardized_targets(request.data):
        return None
    ends = np.array([[-scale.limit if scale.kind == "diverging" else 0.0], [scale.limit]])
    low, high = (scale_end(float(value)) for value in to_raw_units(request.data, ends)[:, 0])
    return low, high
