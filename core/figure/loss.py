"""The loss as a figure: the curves of the batches and of both parts of the data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from nn_tui.core.display.axes import linear_axis, log_axis
from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt
from nn_tui.core.errors import InputError
from nn_tui.core.figure import svg
from nn_tui.core.figure.heading import MARGIN, heading, parameters_moment
from nn_tui.core.figure.key_rows import ROW_HEIGHT, draw_keys, line_key
from nn_tui.core.figure.plot import Plot, draw_axes, place_plot, range_axis
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, theme_of
from nn_tui.core.run.evaluation_sample import evaluated_rows
from nn_tui.core.run.known_evaluations import known_evaluations
from nn_tui.core.spec import Array
from nn_tui.core.translation import message, tr

_WIDTH, _HEIGHT = 720.0, 320.0
_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """A curve: its points, its name with its value at the moment of the figure, and how its line looks."""

    x: Array
    y: Array
    name: str
    color: str
    width: float
    dashes: str | None = None


def draw_loss(request: FigureRequest) -> str:
    """Return the figure of the loss.

    Raises:
        InputError: No pass has computed a loss yet.
    """
    theme = theme_of(request.palette)
    curves = [curve for curve in _curves(request, theme) if np.isfinite(curve.y).any()]
    if not curves or max(curve.x[-1] for curve in curves) <= 0:
        problem = message("there is no curve yet, because no update is made; train some updates first.")
        raise InputError("not_available", problem)
    values = np.array([y for y in chain.from_iterable(curve.y.tolist() for curve in curves) if np.isfinite(y)])
    is_log = request.is_log and bool((values > 0).any())
    y_axis = log_axis(values, 12, UNICODE_SIGNS) if is_log else linear_axis(values, 6, UNICODE_SIGNS)
    last = float(max(curve.x[-1] for curve in curves))
    above = heading(request, theme, _WIDTH, moment=parameters_moment(request))
    keys = [line_key(curve.name, curve.color, curve.width, curve.dashes) for curve in curves]
    legend, _, y = draw_keys(keys, theme, MARGIN, _WIDTH - MARGIN, above.bottom + 6)
    plot = place_plot(y + ROW_HEIGHT / 2, _WIDTH, _HEIGHT, range_axis(0.0, last, _WIDTH), y_axis)
    names = tr("updates"), tr("loss (log scale)") if is_log else tr("loss")
    body = [*above.items, *legend, *draw_axes(plot, theme, names, has_grid=True)]
    body += [_draw_curve(curve, plot) for curve in curves]
    if request.updates < last - 1:
        x = float(plot.xs(request.updates))
        body.append(
            svg.element(
                "line", class_="moment", x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke=theme.text,
                stroke_dasharray="2 3",
            )
        )  # fmt: skip
    title = tr("{title}: loss", title=above.title)
    description = tr(
        "The loss over the updates: {curves}. {about}",
        curves="; ".join(curve.name for curve in curves), about=" ".join(above.lines),
    )  # fmt: skip
    return svg.document(_WIDTH, plot.end + MARGIN / 2, theme, title, description, body)


def _curves(request: FigureRequest, theme: Theme) -> list[_Curve]:
    """Return the curves: that of the batches first, unless it is the one of all training rows."""
    run, data, trace = request.run, request.data, request.trace
    evaluations = known_evaluations(
        run, trace, request.updates, request.state, is_training=False, max_products=float("inf")
    )
    now = next(each for each in evaluations if each.update == request.updates)
    has_penalty = any(each.penalty for each in evaluations)
    is_loss_known = request.cursor >= request.steps.after("loss")
    passes, losses = run.losses.points()
    if not is_loss_known and trace.update == run.reached:
        passes, losses = passes[:-1], losses[:-1]
    is_full_batch = all(segment.engine.batches_per_epoch == 1 for segment in run.segments)
    is_one_curve = is_full_batch and not has_penalty and evaluated_rows(len(data.x)) == len(data.x)
    updates = np.array([float(each.update) for each in evaluations])
    name = _part_name(tr("whole set") if now.test_loss is None else tr("train set"), len(data.x))
    train = np.array([each.train_loss for each in evaluations])
    curves = []
    if is_one_curve:
        newer = updates > (passes[-1] - 1 if len(passes) else -1)
        x, y = np.concatenate([passes - 1.0, updates[newer]]), np.concatenate([losses, train[newer]])
        curves.append(_curve(x, y, name, now.train_loss, theme.text, 2.0))
    else:
        batch = tr("batch with penalty") if has_penalty else tr("batch")
        if is_loss_known:
            batch = (
                tr("batch of pass {number:,} with penalty", number=trace.update)
                if has_penalty
                else tr("batch of pass {number:,}", number=trace.update)
            )
        curves.append(_curve(passes - 1.0, losses, batch, trace.loss if is_loss_known else None, theme.border, 0.8))
        curves.append(_curve(updates, train, name, now.train_loss, theme.text, 2.0))
    if now.test_loss is not None:
        points = [(each.update, each.test_loss) for each in evaluations if each.test_loss is not None]
        x, y = np.array([float(x) for x, _ in points]), np.array([y for _, y in points])
        name = _part_name(tr("test set"), len(data.x_test))
        curves.append(_curve(x, y, name, now.test_loss, theme.test, 2.0, "7 4"))
    return curves


def _part_name(name: str, rows: int) -> str:
    """Return the name of a part of the data, and how many of its rows are evaluated if they are not all."""
    count = evaluated_rows(rows)
    return name if count == rows else tr("{name}, {count:,} of {rows:,} rows", name=name, count=count, rows=rows)


def _curve(
    x: Array, y: Array, name: str, value: float | None, color: str, width: float, dashes: str | None = None
) -> _Curve:
    """Return a curve whose name has a value, unless that is None."""
    words = "" if value is None else fmt(value, _DIGITS, sign=False, glyphs=UNICODE_SIGNS)
    return _Curve(x, y, f"{name} {words}".rstrip(), color, width, dashes)


def _draw_curve(curve: _Curve, plot: Plot) -> str:
    return svg.element(
        "path", class_="curve", d=plot.line(curve.x, curve.y), fill="none", stroke=curve.color,
        stroke_width=curve.width, stroke_dasharray=curve.dashes, stroke_linejoin="round", stroke_linecap="round",
    )  # fmt: skip
