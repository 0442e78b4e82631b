"""The plane of the two inputs: the part of it that is shown, and the network's numbers at each of its patches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.labels import point_labels
from nn_tui.core.display.extent import plane_extent
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot, fit_plot
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import max_rows

PlaneFunction = Callable[[Array], Sequence[Array]]
"""Returns arrays (n, K) of numbers at n points."""


def plot_of(session: Session, palette: Palette, width: int, height: int) -> PlanePlot:
    """Return the plot of the data's plane in a drawing of that size."""
    first, second = point_labels(session.experiment.data)
    return fit_plot(plane_extent(session.experiment.data), (first, second), palette, width, height)


def forward(session: Session, points: Array) -> tuple[list[Array], list[Array], Array]:
    """Return z and a of every layer (n, units) and the predictions (n, outputs) at ``points`` (n, 2)."""
    return run_forward(session.engine, session.state, network_inputs(session.experiment.data, points))


def compute_on_plot(session: Session, plot: PlanePlot, compute: PlaneFunction) -> list[Array]:
    """Return the arrays of ``compute`` for every patch of the plot; while the run is training, fewer are computed.

    Args:
        session: The session.
        plot: The plot.
        compute: The function; the patches between the points that it gets are interpolated.
    """
    rows, columns = plot.shape
    step = int(np.ceil(np.sqrt(rows * columns / max(64, max_rows(session) // 4))))
    if step < 2 or not session.running or min(rows, columns) <= step:
        return list(compute(plot.points()))
    ys, xs = (np.linspace(0, size - 1, max(2, -(-size // step))) for size in (rows, columns))
    row_weights, column_weights = _interpolation_weights(ys, rows), _interpolation_weights(xs, columns)
    arrays = []
    for values in compute(plot.points_at(ys, xs)):
        coarse = values.reshape(len(ys), len(xs), values.shape[1])
        with np.errstate(all="ignore"):
            fine = np.einsum("rp,pqk,cq->rck", row_weights, coarse, column_weights, optimize=True)
        arrays.append(np.asarray(fine).reshape(-1, values.shape[1]))
    return arrays


def _interpolation_weights(positions: Array, count: int) -> Array:
    """Return the weights (count, positions) that interpolate linearly from ``positions`` to 0 … count − 1."""
    return np.stack([np.interp(np.arange(count), positions, row) for row in np.eye(len(positions))], axis=1)
