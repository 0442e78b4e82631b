"""The loss landscape as a figure: bands of the logarithm of the loss around the parameters, and the path of the run."""

from __future__ import annotations

import numpy as np

from nn_tui.core.analysis.landscape import Landscape, evaluate_grid, plan_grid
from nn_tui.core.analysis.landscape_bands import (
    BANDS,
    MAX_DECADES,
    log_fractions,
    loss_range,
    path_on_curve,
)
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.errors import InputError
from nn_tui.core.figure import svg
from nn_tui.core.figure.contours import boundaries
from nn_tui.core.figure.heading import MARGIN, heading, parameters_moment
from nn_tui.core.figure.landscape_path import draw_path, path_keys, path_marks
from nn_tui.core.figure.plane import area
from nn_tui.core.figure.plot import Plot, draw_axes, extra_width, place_plot, range_axis
from nn_tui.core.figure.plot_keys import NamedScale, draw_below
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, theme_of
from nn_tui.core.text import two_digits
from nn_tui.core.translation import message, tr

_SIDE = 440.0
_SCALE = NumberScale("sequential", 1.0)  # of losses as fractions
_MIN_WIDTH = 380.0


def draw_landscape(request: FigureRequest) -> str:
    """Return the figure of the loss around the parameters.

    Raises:
        InputError: No parameter is trained, or the parameters are too large.
    """
    plan = plan_grid(request.run, request.updates)
    landscape = evaluate_grid(plan)
    if landscape is None:  # nobody stops it
        raise InputError("cancelled", message("the landscape is not complete."))
    theme = theme_of(request.palette)
    pale, is_curve = theme.paler(), len(landscape.ys) == 1
    path = path_on_curve(landscape) if is_curve else landscape.path
    vertical = np.array(loss_range(landscape.losses[0], path[:, 1])) if is_curve else landscape.ys
    x_range = float(landscape.xs[0]), float(landscape.xs[-1])
    y_range = float(vertical[0]), float(vertical[-1])
    width, height = _size(x_range, y_range, is_curve=is_curve)
    axes = range_axis(*x_range, width), range_axis(*y_range, height)
    figure_width = max(_MIN_WIDTH, width + extra_width(axes[1]))
    lines = _about(landscape), _directions(request) if not plan.axes else ""
    above = heading(request, theme, figure_width, *lines, moment=parameters_moment(request))
    plot = place_plot(above.bottom, figure_width, height, *axes, width=width)
    inside = _curve(landscape, plot, theme) if is_curve else _bands(landscape, plot, pale)
    marks = path_marks(path, landscape.updates.tolist(), plot)
    inside += draw_path(path, marks, plot, theme, connect=not is_curve)
    picture = svg.element(  # an element svg cuts off what is outside of it
        "svg", "\n", *(f"{item}\n" for item in inside), class_="picture", x=plot.left, y=plot.top, width=plot.width,
        height=plot.height,
        viewBox=" ".join(map(svg.number, (plot.left, plot.top, plot.width, plot.height))),
    )  # fmt: skip
    names = str(landscape.names[0]), str(landscape.names[1])
    legend, bottom = draw_below(plot, pale, path_keys(marks, theme), _scale(landscape))
    body = [*above.items, picture, *draw_axes(plot, theme, names), *legend]
    title = tr("{title}: loss landscape", title=above.title)
    description = tr(
        "The loss on a slice through the parameters, along {first} and {second}; the path of the training ends at a "
        "loss of {loss}. {about}",
        first=names[0], second=names[1], loss=f"{landscape.loss:.4g}", about=" ".join(above.lines),
    )  # fmt: skip
    return svg.document(figure_width, bottom + MARGIN / 2, theme, title, description, body)


def _about(landscape: Landscape) -> str:
    return tr("Loss {loss} of {rows:,} training rows.", loss=f"{landscape.loss:.4g}", rows=landscape.rows)


def _directions(request: FigureRequest) -> str:
    """Return what the axes are, for random directions."""
    return (
        tr(
            "Directions 1 and 2 are random: a step of 1 changes the weights into each unit by as much as their length. "
            "The weights after update {update:,} are at 0, 0.",
            update=request.updates,
        )
        if request.updates
        else tr(
            "Directions 1 and 2 are random: a step of 1 changes the weights into each unit by as much as their length. "
            "The initial weights are at 0, 0."
        )
    )


def _scale(landscape: Landscape) -> NamedScale | None:
    """Return the colours of the losses; None for a curve."""
    finite = landscape.losses[np.isfinite(landscape.losses)]
    if not finite.size or len(landscape.ys) == 1:
        return None
    low, high = float(finite.min()), float(finite.max())
    least = high / 10**MAX_DECADES
    first = two_digits(low) if low >= least else f"≤{two_digits(least)}"
    return tr("loss (log scale)"), _SCALE, (first, two_digits(high))


def _size(x_range: tuple[float, float], y_range: tuple[float, float], *, is_curve: bool) -> tuple[float, float]:
    """Return the width and the height of the plot; a unit is equally long along both axes, unless one is the loss."""
    if is_curve:
        return _SIDE, 0.65 * _SIDE
    ratio = (x_range[1] - x_range[0]) / (y_range[1] - y_range[0])
    ratio = min(3.0, max(1 / 3.0, ratio)) if np.isfinite(ratio) and ratio > 0 else 1.0
    return (_SIDE, _SIDE / ratio) if ratio >= 1 else (_SIDE * ratio, _SIDE)


def _bands(landscape: Landscape, plot: Plot, theme: Theme) -> list[str]:
    """Return the bands from the lowest losses up, with their edges as thin lines."""
    fractions, xs, ys = log_fractions(landscape.losses), landscape.xs, landscape.ys
    is_nan = np.isnan(fractions)
    known = np.where(is_nan, 0.0, fractions)
    base = svg.element(
        "rect", class_="area", x=plot.left, y=plot.top, width=plot.width, height=plot.height,
        fill=theme.fill(0.0, _SCALE),
    )  # fmt: skip
    items = [base]
    for band in range(1, BANDS):
        fill = theme.fill(band / (BANDS - 1), _SCALE)
        items += area(plot, xs, ys, known - band / BANDS, fill)
    for band in range(1, BANDS):
        lines = boundaries(known - band / BANDS, xs, ys)
        for line in lines:
            data = plot.line(*np.array(line).T)
            items.append(
                svg.element("path", class_="contour", d=data, fill="none", stroke=theme.border, stroke_width=0.5)
            )
    if is_nan.any():
        items += area(plot, xs, ys, np.where(is_nan, 1.0, -1.0), theme.nan)
    return items


def _curve(landscape: Landscape, plot: Plot, theme: Theme) -> list[str]:
    losses = np.where(np.isfinite(landscape.losses[0]), landscape.losses[0], np.nan)
    data = plot.line(landscape.xs, losses)
    return [svg.element("path", class_="curve", d=data, fill="none", stroke=theme.text, stroke_width=1.8)]
