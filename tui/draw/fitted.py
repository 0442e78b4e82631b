"""A function of one input as a curve, with the data points it is to go through."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from textual.strip import Strip

from nn_tui.tui.draw.charts import Series, draw_chart
from nn_tui.tui.draw.frame import finite, frame_of
from nn_tui.tui.draw.palette import Palette


def draw_curve(
    x: ArrayLike,
    prediction: ArrayLike,
    points: ArrayLike,
    targets: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    *,
    test: ArrayLike | None = None,
    cursor: float | None = None,
    name: str = "network",
    answers: ArrayLike | None = None,
    values: tuple[str, str] = ("", ""),
) -> list[Strip]:
    """A function of one input: the curve ``name`` (n,) over ``x`` (n,), and the data points (m,).

    With the network's ``answers`` (m,) at the points, thin uprights show the residuals. ``values`` are the
    curve's and the target's at the cursor, for the legend.
    """
    at, wanted = (np.asarray(v, dtype=np.float64).reshape(-1) for v in (points, targets))
    series = _series(x, prediction, at, wanted, palette, test, name, values)
    stems: list[tuple[float, float, float]] = []
    if answers is not None:
        stems = list(zip(at.tolist(), wanted.tolist(), np.asarray(answers).reshape(-1).tolist(), strict=True))
    return draw_chart(series, palette, width, height, cursor=cursor, empty="No outputs yet.", stems=stems)


def curve_point_at(
    x: ArrayLike,
    prediction: ArrayLike,
    points: ArrayLike,
    targets: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    at: tuple[int, int],
    *,
    test: ArrayLike | None = None,
    cursor: float | None = None,
    values: tuple[str, str] = ("", ""),
) -> int | None:
    """The data point (m,) that :func:`draw_curve` has at a cell (x, y), or in one that touches it."""
    xs, ys = (np.asarray(v, dtype=np.float64).reshape(-1) for v in (points, targets))
    series = _series(x, prediction, xs, ys, palette, test, "network", values)
    if not any(finite(one).any() for one in series):
        return None
    return frame_of(series, palette, max(1, width), max(1, height), cursor=cursor).nearest(xs, ys, *at)


def _series(
    x: ArrayLike,
    prediction: ArrayLike,
    at: NDArray[np.float64],
    wanted: NDArray[np.float64],
    palette: Palette,
    test: ArrayLike | None,
    name: str,
    values: tuple[str, str],
) -> list[Series]:
    is_test = np.zeros(len(at), bool) if test is None else np.asarray(test, bool)
    glyphs = palette.glyphs
    series = [Series(name, x, prediction, "title", value=values[0])]
    if len(at[~is_test]):
        series.append(Series("train", at[~is_test], wanted[~is_test], "train", "points", glyphs.node, values[1]))
    if is_test.any():
        series.append(Series("test", at[is_test], wanted[is_test], "test", "points", glyphs.node_open))
    return series
