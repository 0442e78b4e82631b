"""The output over a single input as a figure: the fitted curve of each output, and the data points."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.labels import point_labels, prediction_labels
from nn_tui.core.data.units import raw_targets, raw_targets_test, to_raw_units
from nn_tui.core.display.axes import linear_axis
from nn_tui.core.display.number_text import UNICODE_SIGNS
from nn_tui.core.figure import svg
from nn_tui.core.figure.heading import MARGIN, heading, parameters_moment
from nn_tui.core.figure.key_rows import ROW_HEIGHT, Key, draw_keys, line_key
from nn_tui.core.figure.markers import MAX_MARKERS, marker
from nn_tui.core.figure.plot import draw_axes, place_plot, range_axis
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, theme_of
from nn_tui.core.run.evaluation_sample import spread_rows
from nn_tui.core.run.metrics import predict
from nn_tui.core.translation import tr

MAX_OUTPUTS = 10

_WIDTH, _HEIGHT = 720.0, 340.0
_SAMPLES = 400  # of the curve


def draw_curve(request: FigureRequest) -> str:
    """Return the figure of a network with one input."""
    theme, data, engine, state = theme_of(request.palette), request.data, request.engine, request.state
    train, test = (spread_rows(len(x), MAX_MARKERS) for x in (data.x, data.x_test))
    points = np.concatenate([data.points[train], data.points_test[test]])[:, 0]
    targets = np.concatenate([raw_targets(data)[train], raw_targets_test(data)[test]])
    low, high = float(points.min()), float(points.max())
    margin = (high - low) * 0.05 or 1.0
    x = np.linspace(low - margin, high + margin, _SAMPLES)
    outputs = to_raw_units(data, predict(engine, state, network_inputs(data, x[:, None])))
    fitted = to_raw_units(data, predict(engine, state, network_inputs(data, points[:, None])))
    finite = np.concatenate([outputs.ravel(), targets.ravel()])
    finite = finite[np.isfinite(finite)]
    above = heading(request, theme, _WIDTH, moment=parameters_moment(request))
    legend, _, y = draw_keys(_keys(request, theme), theme, MARGIN, _WIDTH - MARGIN, above.bottom + 6)
    x_axis = range_axis(float(x[0]), float(x[-1]), _WIDTH)
    plot = place_plot(y + ROW_HEIGHT / 2, _WIDTH, _HEIGHT, x_axis, linear_axis(finite, 6, UNICODE_SIGNS))
    items = []
    is_single = outputs.shape[1] == 1
    if is_single:  # the residuals
        ends = zip(plot.xs(points), plot.ys(targets[:, 0]), plot.ys(fitted[:, 0]), strict=True)
        items += [
            svg.element(
                "line", class_="residual", x1=float(a), y1=float(b), x2=float(a), y2=float(c), stroke=theme.border,
                stroke_width=0.7,
            )
            for a, b, c in ends
            if np.isfinite([a, b, c]).all()
        ]  # fmt: skip
    for output in range(outputs.shape[1]):
        items.append(
            svg.element(
                "path", class_="curve", d=plot.line(x, outputs[:, output]), fill="none",
                stroke=_color(theme, output, is_single=is_single), stroke_width=2.2, stroke_linejoin="round",
            )
        )  # fmt: skip
        for k, (px, py) in enumerate(zip(plot.xs(points), plot.ys(targets[:, output]), strict=True)):
            if np.isfinite(px) and np.isfinite(py):
                items.append(_point(theme, output, float(px), float(py), is_single=is_single, is_test=k >= len(train)))
    names = point_labels(data)[0], tr("y and ŷ")
    body = [*above.items, *legend, *draw_axes(plot, theme, names, has_grid=True), svg.group(items, class_="points")]
    title = tr("{title}: fitted curve", title=above.title)
    description = tr(
        "The output of the network for every {name}, with {count:,} data points. {about}",
        name=names[0], count=len(points), about=" ".join(above.lines),
    )  # fmt: skip
    return svg.document(_WIDTH, plot.end + MARGIN / 2, theme, title, description, body)


def _color(theme: Theme, output: int, *, is_single: bool) -> str:
    return theme.text if is_single else theme.class_color(output)


def _point(
    theme: Theme, output: int, x: float, y: float, *, is_single: bool, is_test: bool, class_: str = "point"
) -> str:
    color = theme.test if is_test and is_single else _color(theme, output, is_single=is_single)
    fill, stroke = (theme.background, color) if is_test else (color, theme.background)
    return marker(x, y, "circle", fill=fill, stroke=stroke, class_=class_)


def _keys(request: FigureRequest, theme: Theme) -> list[Key]:
    """Return the keys of the curves and of the markers."""
    names = prediction_labels(request.data)
    is_single = len(names) == 1
    keys = [
        line_key(name, _color(theme, output, is_single=is_single), 2.2)
        for output, name in enumerate((tr("network ŷ"),) if is_single else names)
    ]
    for is_test, name in ((False, tr("train set")), (True, tr("test set"))):
        if not is_test or len(request.data.x_test):
            mark = _point(theme, 0, 6.0, 0.0, is_single=is_single, is_test=is_test, class_="key")
            keys.append(Key(name, (mark,)))
    return keys
