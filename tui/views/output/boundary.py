"""The line between two classes: the numbers that change their sign on it, and where it lies if it is out of sight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_tui.core.data.classes import threshold
from nn_tui.core.run.boundary import boundary_level, boundary_name, boundary_values
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr
from nn_tui.tui.draw.legend import LegendItem
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot
from nn_tui.tui.draw.regions import line_item
from nn_tui.tui.session.session import Session

LastLayerFunction = Callable[[Array], tuple[Array, Array]]
"""Returns z and the predictions of the last layer, each (n, K), at n points."""

_FLAT = 1e-9  # a slope along one axis that is less than this part of the other one counts as 0


def boundary_item(
    session: Session, plot: PlanePlot, values: Array, palette: Palette, compute: LastLayerFunction | None
) -> LegendItem:
    """Return the legend of the boundary; if the plot does not contain it, a note where it lies.

    Args:
        session: The session.
        plot: The plot.
        values: The numbers of :func:`boundary_values` at the points of the plot.
        palette: Colours and characters.
        compute: Returns z and the predictions of the last layer at points of the plane, if z is linear there.
    """
    is_positive = values >= 0
    if not np.isfinite(values).all() or (is_positive.any() and not is_positive.all()):
        return line_item(boundary_name(session.engine), palette)
    note = None if compute is None or boundary_level(session.engine) is None else _line_outside(session, plot, compute)
    if note is None:
        half = threshold(session.experiment.data.y)
        if is_positive.all():
            note = tr("ŷ ≥ {half:g} everywhere", half=half)
        else:
            note = tr("ŷ < {half:g} everywhere", half=half)
    return [(note, palette.style("text"))]


def _line_outside(session: Session, plot: PlanePlot, compute: LastLayerFunction) -> str | None:
    """Say where a straight boundary lies: ``line outside: x₁ = −1``; None if its numbers are not finite."""
    x_low, x_high, y_low, y_high = plot.extent
    corners = np.array([[x_low, y_low], [x_high, y_low], [x_low, y_high]])
    values = boundary_values(session.engine, *compute(corners))
    if values is None or not np.isfinite(values).all():
        return None
    slope = np.array([(values[1] - values[0]) / (x_high - x_low), (values[2] - values[0]) / (y_high - y_low)])
    if not slope.any():
        return tr("no line: weights are 0")
    center = np.array([(x_low + x_high) / 2, (y_low + y_high) / 2])
    nearest = center - slope * (values[0] + slope @ (center - corners[0])) / (slope @ slope)
    x, y = (plain_number(float(value), 3) for value in nearest)
    for axis, text in ((0, x), (1, y)):
        if abs(slope[1 - axis]) <= _FLAT * abs(slope[axis]):
            return tr("line outside: {name} = {value}", name=plot.names[axis], value=text)
    return tr("line outside, near ({x}, {y})", x=x, y=y)
