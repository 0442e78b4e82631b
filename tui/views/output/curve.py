"""The output over the line of one input: the fitted curve, or a unit's response."""

from __future__ import annotations

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.units import raw_targets, raw_targets_test, to_raw_units
from nn_tui.core.display.number_text import fmt_quantity
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array
from nn_tui.tui.draw.fitted import FittedCurve, curve_point_at, draw_fitted_curve
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import (
    RowIndices,
    SampleHit,
    drawn_rows,
    has_predictions,
    index_of_selected,
    target_size,
)

_POINTS = 160


def draw_fit(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the output over one input, with the data points and their residuals."""
    return draw_fitted_curve(_fit(session, palette)[0], palette, width, height)


def curve_sample_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample whose point is at a cell of the curve's drawing or next to it."""
    fit, rows = _fit(session, palette)
    k = curve_point_at(fit, palette, width, height, x, y)
    return None if k is None else SampleHit("test" if fit.is_test[k] else "train", int(rows[k]))


def curve_inputs(session: Session) -> Array:
    """Return the inputs of a curve, a little beyond those of the data."""
    data = session.experiment.data
    points = np.concatenate([data.points, data.points_test])[:, 0]
    low, high = float(points.min()), float(points.max())
    margin = (high - low) * 0.05 or 1.0
    return np.linspace(low - margin, high + margin, _POINTS)


def _fit(session: Session, palette: Palette) -> tuple[FittedCurve, RowIndices]:
    """Return the network's curve with the points (m,) that are drawn, and their rows (m,) in the data."""
    data, engine, state = session.experiment.data, session.engine, session.state
    train, test = drawn_rows(session)
    points = np.concatenate([data.points[train], data.points_test[test]])
    targets = np.concatenate([raw_targets(data)[train], raw_targets_test(data)[test]])[:, 0]
    predictions = predict(engine, state, network_inputs(data, points))
    outputs = to_raw_units(data, predictions)[:, 0]
    x = curve_inputs(session)
    curve = to_raw_units(data, predict(engine, state, network_inputs(data, x[:, None])))[:, 0]
    cursor, size = index_of_selected(train, session), target_size(data)
    output, target = (
        fmt_quantity(float(value), 3, size=size, glyphs=palette.glyphs) for value in (outputs[cursor], targets[cursor])
    )
    scale = scale_of(session, "y", 0)
    numbers = (float(predictions[cursor, 0]), float(data.y[session.data_row, 0]))  # of the network, for their colours
    rows, is_test = np.concatenate([train, test]), np.arange(len(points)) >= len(train)
    fit = FittedCurve(
        x, curve, points[:, 0], targets, is_test, outputs, float(data.points[session.data_row, 0]),
        values=(output if has_predictions(session) else "", target),
        value_styles=(palette.number(numbers[0], scale), palette.number(numbers[1], scale)),
    )  # fmt: skip
    return fit, rows
