"""The hidden space: the samples by their activations in the last hidden layer, and the output over that plane.

Its axes are the activations of two units of the last hidden layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.data.classes import class_indices, has_classes
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.display.extent import Extent, fit_extent
from nn_tui.core.run.boundary import boundary_name, boundary_values
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.legend import LegendItem
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot
from nn_tui.tui.draw.regions import PlanePoints, draw_regions, draw_surface, line_item
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.boundary import boundary_item
from nn_tui.tui.views.output.plane import Picture, regions_scale, sample_items, surface_legend
from nn_tui.tui.views.output.predictions import RowIndices, SampleHit, drawn_rows, index_of_selected, selected_unit

HIDDEN_VIEWS = ("hidden", "hidden 2", "hidden 3")
"""The views of the hidden units: each has another second unit as an axis of the hidden space."""

_MARGIN = 0.1  # around the activations, as a part of their range


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSpace:
    """Two units of the last hidden layer, and the activations of that layer for the samples.

    Attributes:
        units: The two units, from 0.
        train: The training rows that are drawn.
        test: The test rows that are drawn.
        activations: The activations (rows, units) for these rows.
        predictions: The predictions (rows, outputs) for these rows.
    """

    units: tuple[int, int]
    train: RowIndices
    test: RowIndices
    activations: Array
    predictions: Array

    @property
    def points(self) -> Array:
        """The activations (rows, 2) of the two units."""
        return self.activations[:, list(self.units)]


def last_hidden_layer(session: Session) -> int:
    """Return the last hidden layer, from 0."""
    return len(session.engine.sizes) - 3


def hidden_pair(session: Session) -> tuple[int, int]:
    """Return the two units of the hidden space: the selected one, else the first, and one of the next three.

    The view of the output on screen says which of them. A selected weight of the last layer selects its input.
    """
    count, unit, ref = session.engine.sizes[-2], selected_unit(session), session.ref
    layer, first = last_hidden_layer(session), 0
    if count > 2 and unit is not None and unit[0] == layer:
        first = unit[1]
    elif count > 2 and ref.is_weight and ref.layer == layer + 1:
        first = ref.input
    distance = 1 + (HIDDEN_VIEWS.index(session.output_view) if session.output_view in HIDDEN_VIEWS else 0)
    return first, (first + distance) % count


def hidden_space_name(session: Session, palette: Palette) -> str:
    """Return the name of the view of the hidden units, with the two axes if there are other units."""
    if session.engine.sizes[-2] <= 2:
        return tr("hidden")
    first, second = (f"h{palette.glyphs.sub(unit + 1)}" for unit in hidden_pair(session))
    return tr("hidden {first} {second}", first=first, second=second)


def hidden_space(session: Session) -> HiddenSpace:
    """Return the hidden space of the session, with the samples that are drawn."""
    data = session.experiment.data
    train, test = drawn_rows(session)
    x = np.concatenate([data.x[train], data.x_test[test]])
    _, activations, predictions = run_forward(session.engine, session.state, x)
    return HiddenSpace(hidden_pair(session), train, test, activations[-2], predictions)


def space_extent(session: Session, space: HiddenSpace) -> Extent:
    """Return the rectangle of the hidden space: all that the activation can be, or all that it is for the samples."""
    activation = session.engine.activations[-2]
    if activation.low is None or activation.high is None:
        return fit_extent(space.points, _MARGIN)
    return fit_extent([[activation.low] * 2, [activation.high] * 2], _MARGIN)


def usual_legend(session: Session, palette: Palette) -> list[LegendItem]:
    """Return the legend of the hidden space that needs room."""
    note = _note_on_others(session, palette)
    if not has_classes(session.experiment.data):
        return [*surface_legend(session, palette), *note]
    is_binary = session.engine.sizes[-1] == 1
    boundary = [line_item(boundary_name(session.engine), palette)] if is_binary else []
    return [*sample_items(session, palette), *boundary, line_item(unit_line_name(), palette), *note]


def unit_line_name() -> str:
    """Return the name of the line in a unit's response: its activation changes fastest there, or begins there."""
    return tr("unit's z = 0")


def draw_space(
    session: Session, palette: Palette, space: HiddenSpace, plot: PlanePlot, width: int, height: int
) -> Picture:
    """Draw the output over the activations of the two units, with the samples."""
    data = session.experiment.data
    means = space.activations[: len(space.train)].mean(axis=0)

    def compute(points: Array) -> tuple[Array, Array]:
        """Return z and the predictions at activations (n, 2) of the two units; the other units are at their mean."""
        hidden = np.tile(means, (len(points), 1))
        hidden[:, list(space.units)] = points
        return _output_layer(session, hidden)

    z, outputs = compute(plot.points())
    y = np.concatenate([data.y[space.train], data.y_test[space.test]])
    cursor = index_of_selected(space.train, session)
    note = _note_on_others(session, palette)
    if not has_classes(data):
        points = PlanePoints(space.points, y[:, 0], cursor=cursor)
        lines = draw_surface(plot, outputs[:, 0], points, palette, width, height, scale=scale_of(session, "y", 0))
        return Picture(lines, [*surface_legend(session, palette), *note])
    points = PlanePoints(
        space.points,
        class_indices(y),
        test=np.arange(len(y)) >= len(space.train),
        wrong=wrong_rows(space.predictions, y, session.engine.coding),
        cursor=cursor,
    )
    line = boundary_values(session.engine, z, outputs)
    lines = draw_regions(plot, outputs, points, palette, width, height, scale=scale_of(session, "y", 0), line=line)
    boundary = [] if line is None else [boundary_item(session, plot, line, palette, compute)]
    items = [*sample_items(session, palette), *boundary, line_item(unit_line_name(), palette), *note]
    return Picture(lines, [*items, *regions_scale(session, palette)])


def space_sample_at(space: HiddenSpace, plot: PlanePlot, x: int, y: int) -> SampleHit | None:
    """Return the sample whose point is at a cell of the plot or next to it."""
    k = plot.nearest(space.points, x, y)
    if k is None:
        return None
    count = len(space.train)
    return SampleHit("train", int(space.train[k])) if k < count else SampleHit("test", int(space.test[k - count]))


def _output_layer(session: Session, hidden: Array) -> tuple[Array, Array]:
    """Return z and the predictions (n, outputs) of the last layer for activations ``hidden`` (n, units) before it."""
    engine, state = session.engine, session.state
    with np.errstate(all="ignore"):
        z = hidden @ state.weights[-1].T + state.biases[-1]
        a = np.empty_like(z)
        engine.activations[-1].value(z, a)
        return z, engine.loss.prediction(z, a)


def _note_on_others(session: Session, palette: Palette) -> list[LegendItem]:
    """Return a note on the units that are not axes; empty if there are none."""
    others = session.engine.sizes[-2] - 2
    return [[(tr("other units: mean"), palette.style("dim"))]] if others > 0 else []
