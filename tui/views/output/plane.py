"""The output over the plane of two inputs or the line of one: decision regions, surface, curve, a unit's response."""

from __future__ import annotations

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.run.metrics import predict, run_forward
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import draw_message
from nn_tui.tui.draw.fitted import FittedCurve, curve_point_at, draw_fitted_curve
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.regions import (
    Extent,
    draw_regions,
    draw_surface,
    fit_extent,
    region_point_at,
    region_points,
    region_shape,
)
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import (
    Rows,
    SampleHit,
    class_indices,
    class_names,
    has_predictions,
    max_rows,
    selected_unit,
    spread_rows,
    threshold,
)

_MAX_POINTS = 400  # points that are drawn; more would hide the regions
_CURVE_POINTS = 160
_MAX_SMALL_ROWS = 16  # samples up to which the plane has a wide margin


def draw_decision_regions(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the decision regions with the training and test points; wrongly classified points are marked."""
    data, engine = session.experiment.data, session.engine
    extent = _extent(session)
    z, outputs = _predict_plane(session, extent, width, height, palette)
    half = threshold(data.y)
    train, test = _drawn_rows(session)
    points = np.concatenate([data.points[train], data.points_test[test]])
    y = np.concatenate([data.y[train], data.y_test[test]])
    point_outputs = predict(engine, session.state, np.concatenate([data.x[train], data.x_test[test]]))
    line: Array | None = None
    line_name = ""
    if len(engine.sizes) == 2 and engine.sizes[-1] == 1:
        # An identity unit decides at the threshold; sigmoid and tanh units, and the perceptron, decide at z = 0.
        is_identity = engine.activations[-1].name == "identity" and not engine.loss.is_mistake_driven
        line = z[:, 0] - (half if is_identity else 0.0)
        line_name = f"z = {half:g}" if is_identity else "z = 0"
    return draw_regions(
        outputs if half else (outputs + 1.0) / 2.0, points, class_indices(y), palette, width, height, extent,
        test=np.arange(len(points)) >= len(train), wrong=wrong_rows(point_outputs, y, engine.coding),
        names=class_names(session), cursor=_cursor(train, session), line=line, line_name=line_name,
    )  # fmt: skip


def draw_output_surface(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw one numeric output over the plane, with the training points in the colours of their targets."""
    data, extent = session.experiment.data, _extent(session)
    _, outputs = _predict_plane(session, extent, width, height, palette)
    train, _ = _drawn_rows(session)
    return draw_surface(
        outputs[:, 0], data.points[train], data.y[train, 0], palette, width, height, extent,
        cursor=_cursor(train, session),
    )  # fmt: skip


def plane_sample_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample whose point is at a cell of the plane or next to it; a training point comes first."""
    data, extent = session.experiment.data, _extent(session)
    train, test = _drawn_rows(session)
    k = region_point_at(data.points[train], extent, width, height, x, y)
    if k is not None:
        return SampleHit("train", int(train[k]))
    k = region_point_at(data.points_test[test], extent, width, height, x, y)
    return None if k is None else SampleHit("test", int(test[k]))


def draw_fit(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the output over one input, with the data points and their residuals."""
    return draw_fitted_curve(_fit(session, palette)[0], palette, width, height)


def curve_sample_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample whose point is at a cell of the curve's drawing or next to it."""
    fit, rows = _fit(session, palette)
    k = curve_point_at(fit, palette, width, height, x, y)
    return None if k is None else SampleHit("test" if fit.is_test[k] else "train", int(rows[k]))


def _fit(session: Session, palette: Palette) -> tuple[FittedCurve, Rows]:
    """Return the network's curve with the points (m,) that are drawn, and their rows (m,) in the data."""
    data, engine, state = session.experiment.data, session.engine, session.state
    train, test = _drawn_rows(session)
    points = np.concatenate([data.points[train], data.points_test[test]])
    targets = np.concatenate([data.y[train], data.y_test[test]])[:, 0]
    outputs = predict(engine, state, network_inputs(data, points))[:, 0]
    x = _curve_inputs(session)
    curve = predict(engine, state, network_inputs(data, x[:, None]))[:, 0]
    cursor = _cursor(train, session)
    output, target = (
        fmt(float(value), 3, sign=False, glyphs=palette.glyphs) for value in (outputs[cursor], targets[cursor])
    )
    rows, is_test = np.concatenate([train, test]), np.arange(len(points)) >= len(train)
    fit = FittedCurve(
        x, curve, points[:, 0], targets, is_test, outputs, float(data.points[session.data_row, 0]),
        values=(output if has_predictions(session) else "", target),
    )  # fmt: skip
    return fit, rows


def draw_unit_response(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the activation of the selected unit over the plane or the line."""
    unit = selected_unit(session)
    if unit is None:
        text = tr("Select a unit to see its activation for every input: click it, or use `[`, `]` and the arrow keys.")
        return draw_message(format_keys(text, session.key_labels), palette, width, height)
    layer, index = unit
    data, glyphs = session.experiment.data, palette.glyphs

    def activation(points: Array) -> Array:
        """Return the unit's activation (n,) at ``points`` (n, d)."""
        return run_forward(session.engine, session.state, network_inputs(data, points))[1][layer][:, index]

    point = data.points[session.data_row][None, :]
    point_value = activation(point)
    name = f"a{glyphs.sub(layer + 1)}[{index + 1}]"
    if data.points.shape[1] == 1:
        x = _curve_inputs(session)
        text = fmt(float(point_value[0]), 3, sign=False, glyphs=glyphs) if has_predictions(session) else ""
        fit = FittedCurve(x, activation(x[:, None]), cursor=float(point[0, 0]), name=name, values=(text, ""))
        return draw_fitted_curve(fit, palette, width, height)
    extent = _extent(session)
    grid = _grid(session, extent, width, height, palette)
    values = grid.interpolate(activation(grid.points)[:, None])[:, 0]
    return draw_surface(
        values,
        point,
        point_value,
        palette,
        width,
        height,
        extent,
        cursor=0,
        point_name=tr("this sample, {name}", name=name),
    )


class _Grid:
    """The points at which the network computes its outputs, and the interpolation between them.

    Attributes:
        points: The points (n, 2).
    """

    def __init__(self, points: Array, rows: Array | None, columns: Array | None, shape: tuple[int, int]) -> None:
        self.points = points
        self._rows, self._columns, self._shape = rows, columns, shape

    def interpolate(self, values: Array) -> Array:
        """Return ``values`` (n, K) at the points for every patch of the drawing (rows·columns, K)."""
        if self._rows is None or self._columns is None:
            return values
        coarse = values.reshape(*self._shape, values.shape[1])
        with np.errstate(all="ignore"):
            fine = np.einsum("rp,pqk,cq->rck", self._rows, coarse, self._columns, optimize=True)
        return np.asarray(fine).reshape(-1, values.shape[1])


def _grid(session: Session, extent: Extent, width: int, height: int, palette: Palette) -> _Grid:
    """Return a point for every patch of the drawing; fewer for a large drawing while the run is training."""
    rows, columns = region_shape(width, height, palette)
    step = int(np.ceil(np.sqrt(rows * columns / max(64, max_rows(session) // 4))))
    if step < 2 or not session.running or min(rows, columns) <= step:
        return _Grid(region_points(extent, width, height, palette), None, None, (rows, columns))
    ys, xs = (np.linspace(0, size - 1, max(2, -(-size // step))) for size in (rows, columns))
    x_low, x_high, y_low, y_high = extent
    x1 = x_low + (xs + 0.5) / columns * (x_high - x_low)
    x2 = y_high - (ys + 0.5) / rows * (y_high - y_low)
    points = np.stack([np.tile(x1, len(ys)), np.repeat(x2, len(xs))], axis=1)
    return _Grid(points, _interpolation_weights(ys, rows), _interpolation_weights(xs, columns), (len(ys), len(xs)))


def _interpolation_weights(positions: Array, count: int) -> Array:
    """Return the weights (count, positions) that interpolate linearly from ``positions`` to 0 … count − 1."""
    return np.stack([np.interp(np.arange(count), positions, row) for row in np.eye(len(positions))], axis=1)


def _predict_plane(session: Session, extent: Extent, width: int, height: int, palette: Palette) -> tuple[Array, Array]:
    """Return z and the outputs of the last layer for every patch of the drawing."""
    grid = _grid(session, extent, width, height, palette)
    zs, _, outputs = run_forward(session.engine, session.state, network_inputs(session.experiment.data, grid.points))
    return grid.interpolate(zs[-1]), grid.interpolate(outputs)


def _extent(session: Session) -> Extent:
    data = session.experiment.data
    margin = 0.25 if len(data.x) <= _MAX_SMALL_ROWS else 0.1
    return fit_extent(np.concatenate([data.points, data.points_test]), margin)


def _curve_inputs(session: Session) -> Array:
    """Return the inputs of a curve, a little beyond those of the data."""
    data = session.experiment.data
    points = np.concatenate([data.points, data.points_test])[:, 0]
    low, high = float(points.min()), float(points.max())
    margin = (high - low) * 0.05 or 1.0
    return np.linspace(low - margin, high + margin, _CURVE_POINTS)


def _drawn_rows(session: Session) -> tuple[Rows, Rows]:
    """Return the training and the test rows that are drawn: all, or evenly spaced ones and the selected one."""
    data = session.experiment.data
    train, test = (spread_rows(len(x), _MAX_POINTS) for x in (data.x, data.x_test))
    return train if len(train) == len(data.x) else np.unique(np.append(train, session.data_row)), test


def _cursor(train: Rows, session: Session) -> int:
    """Return the index of the selected sample among the training rows that are drawn."""
    return int(np.searchsorted(train, session.data_row))
