"""A function of one input as a curve, with the data points it is to go through."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.chart_layout import finite_points, layout_chart
from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series


def _none() -> Array:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class FittedCurve:
    """The curve ``name`` (n,) over ``x`` (n,), and the data ``points`` (m,) with their ``targets`` (m,).

    ``is_test`` (m,) tells the points of the test part, none where it is empty. The network's ``answers`` (m,) at the
    points, where they are given, are for the residuals. ``values`` are the curve's and the target's at the
    ``cursor``, for the legend.
    """

    x: Array
    curve: Array
    points: Array = field(default_factory=_none)
    targets: Array = field(default_factory=_none)
    is_test: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    answers: Array = field(default_factory=_none)
    cursor: float | None = None
    name: str = "network"
    values: tuple[str, str] = ("", "")


def draw_fitted_curve(fit: FittedCurve, palette: Palette, width: int, height: int) -> list[Strip]:
    """The curve, its points and, where there are answers, thin uprights for the residuals."""
    stems: list[tuple[float, float, float]] = []
    if len(fit.answers):
        stems = list(zip(fit.points.tolist(), fit.targets.tolist(), fit.answers.tolist(), strict=True))
    return draw_chart(
        _series(fit, palette), palette, width, height, cursor=fit.cursor, empty="No outputs yet.", stems=stems
    )


def curve_point_at(fit: FittedCurve, palette: Palette, width: int, height: int, x: int, y: int) -> int | None:
    """The data point (m,) that :func:`draw_fitted_curve` has at a cell, or in one that touches it."""
    series = _series(fit, palette)
    if not any(finite_points(one).any() for one in series):
        return None
    frame = layout_chart(series, palette, max(1, width), max(1, height), cursor=fit.cursor)
    return frame.nearest(fit.points, fit.targets, x, y)


def _series(fit: FittedCurve, palette: Palette) -> list[Series]:
    is_test = fit.is_test if len(fit.is_test) else np.zeros(len(fit.points), bool)
    glyphs, (at_curve, at_point) = palette.glyphs, fit.values
    train, test = ((fit.points[part], fit.targets[part]) for part in (~is_test, is_test))
    series = [Series(fit.name, fit.x, fit.curve, "title", value=at_curve)]
    if len(train[0]):
        series.append(Series("train", *train, "train", "points", glyphs.node, at_point))
    if len(test[0]):
        series.append(Series("test", *test, "test", "points", glyphs.node_open))
    return series
