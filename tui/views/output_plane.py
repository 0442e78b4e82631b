"""Output over the plane of two inputs or the line of one: regions, surfaces, curves, a unit's own response."""

from __future__ import annotations

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.run.metrics import predict, run_forward
from nn_tui.core.spec import Array
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
from nn_tui.tui.views.output_predictions import (
    Found,
    Rows,
    affordable,
    class_names,
    has_answers,
    labels,
    middle,
    spread,
    unit_of,
)

POINTS = 400  # points drawn at most: more hide the regions
CURVE_POINTS = 160
FEW = 16  # points that deserve room around them
SELECT_A_UNIT = "Select a unit to see what it responds to: click it, or `[` `]` and the arrows."


def draw_answer(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The decision regions with the points, train and test told apart and the wrong ones marked."""
    data, engine, state = session.experiment.data, session.engine, session.state
    extent = _extent(session)
    zs, answers = _over_plane(session, extent, width, height, palette)
    half = middle(data.y)
    shown, test = _drawn_rows(session, len(data.x)), spread(len(data.x_test), POINTS)
    points = np.concatenate([data.points[shown], data.points_test[test]])
    y = np.concatenate([data.y[shown], data.y_test[test]])
    at_points = predict(engine, state, np.concatenate([data.x[shown], data.x_test[test]]))
    line: Array | None = None
    name = ""
    if len(engine.sizes) == 2 and engine.sizes[-1] == 1:
        # A linear unit with 0/1 targets and no squashing decides halfway, all others at z = 0.
        bare = engine.activations[-1].name == "identity" and not engine.loss.is_mistake_driven
        line, name = zs[-1][:, 0] - (half if bare else 0.0), f"z = {half:g}" if bare else "z = 0"
    return draw_regions(
        answers if half else (answers + 1.0) / 2.0, points, labels(y), palette, width, height, extent,
        test=np.arange(len(points)) >= len(shown), wrong=wrong_rows(at_points, y, engine.coding),
        names=class_names(session), cursor=_place(shown, session), line=line, line_name=name,
    )  # fmt: skip


def draw_heights(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """One numeric output over the plane, with the targets at their points."""
    data, extent = session.experiment.data, _extent(session)
    _, answers = _over_plane(session, extent, width, height, palette)
    shown = _drawn_rows(session, len(data.x))
    return draw_surface(
        answers[:, 0], data.points[shown], data.y[shown, 0], palette, width, height, extent,
        cursor=_place(shown, session),
    )  # fmt: skip


def draw_fit(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The fitted curve of one input with the data points and their residuals."""
    return draw_fitted_curve(_fit(session, palette)[0], palette, width, height)


def find_fitted(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """The sample whose point beside the curve is at a cell, or in one that touches it."""
    fit, rows = _fit(session, palette)
    k = curve_point_at(fit, palette, width, height, x, y)
    return None if k is None else Found("test" if fit.is_test[k] else "train", int(rows[k]))


def _fit(session: Session, palette: Palette) -> tuple[FittedCurve, Rows]:
    """The network's curve with the points (m,) that are drawn, and the data rows (m,) of these."""
    data = session.experiment.data
    shown, test = _drawn_rows(session, len(data.x)), spread(len(data.x_test), POINTS)
    points = np.concatenate([data.points[shown], data.points_test[test]])
    targets = np.concatenate([data.y[shown], data.y_test[test]])[:, 0]
    answers = predict(session.engine, session.state, network_inputs(data, points))[:, 0]
    x = _line(session)
    curve = predict(session.engine, session.state, network_inputs(data, x[:, None]))[:, 0]
    place = _place(shown, session)
    answer, target = (fmt(float(v), 3, sign=False, glyphs=palette.glyphs) for v in (answers[place], targets[place]))
    values = (answer if has_answers(session) else "", target)
    rows, is_test = np.concatenate([shown, test]), np.arange(len(points)) >= len(shown)
    here = float(data.points[session.data_row, 0])
    return FittedCurve(x, curve, points[:, 0], targets, is_test, answers, here, values=values), rows


def draw_response(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """What the selected unit answers over the plane or the line: its activation a, with the scale."""
    unit = unit_of(session)
    if unit is None:
        return draw_message(format_keys(SELECT_A_UNIT, session.keys), palette, width, height)
    layer, index = unit
    data, glyphs = session.experiment.data, palette.glyphs
    at = data.points[session.data_row][None, :]
    here = run_forward(session.engine, session.state, network_inputs(data, at))[1][layer][:, index]
    name = f"a{glyphs.sub(layer + 1)}[{index + 1}]"
    if data.points.shape[1] == 1:
        x = _line(session)
        curve = run_forward(session.engine, session.state, network_inputs(data, x[:, None]))[1][layer][:, index]
        value = fmt(float(here[0]), 3, sign=False, glyphs=glyphs) if has_answers(session) else ""
        return draw_fitted_curve(
            FittedCurve(x, curve, cursor=float(at[0, 0]), name=name, values=(value, "")), palette, width, height
        )
    extent = _extent(session)
    grid = _grid(session, extent, width, height, palette)
    values = run_forward(session.engine, session.state, network_inputs(data, grid.points))[1][layer][:, [index]]
    return draw_surface(
        grid.full(values)[:, 0], at, here, palette, width, height, extent, cursor=0, point_name=f"this sample, {name}"
    )


def find_point(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """The sample whose point is at a cell of the plane, or beside it; a test point where there is no other."""
    data = session.experiment.data
    shown, test = _drawn_rows(session, len(data.x)), spread(len(data.x_test), POINTS)
    extent = _extent(session)
    k = region_point_at(data.points[shown], extent, width, height, x, y)
    if k is not None:
        return Found("train", int(shown[k]))
    k = region_point_at(data.points_test[test], extent, width, height, x, y)
    return None if k is None else Found("test", int(test[k]))


class _Grid:
    """The inputs to ask the network for, and how their answers become a value for every patch of the drawing."""

    def __init__(self, points: Array, rows: Array | None, columns: Array | None, shape: tuple[int, int]) -> None:
        self.points = points
        self._rows, self._columns, self._shape = rows, columns, shape

    def full(self, values: Array) -> Array:
        """``values`` (points, K) for every patch (rows·columns, K), in between where not all were asked for."""
        if self._rows is None or self._columns is None:
            return values
        coarse = values.reshape(*self._shape, values.shape[1])
        with np.errstate(all="ignore"):
            fine = np.einsum("rp,pqk,cq->rck", self._rows, coarse, self._columns, optimize=True)
        return np.asarray(fine).reshape(-1, values.shape[1])


def _grid(session: Session, extent: Extent, width: int, height: int, palette: Palette) -> _Grid:
    """Every patch at rest; while running a coarser grid where the drawing is large."""
    rows, columns = region_shape(width, height, palette)
    step = int(np.ceil(np.sqrt(rows * columns / max(64, affordable(session) // 4))))
    if step < 2 or not session.running or min(rows, columns) <= step:
        return _Grid(region_points(extent, width, height, palette), None, None, (rows, columns))
    ys, xs = (np.linspace(0, size - 1, max(2, -(-size // step))) for size in (rows, columns))
    x_low, x_high, y_low, y_high = extent
    wide = x_low + (xs + 0.5) / columns * (x_high - x_low)
    tall = y_high - (ys + 0.5) / rows * (y_high - y_low)
    points = np.stack([np.tile(wide, len(ys)), np.repeat(tall, len(xs))], axis=1)
    return _Grid(points, _between(ys, rows), _between(xs, columns), (len(ys), len(xs)))


def _between(places: Array, count: int) -> Array:
    """(count, places) weights that interpolate linearly from ``places`` to 0 … count − 1."""
    return np.stack([np.interp(np.arange(count), places, row) for row in np.eye(len(places))], axis=1)


def _over_plane(
    session: Session, extent: Extent, width: int, height: int, palette: Palette
) -> tuple[list[Array], Array]:
    """z of every layer and the answer for every patch."""
    grid = _grid(session, extent, width, height, palette)
    zs, _, answers = run_forward(session.engine, session.state, network_inputs(session.experiment.data, grid.points))
    return [grid.full(z) for z in zs[-1:]], grid.full(answers)


def _extent(session: Session) -> Extent:
    data = session.experiment.data
    return fit_extent(np.concatenate([data.points, data.points_test]), 0.25 if len(data.x) <= FEW else 0.1)


def _line(session: Session) -> Array:
    data = session.experiment.data
    points = np.concatenate([data.points, data.points_test])[:, 0]
    low, high = float(points.min()), float(points.max())
    pad = (high - low) * 0.05 or 1.0
    return np.linspace(low - pad, high + pad, CURVE_POINTS)


def _drawn_rows(session: Session, count: int) -> Rows:
    """The training rows that are drawn: all, or an even spread that holds the selected one."""
    rows = spread(count, POINTS)
    return rows if len(rows) == count else np.unique(np.append(rows, session.data_row))


def _place(shown: Rows, session: Session) -> int:
    return int(np.searchsorted(shown, session.data_row))
