"""The response of a unit: its activation for every input."""

from __future__ import annotations

from textual.strip import Strip

from nn_tui.core.data.features import network_inputs
from nn_tui.core.display.number_text import fmt
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.fitted import FittedCurve, draw_fitted_curve
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.legend import MIN_HEIGHT_FOR_LEGEND, draw_legend
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.regions import PlanePoints, draw_surface, surface_items
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.curve import curve_inputs
from nn_tui.tui.views.output.plane_grid import compute_on_plot, forward, plot_of
from nn_tui.tui.views.output.predictions import has_predictions, selected_unit


def activation_name(layer: int, unit: int, palette: Palette) -> str:
    """Return the name of a unit's activation: ``a₁[2]``; layer and unit count from 0."""
    return f"a{palette.glyphs.sub(layer + 1)}[{unit + 1}]"


def selected_activation_name(session: Session, palette: Palette) -> str:
    """Return the name of the selected unit's activation: ``a₁[2]``."""
    unit = selected_unit(session)
    return tr("unit") if unit is None else activation_name(*unit, palette)


def draw_unit_response(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the activation of the selected unit over the plane or the line."""
    unit = selected_unit(session)
    if unit is None:
        text = tr("Select a unit to see its activation for every input: click it, or use `[`, `]` and the arrow keys.")
        return draw_message(format_keys(text, session.key_labels), palette, width, height)
    if session.experiment.data.points.shape[1] == 1:
        return _draw_curve(session, unit, palette, width, height)
    return _draw_plane(session, unit, palette, width, height)


def draw_titled_response(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the response of the selected unit below its name."""
    heading = Canvas(width, 1, palette)
    x = heading.put(0, 0, selected_activation_name(session, palette), palette.style("title"))
    about = tr("its activation for every input")
    heading.put(x + 1, 0, clip(about, width - x - 1, palette), palette.style("dim"))
    return [*heading.strips(), *draw_unit_response(session, palette, width, height - 1)]


def _draw_curve(session: Session, unit: tuple[int, int], palette: Palette, width: int, height: int) -> list[Strip]:
    layer, index = unit
    data = session.experiment.data

    def activation(x: Array) -> Array:
        """Return the unit's activation (n,) at the inputs ``x`` (n,)."""
        inputs = network_inputs(data, x[:, None])
        return run_forward(session.engine, session.state, inputs)[1][layer][:, index]

    x = curve_inputs(session)
    cursor = data.points[session.data_row, :1]
    value = float(activation(cursor)[0])
    text = fmt(value, 3, sign=False, glyphs=palette.glyphs) if has_predictions(session) else ""
    name, style = activation_name(layer, index, palette), palette.number(value, scale_of(session, "a", layer))
    fit = FittedCurve(
        x, activation(x), cursor=float(cursor[0]), name=name, values=(text, ""), value_styles=(style, None)
    )
    return draw_fitted_curve(fit, palette, width, height)


def _draw_plane(session: Session, unit: tuple[int, int], palette: Palette, width: int, height: int) -> list[Strip]:
    layer, index = unit
    legend_lines = int(height >= MIN_HEIGHT_FOR_LEGEND)
    plot = plot_of(session, palette, width, height - legend_lines)
    (values,) = compute_on_plot(session, plot, lambda points: [forward(session, points)[1][layer][:, [index]]])
    point = session.experiment.data.points[session.data_row][None, :]
    value = forward(session, point)[1][layer][:, index]
    scale = scale_of(session, "a", layer)
    picture_height = min(height - legend_lines, plot.lines)
    picture = draw_surface(
        plot, values, PlanePoints(point, value, cursor=0), palette, width, picture_height, scale=scale
    )
    items = surface_items(f"a{palette.glyphs.sub(layer + 1)}", tr("this sample"), scale, palette)
    rest = height - picture_height
    return [*picture, *(draw_legend(items, palette, width, rest) if rest else [])]
