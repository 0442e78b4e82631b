"""The plane of two inputs as a figure: decision regions or a surface as polygons, with the data points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from nn_tui.core.data.classes import class_indices
from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.labels import point_labels
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.display.extent import MAX_RATIO, Extent, plane_extent
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.scales import quantity_scale
from nn_tui.core.figure import svg
from nn_tui.core.figure.contours import Line, boundaries, regions, simplified
from nn_tui.core.figure.heading import MARGIN, heading, parameters_moment
from nn_tui.core.figure.markers import MAX_MARKERS, class_marker, marker
from nn_tui.core.figure.plane_keys import CLASS_STRENGTHS, class_keys, draw_plane_keys, number_keys
from nn_tui.core.figure.plot import Plot, draw_axes, extra_width, place_plot, range_axis
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, theme_of
from nn_tui.core.run.boundary import boundary_values
from nn_tui.core.run.evaluation_sample import spread_rows
from nn_tui.core.run.metrics import predict, run_forward
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr

_SIDE = 440.0  # of the longer side of the plot
_MIN_WIDTH = 380.0
_GRID = 101  # points along each side
_MAX_PRODUCTS = 60_000_000  # multiplications of a figure
_MIN_GRID = 25
_BANDS = 20  # of the colours of a number
_TOLERANCE = 0.1  # by which a line may differ from the straight pieces between the points of the grid


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The network's numbers on the plane: the coordinates, z and the predictions (rows, columns, outputs)."""

    xs: Array
    ys: Array
    z: Array
    outputs: Array


def draw_plane(request: FigureRequest, *, has_classes: bool) -> str:
    """Return the figure of the plane: decision regions for classes, else a surface of the single output."""
    theme, data = theme_of(request.palette), request.data
    pale, extent = theme.paler(), plane_extent(data)
    width, height = _size(extent)
    axes = range_axis(*extent[:2], width), range_axis(*extent[2:], height)
    figure_width = max(_MIN_WIDTH, width + extra_width(axes[1]))
    above = heading(request, theme, figure_width, moment=parameters_moment(request))
    plot = place_plot(above.bottom, figure_width, height, *axes, width=width)
    grid = _grid_of(request, extent)
    scale = quantity_scale(request.engine, request.trace, "y", 0)
    is_single = request.engine.sizes[-1] == 1
    areas = _number_areas(request, grid, plot, pale, scale) if is_single else _class_areas(grid, plot, theme)
    areas += _not_numbers(grid, plot, theme)
    lines = _boundary(request, grid, plot, theme) if has_classes else []
    if has_classes:
        points, has_wrong = _class_points(request, plot, theme)
        keys = class_keys(request, theme, pale, scale, has_wrong=has_wrong, has_line=bool(lines))
    else:
        points, keys = _number_points(request, plot, pale, scale), number_keys(theme)
    has_scale = is_single and not request.engine.loss.is_mistake_driven
    legend, bottom = draw_plane_keys(request, plot, pale, scale if has_scale else None, keys)
    first, second = point_labels(data)
    body = [
        *above.items,
        svg.group(areas, class_="areas"),
        *lines,
        *draw_axes(plot, theme, (first, second)),
        svg.group(points, class_="points"),
        *legend,
    ]
    title = tr("{title}: decision regions", title=above.title)
    if not has_classes:
        title = tr("{title}: output over the plane", title=above.title)
    description = tr(
        "The output of the network for every {first} and {second}, with {count:,} data points. {about}",
        first=first, second=second, count=len(points), about=" ".join(above.lines),
    )  # fmt: skip
    return svg.document(figure_width, bottom + MARGIN / 2, theme, title, description, body)


def _size(extent: Extent) -> tuple[float, float]:
    """Return the width and the height of the plot; one unit of both inputs is equally long, within limits."""
    x_low, x_high, y_low, y_high = extent
    ratio = (x_high / 2 - x_low / 2) / (y_high / 2 - y_low / 2)
    if not 1 / MAX_RATIO <= ratio <= MAX_RATIO:
        ratio = 1.0
    return (_SIDE, _SIDE / ratio) if ratio >= 1 else (_SIDE * ratio, _SIDE)


def _grid_of(request: FigureRequest, extent: Extent) -> _Grid:
    """Compute the network on a grid of the plane, coarser for a large network."""
    size = int(min(_GRID, max(_MIN_GRID, (_MAX_PRODUCTS / request.engine.parameters) ** 0.5)))
    xs, ys = np.linspace(*extent[:2], size), np.linspace(*extent[2:], size)
    points = np.stack([np.tile(xs, size), np.repeat(ys, size)], axis=1)
    zs, _, outputs = run_forward(request.engine, request.state, network_inputs(request.data, points))
    return _Grid(xs, ys, zs[-1].reshape(size, size, -1), outputs.reshape(size, size, -1))


def _number_areas(request: FigureRequest, grid: _Grid, plot: Plot, theme: Theme, scale: NumberScale) -> list[str]:
    """Return the bands of a number's colours: each area lies on the one with the next lower numbers."""
    low = -scale.limit if scale.kind == "diverging" else 0.0
    if request.engine.loss.is_mistake_driven:  # the prediction jumps from 0 to 1 where z is 0
        values, edges, colors = grid.z[:, :, 0], [0.0], [0.0, 1.0]
    else:
        values, steps = grid.outputs[:, :, 0], np.linspace(low, scale.limit, _BANDS + 1)
        edges, colors = steps[1:-1].tolist(), ((steps[:-1] + steps[1:]) / 2).tolist()
    areas = [_rectangle(plot, theme.fill(colors[0], scale))]
    for edge, color in zip(edges, colors[1:], strict=True):
        areas += area(plot, grid.xs, grid.ys, values - edge, theme.fill(color, scale))
    return areas


def _class_areas(grid: _Grid, plot: Plot, theme: Theme) -> list[str]:
    """Return the areas of the classes: the colour of the most likely class, paler where it is less likely."""
    outputs = _finite(grid.outputs)
    classes, chance = outputs.shape[2], 1 / outputs.shape[2]
    paint = partial(area, plot, grid.xs, grid.ys)
    areas = [_rectangle(plot, theme.class_area(0, CLASS_STRENGTHS[0]))]
    for label in range(1, classes):  # each area lies on those of the classes before it, so that no gap is left
        margin = outputs[:, :, label:].max(axis=2) - outputs[:, :, :label].max(axis=2)
        areas += paint(margin, theme.class_area(label, CLASS_STRENGTHS[0]))
    for label in range(classes):
        others = np.delete(outputs, label, axis=2).max(axis=2)
        for step, strength in enumerate(CLASS_STRENGTHS[1:], 1):
            least = chance + (1 - chance) * step / len(CLASS_STRENGTHS)
            values = np.minimum(outputs[:, :, label] - least, outputs[:, :, label] - others)
            areas += paint(values, theme.class_area(label, strength))
    for label in range(1, classes):
        margin = outputs[:, :, label:].max(axis=2) - outputs[:, :, :label].max(axis=2)
        areas += _stroked(plot, boundaries(margin, grid.xs, grid.ys), theme.background, 1.2, None)
    return areas


def area(plot: Plot, xs: Array, ys: Array, values: Array, fill: str) -> list[str]:
    """Return the area where numbers on a grid are 0 or more; nothing if there is none."""
    loops = regions(_finite(values), xs, ys)
    if not loops:
        return []
    return [svg.element("path", class_="area", d=_data(plot, loops), fill=fill, fill_rule="evenodd")]


def _data(plot: Plot, loops: Iterable[Line]) -> str:
    parts = []
    for loop in loops:
        points = np.array(loop)
        shown = simplified(np.stack([plot.xs(points[:, 0]), plot.ys(points[:, 1])], axis=1), _TOLERANCE)
        parts.append(svg.path_data((x, y) for x, y in shown.tolist()))
    return "".join(parts)


def _finite(values: Array) -> Array:
    """Return numbers with NaN as −1 and infinities as large numbers."""
    return np.clip(np.nan_to_num(values, nan=-1.0), -1e12, 1e12)


def _stroked(plot: Plot, lines: list[Line], color: str, width: float, class_: str | None) -> list[str]:
    if not lines:
        return []
    return [svg.element("path", class_=class_, d=_data(plot, lines), fill="none", stroke=color, stroke_width=width)]


def _not_numbers(grid: _Grid, plot: Plot, theme: Theme) -> list[str]:
    """Return the area where the output is not a number."""
    is_nan = np.isnan(grid.outputs).any(axis=2)
    return area(plot, grid.xs, grid.ys, np.where(is_nan, 1.0, -1.0), theme.nan) if is_nan.any() else []


def _rectangle(plot: Plot, fill: str) -> str:
    return svg.element("rect", class_="area", x=plot.left, y=plot.top, width=plot.width, height=plot.height, fill=fill)


def _boundary(request: FigureRequest, grid: _Grid, plot: Plot, theme: Theme) -> list[str]:
    """Return the line between two classes of a single output."""
    shape = grid.outputs.shape
    values = boundary_values(request.engine, grid.z.reshape(-1, shape[2]), grid.outputs.reshape(-1, shape[2]))
    if values is None or not np.isfinite(values).all():
        return []
    return _stroked(plot, boundaries(values.reshape(shape[:2]), grid.xs, grid.ys), theme.text, 1.8, "boundary")


def _class_points(request: FigureRequest, plot: Plot, theme: Theme) -> tuple[list[str], bool]:
    """Return the markers of the samples, wrong predictions on top, and whether there is one."""
    data, engine = request.data, request.engine
    train, test = (spread_rows(len(x), MAX_MARKERS) for x in (data.x, data.x_test))
    y = np.concatenate([data.y[train], data.y_test[test]])
    predictions = predict(engine, request.state, np.concatenate([data.x[train], data.x_test[test]]))
    points = np.concatenate([data.points[train], data.points_test[test]])
    wrong, labels = wrong_rows(predictions, y, engine.coding), class_indices(y)
    across, down = plot.xs(points[:, 0]), plot.ys(points[:, 1])
    items = []
    for k in np.argsort(wrong, kind="stable").tolist():
        if not (np.isfinite(across[k]) and np.isfinite(down[k])):
            continue
        items.append(
            class_marker(
                float(across[k]), float(down[k]), int(labels[k]), theme, is_single=y.shape[1] == 1,
                is_test=k >= len(train), is_wrong=bool(wrong[k]),
            )
        )  # fmt: skip
    return items, bool(wrong.any())


def _number_points(request: FigureRequest, plot: Plot, theme: Theme, scale: NumberScale) -> list[str]:
    """Return the markers of the training samples in the colours of their targets."""
    data = request.data
    rows = spread_rows(len(data.x), MAX_MARKERS)
    across, down = plot.xs(data.points[rows, 0]), plot.ys(data.points[rows, 1])
    return [
        marker(float(x), float(y), "circle", fill=theme.fill(float(target), scale), stroke=theme.text)
        for x, y, target in zip(across, down, data.y[rows, 0], strict=True)
        if np.isfinite(x) and np.isfinite(y)
    ]
