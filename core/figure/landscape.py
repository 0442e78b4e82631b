"""The loss landscape as a figure: bands of the logarithm of the loss around the parameters, and the path of the run."""

from __future__ import annotations

import numpy as np

from nn_tui.core.analysis.landscape import Landscape, evaluate_grid, plan_grid
from nn_tui.core.analysis.landscape_bands import (
    BANDS,
    MAX_DECADES,
    log_fractions,
    loss_range,
    named_points,
    path_on_curve,
)
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.errors import InputError
from nn_tui.core.figure import svg
from nn_tui.core.figure.contours import boundaries
from nn_tui.core.figure.heading import MARGIN, heading
from nn_tui.core.figure.legend import scale_legend
from nn_tui.core.figure.plane import area
from nn_tui.core.figure.plot import Plot, draw_axes, place_plot, range_axis
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, theme_of
from nn_tui.core.spec import Array
from nn_tui.core.text import two_digits
from nn_tui.core.translation import message, tr

_SIDE = 440.0
_LEGEND_WIDTH = 170.0
_SCALE = NumberScale("sequential", 1.0)  # of losses as fractions
_LABEL_SIZE = 10.0
_MIN_WIDTH = 500.0


def draw_landscape(request: FigureRequest) -> str:
    """Return the figure of the loss around the parameters.

    Raises:
        InputError: No parameter is trained, or the parameters are too large.
    """
    landscape = evaluate_grid(plan_grid(request.run, request.updates))
    if landscape is None:  # nobody stops it
        raise InputError("cancelled", message("the landscape is not complete."))
    theme = theme_of(request.palette)
    is_curve = len(landscape.ys) == 1
    path = path_on_curve(landscape) if is_curve else landscape.path
    vertical = np.array(loss_range(landscape.losses[0], path[:, 1])) if is_curve else landscape.ys
    x_range = float(landscape.xs[0]), float(landscape.xs[-1])
    y_range = float(vertical[0]), float(vertical[-1])
    width, height = _size(x_range, y_range, is_curve=is_curve)
    figure_width = max(_MIN_WIDTH, MARGIN + 60 + width + 24 + _LEGEND_WIDTH + MARGIN)
    above = heading(request, theme, figure_width, _about(landscape))
    axes = range_axis(*x_range, width), range_axis(*y_range, height)
    placed = place_plot(above.bottom, figure_width, height, *axes)
    plot = Plot(placed.left, placed.top, width, height, *axes)
    inside = _curve(landscape, plot, theme) if is_curve else _bands(landscape, plot, theme)
    inside += _path(landscape, path, plot, theme, connect=not is_curve)
    picture = svg.element(  # an element svg cuts off what is outside of it
        "svg", "\n", *(f"{item}\n" for item in inside), class_="picture", x=plot.left, y=plot.top, width=plot.width,
        height=plot.height,
        viewBox=" ".join(map(svg.number, (plot.left, plot.top, plot.width, plot.height))),
    )  # fmt: skip
    names = str(landscape.names[0]), str(landscape.names[1])
    body = [*above.items, picture, *draw_axes(plot, theme, names), *_legend(landscape, plot, theme)]
    title = tr("{title}: loss landscape", title=above.title)
    description = tr(
        "The loss on a slice through the parameters, along {first} and {second}; the path of the training ends at a "
        "loss of {loss}. {about}",
        first=names[0], second=names[1], loss=f"{landscape.loss:.4g}", about=" ".join(above.lines),
    )  # fmt: skip
    return svg.document(
        max(_MIN_WIDTH, plot.right + 24 + _LEGEND_WIDTH + MARGIN),
        plot.end + MARGIN / 2,
        theme,
        title,
        description,
        body,
    )


def _about(landscape: Landscape) -> str:
    return tr("Loss {loss} of {rows:,} training rows.", loss=f"{landscape.loss:.4g}", rows=landscape.rows)


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


def _path(landscape: Landscape, path: Array, plot: Plot, theme: Theme, *, connect: bool) -> list[str]:
    """Return the path of the run: its line, its start, its end, and the updates along it."""
    across, down = plot.xs(path[:, 0]), plot.ys(path[:, 1])
    is_finite = np.isfinite(across) & np.isfinite(down)
    points = list(zip(across.tolist(), down.tolist(), strict=True))
    items = []
    if connect:
        data = svg.path_data(point for point, ok in zip(points, is_finite, strict=True) if ok)
        for color, width in ((theme.background, 4.0), (theme.text, 1.6)):  # a border sets it off from dark bands
            items.append(
                svg.element("path", class_="path", d=data, fill="none", stroke=color, stroke_width=width,
                            stroke_linejoin="round")
            )  # fmt: skip
    last = len(points) - 1
    named = [index for index in (0, *named_points(landscape.updates.tolist())) if 0 <= index < last]
    shown = [index for index in (*named, last) if index >= 0 and is_finite[index]]  # the last one lies on top
    for index in shown:
        x, y = points[index]
        radius, fill = (5.5 if index == last else 4.0), (theme.background if index == 0 < last else theme.text)
        stroke = theme.text if index == 0 < last else theme.background
        items.append(
            svg.element("circle", class_="update", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=1.5)
        )
    taken: list[tuple[float, float]] = []
    for index in reversed(shown if last > 0 else []):
        x, y = points[index]
        words = f"{int(landscape.updates[index]):,}"
        width = svg.text_width(words, _LABEL_SIZE)
        if any(abs(x - a) <= width + 8 and abs(y - b) <= 14 for a, b in taken):
            continue
        is_left = x + 12 + width > plot.right
        anchor: svg.Anchor = "end" if is_left else "start"
        place = (x - 9 if is_left else x + 9, y - 6, words)
        items.append(svg.plate(*place, theme.background, size=_LABEL_SIZE, anchor=anchor))
        items.append(svg.text(*place, fill=theme.text, size=_LABEL_SIZE, anchor=anchor, class_="update-name"))
        taken.append((x, y))
    return items


def _legend(landscape: Landscape, plot: Plot, theme: Theme) -> list[str]:
    """Return the meaning of the markers, and the colours of the losses."""
    x, y, items = plot.right + 24, plot.top + 8, []
    rows = [("end", tr("after update {update:,}", update=landscape.update))]
    if len(landscape.path) > 1:
        rows += [("start", tr("start of the path")), ("point", tr("earlier updates"))]
    for kind, words in rows:
        fill = theme.background if kind == "start" else theme.text
        items.append(
            svg.element("circle", class_="key", cx=x + 5, cy=y, r=5.5 if kind == "end" else 4.0, fill=fill,
                        stroke=theme.text)
        )  # fmt: skip
        items.append(svg.text(x + 17, y + 4, svg.shorten(words, _LEGEND_WIDTH - 17), fill=theme.text, class_="legend"))
        y += 20
    finite = landscape.losses[np.isfinite(landscape.losses)]
    if finite.size and len(landscape.ys) > 1:
        low, high = float(finite.min()), float(finite.max())
        least = high / 10**MAX_DECADES
        first = two_digits(low) if low >= least else f"≤{two_digits(least)}"
        name = tr("loss (log scale)")
        items += scale_legend(x, y + 4, 140, name, _SCALE, theme, (first, two_digits(high)))
    return items
