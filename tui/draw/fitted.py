"""A function of one input as a curve, with the data points that it should fit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.chart_layout import layout_chart
from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series


def _empty() -> Array:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class FittedCurve:
    """A curve and the data points that it should fit.

    Attributes:
        x: Inputs (n,) of the curve, ascending.
        curve: Outputs (n,) of the network at ``x``.
        points: Inputs (m,) of the data.
        targets: Targets (m,) of the data.
        is_test: Mask (m,) of the points in the test set; empty if there are none.
        predictions: Outputs (m,) of the network at ``points``, to draw residuals; empty for none.
        cursor: An x to mark.
        name: Name of the curve in the legend.
        values: Values of the curve and of the target at the cursor, as text for the legend.
        value_styles: Their styles; None for the style of a title.
    """

    x: Array
    curve: Array
    points: Array = field(default_factory=_empty)
    targets: Array = field(default_factory=_empty)
    is_test: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    predictions: Array = field(default_factory=_empty)
    cursor: float | None = None
    name: str = ""
    values: tuple[str, str] = ("", "")
    value_styles: tuple[Style | None, Style | None] = (None, None)


def draw_fitted_curve(fit: FittedCurve, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the curve, the points, and the residuals as thin vertical lines if there are predictions."""
    residuals: list[tuple[float, float, float]] = []
    if len(fit.predictions):
        residuals = list(zip(fit.points.tolist(), fit.targets.tolist(), fit.predictions.tolist(), strict=True))
    return draw_chart(
        _series(fit, palette), palette, width, height, cursor=fit.cursor, empty=tr("No outputs yet."), stems=residuals
    )


def curve_point_at(fit: FittedCurve, palette: Palette, width: int, height: int, x: int, y: int) -> int | None:
    """Return the index of the data point that :func:`draw_fitted_curve` draws at a cell or next to it."""
    series = _series(fit, palette)
    if not any(item.is_finite().any() for item in series):
        return None
    layout = layout_chart(series, palette, max(1, width), max(1, height), cursor=fit.cursor)
    return layout.nearest(fit.points, fit.targets, x, y)


def _series(fit: FittedCurve, palette: Palette) -> list[Series]:
    is_test = fit.is_test if len(fit.is_test) else np.zeros(len(fit.points), bool)
    glyphs, (curve_value, target_value) = palette.glyphs, fit.values
    train, test = ((fit.points[mask], fit.targets[mask]) for mask in (~is_test, is_test))
    series = [
        Series(fit.name or tr("network"), fit.x, fit.curve, "title", value=curve_value, value_style=fit.value_styles[0])
    ]
    if len(train[0]):
        series.append(Series(tr("train"), *train, "train", "points", glyphs.node, target_value))
    if len(test[0]):
        series.append(Series(tr("test"), *test, "test", "points", glyphs.node_open))
    return series
