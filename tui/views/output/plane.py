"""The output over the plane of two inputs, with the data points: decision regions, or a surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.classes import class_indices, class_names
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.data.units import has_standardized_targets, to_raw_units
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import fmt_quantity
from nn_tui.core.run.boundary import boundary_name, boundary_values
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.legend import LegendItem
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot
from nn_tui.tui.draw.regions import (
    PlanePoints,
    class_items,
    draw_regions,
    draw_surface,
    line_item,
    surface_items,
)
from nn_tui.tui.draw.scale_legend import scale_item
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.boundary import boundary_item
from nn_tui.tui.views.output.plane_grid import compute_on_plot, forward
from nn_tui.tui.views.output.predictions import SampleHit, drawn_rows, index_of_selected, target_size

_NOTE_WIDTH = 20


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A plot with its axes as lines, and its legend, the most important items first."""

    lines: list[Strip]
    legend: list[LegendItem]


@dataclass(frozen=True, slots=True)
class PlaneView:
    """A way to show the output over the plane.

    Attributes:
        draw: Draws a plot in a drawing of a width and a height.
        usual_legend: Returns the legend that needs room; it does not depend on the weights.
    """

    draw: Callable[[Session, Palette, PlanePlot, int, int], Picture]
    usual_legend: Callable[[Session, Palette], list[LegendItem]]


def _draw_decision_regions(session: Session, palette: Palette, plot: PlanePlot, width: int, height: int) -> Picture:
    """Draw the decision regions with the training and test points; wrongly classified points are marked."""
    data, engine = session.experiment.data, session.engine
    z, outputs = _predict_on_plot(session, plot)
    train, test = drawn_rows(session)
    y = np.concatenate([data.y[train], data.y_test[test]])
    predictions = predict(engine, session.state, np.concatenate([data.x[train], data.x_test[test]]))
    points = PlanePoints(
        np.concatenate([data.points[train], data.points_test[test]]),
        class_indices(y),
        test=np.arange(len(y)) >= len(train),
        wrong=wrong_rows(predictions, y, engine.coding),
        cursor=index_of_selected(train, session),
    )
    line = boundary_values(session.engine, z, outputs)
    lines = draw_regions(plot, outputs, points, palette, width, height, scale=scale_of(session, "y", 0), line=line)
    compute = partial(_last_layer, session) if _is_linear(session) else None
    boundary = [] if line is None else [boundary_item(session, plot, line, palette, compute)]
    return Picture(lines, [*sample_items(session, palette), *boundary, *regions_scale(session, palette)])


def regions_legend(session: Session, palette: Palette) -> list[LegendItem]:
    """Return the legend of decision regions that needs room."""
    is_binary = session.engine.sizes[-1] == 1
    # A note on a boundary that is out of sight is longer than its equation.
    boundary = [line_item(boundary_name(session.engine).ljust(_NOTE_WIDTH), palette)] if is_binary else []
    return [*sample_items(session, palette), *boundary]


def sample_items(session: Session, palette: Palette) -> list[LegendItem]:
    """Return the legend of the samples: the marker of each class, of wrong predictions and of test samples."""
    has_test = len(session.experiment.data.x_test) > 0
    return class_items(
        class_names(session.experiment.data), palette, is_single=session.engine.sizes[-1] == 1, has_test=has_test
    )


def regions_scale(session: Session, palette: Palette) -> list[LegendItem]:
    """Return the colours of a single output; empty for several, and for a perceptron, whose output is 0 or 1."""
    if session.engine.sizes[-1] > 1 or session.engine.loss.is_mistake_driven:
        return []
    return [scale_item("ŷ", scale_of(session, "y", 0), palette)]


def _draw_output_surface(session: Session, palette: Palette, plot: PlanePlot, width: int, height: int) -> Picture:
    """Draw one numeric output over the plane, with the training points in the colours of their targets."""
    data = session.experiment.data
    _, outputs = _predict_on_plot(session, plot)
    train, _ = drawn_rows(session)
    points = PlanePoints(data.points[train], data.y[train, 0], cursor=index_of_selected(train, session))
    scale = scale_of(session, "y", 0)
    lines = draw_surface(plot, outputs[:, 0], points, palette, width, height, scale=scale)
    return Picture(lines, surface_legend(session, palette))


def surface_legend(session: Session, palette: Palette) -> list[LegendItem]:
    """Return the legend of a surface, with the ends of its colours in the units of the data."""
    scale = scale_of(session, "y", 0)
    return surface_items("ŷ", tr("target y"), scale, palette, _raw_ends(session, scale, palette))


def _raw_ends(session: Session, scale: NumberScale, palette: Palette) -> tuple[str, str] | None:
    """Return the ends of a scale of standardised outputs in the units of the data; None for other outputs."""
    data = session.experiment.data
    if not has_standardized_targets(data):
        return None
    ends = np.array([[-scale.limit if scale.kind == "diverging" else 0.0], [scale.limit]])
    low, high = (
        fmt_quantity(value, 2, size=target_size(data), glyphs=palette.glyphs)
        for value in to_raw_units(data, ends)[:, 0].tolist()
    )
    return low, high


REGIONS = PlaneView(_draw_decision_regions, regions_legend)
SURFACE = PlaneView(_draw_output_surface, surface_legend)


def plane_sample_at(session: Session, plot: PlanePlot, x: int, y: int) -> SampleHit | None:
    """Return the sample whose point is at a cell of the plot or next to it; a training point comes first."""
    data = session.experiment.data
    train, test = drawn_rows(session)
    k = plot.nearest(data.points[train], x, y)
    if k is not None:
        return SampleHit("train", int(train[k]))
    k = plot.nearest(data.points_test[test], x, y)
    return None if k is None else SampleHit("test", int(test[k]))


def _predict_on_plot(session: Session, plot: PlanePlot) -> tuple[Array, Array]:
    """Return z and the predictions of the last layer for every patch of the plot."""
    z, outputs = compute_on_plot(session, plot, partial(_last_layer, session))
    return z, outputs


def _last_layer(session: Session, points: Array) -> tuple[Array, Array]:
    """Return z and the predictions (n, outputs) of the last layer at ``points`` (n, 2) of the plane."""
    zs, _, outputs = forward(session, points)
    return zs[-1], outputs


def _is_linear(session: Session) -> bool:
    """Return whether z of the last layer is linear in the inputs: there is no hidden layer, and no features."""
    return len(session.engine.sizes) == 2 and not session.experiment.data.features
