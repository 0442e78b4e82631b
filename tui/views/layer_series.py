"""The series of charts with a curve for each layer; x is the number of the pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_tui.core.display.colors import CLASS_COLOR_COUNT
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.metrics import mean_size
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.series import Series, legend_number, point_arrays
from nn_tui.tui.session.session import Session

_MAX_RATES = 400  # points of a schedule
_MAX_LAYERS = 8  # curves that can be told apart; of more layers the first and the last ones are drawn


def gradient_norms(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the norm of ∂L/∂W of each layer."""
    exact = {
        layer: _norm(dw)
        for layer, dw in enumerate(session.trace.dw)
        if not session.running and session.known_units("dw", layer) == len(dw)
    }
    return _layer_series(session, glyphs, "W", lambda entry: entry.gradient_norms, exact)


def delta_sizes(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the mean of |δ| of each layer."""
    exact = {
        layer: mean_size(dz)
        for layer, dz in enumerate(session.trace.dz)
        if not session.running and session.known_units("dz", layer) == dz.shape[1]
    }
    return _layer_series(session, glyphs, glyphs.delta, lambda entry: entry.delta_sizes, exact)


def update_ratios(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return ‖ΔW‖ / ‖W‖ of each layer."""
    exact: dict[int, float] = {}
    if not session.running and session.cursor >= session.pass_steps.end:
        states = zip(session.trace.before.weights, session.trace.after.weights, strict=True)
        with np.errstate(all="ignore"):
            ratios = [float(np.divide(_norm(new - old), _norm(old))) for old, new in states]
        exact = dict(enumerate(ratios))
    return _layer_series(session, glyphs, "W", lambda entry: entry.update_ratios, exact)


def _norm(values: Array) -> float:
    """Return the norm of a matrix. It is needed with every key press, and BLAS would wake its threads for it."""
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.einsum("ij,ij->", values, values)))


def _layer_series(
    session: Session,
    glyphs: Glyphs,
    letter: str,
    values: Callable[[Evaluation], tuple[float, ...]],
    exact: dict[int, float],
) -> list[Series]:
    """Return a series for each layer, by the number of the pass.

    Args:
        session: The session.
        glyphs: The characters of the screen.
        letter: The symbol of each series, before the number of its layer.
        values: A function that returns the value of every layer in an evaluation.
        exact: The values of the pass on screen, of the layers for which it has computed them.
    """
    trace, count = session.trace, len(session.engine.sizes) - 1
    max_layers = _MAX_LAYERS if session.other is None else _MAX_LAYERS // 2
    layers = list(range(count))
    if count > max_layers:
        layers = [*layers[: max_layers // 2], *layers[count - max_layers // 2 :]]
    evaluations = [each for each in list(session.run.evaluations.items) if values(each)]
    series = []
    for layer in layers:
        is_to_come = trace.update == session.run.reached and not session.running and layer not in exact
        points = [
            (each.update, values(each)[layer])
            for each in evaluations
            if layer < len(values(each)) and not (is_to_come and each.update == trace.update)
        ]
        if layer in exact and not any(update == trace.update for update, _ in points):
            points = sorted([*points, (trace.update, exact[layer])])
        x, y = point_arrays(points)
        value = legend_number(exact[layer], glyphs) if layer in exact else ""
        name = f"{letter}{glyphs.sub(layer + 1)}"
        color = f"class{layer % CLASS_COLOR_COUNT}"
        series.append(Series(name, x, y, color, value=value, end_label=name if count > 1 else ""))
    return series


def learning_rates(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the learning rate of every pass."""
    run = session.run
    end = max(run.reached, session.trace.update)
    x: list[float] = []
    y: list[float] = []
    for segment, following in zip(run.segments, [*run.segments[1:], None], strict=True):
        last = end if following is None else following.start
        if last <= segment.start:
            continue
        first = segment.start + 1
        points = 2 if segment.experiment.training.schedule.is_constant else min(_MAX_RATES, last - first + 1)
        updates = np.linspace(first, last, points).round().astype(int).tolist()
        x += map(float, updates)
        y += map(segment.engine.learning_rate, updates)
    value = f"{session.trace.learning_rate:.4g}"
    return [Series(glyphs.eta, np.array(x), np.array(y), "accent", value=value)]
