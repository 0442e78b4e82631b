"""The hidden units: the response of each of them to every input, side by side, and the hidden space."""

from __future__ import annotations

from dataclasses import dataclass

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.core.display.extent import plane_extent
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.legend import LegendItem, draw_legend, legend_rows
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.parts import PlacedStrips, join_parts
from nn_tui.tui.draw.plane_plot import PlanePlot, cells_per_line, fit_plot
from nn_tui.tui.draw.regions import PlanePoints, draw_surface
from nn_tui.tui.draw.scale_legend import scale_item
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.hidden_space import (
    HiddenSpace,
    draw_space,
    hidden_space,
    last_hidden_layer,
    space_extent,
    space_sample_at,
    usual_legend,
)
from nn_tui.tui.views.output.plane_grid import compute_on_plot, forward
from nn_tui.tui.views.output.predictions import SampleHit, has_hidden_unit, selected_unit

_GAP = 2  # cells between two parts side by side
_MIN_BESIDE_WIDTH = 60  # cells from which the hidden space is beside the responses
_MIN_STACKED_HEIGHT = 16  # lines from which the legend is below the space, and a blank line above it
_LEGEND_WIDTH = 26  # cells of a legend beside the space
_MAX_MAPS = 16
_MIN_MAP_LINES, _MIN_LINES_OF_ALL = 3, 2  # of a response; of each of them if all fit


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """The parts of the panel, in cells.

    Attributes:
        layer: The layer of the responses, from 0.
        maps: The cells of each response with its name above it, by unit.
        map_plot: The plot of a response, within its cells below the name.
        space: The hidden space and its plot; None for a layer of one unit.
        space_region: The cells of the hidden space with its axes.
        space_plot: The plot within these cells.
        legend: The legend.
    """

    layer: int
    maps: dict[int, Region]
    map_plot: PlanePlot
    space: HiddenSpace | None
    space_region: Region
    space_plot: PlanePlot
    legend: Region


def draw_hidden(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the response of every hidden unit of a layer, and the hidden space with the samples."""
    layout = _layout(session, palette, width, height)
    parts = _draw_maps(session, palette, layout)
    scale = scale_of(session, "a", layout.layer)
    items: list[LegendItem] = [scale_item(f"a{palette.glyphs.sub(layout.layer + 1)}", scale, palette)]
    count = session.engine.sizes[layout.layer + 1]
    if len(layout.maps) < count:
        note = tr("{shown} of {count} units", shown=len(layout.maps), count=count)
        items.append([(note, palette.style("dim"))])
    if layout.space is not None and layout.space_region.height:
        size = layout.space_region.size
        picture = draw_space(session, palette, layout.space, layout.space_plot, *size)
        parts.append((layout.space_region, picture.lines))
        items = [*picture.legend, *items]
    if layout.legend.height:
        parts.append((layout.legend, draw_legend(items, palette, *layout.legend.size)))
    return join_parts(parts, palette, width, height)


def hidden_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | Ref | None:
    """Return the activation of the unit whose response is at (x, y), or the sample there in the hidden space."""
    layout = _layout(session, palette, width, height)
    for unit, region in layout.maps.items():
        if region.contains(x, y):
            return Ref("a", layout.layer, unit, 0, session.ref.sample)
    region = layout.space_region
    if layout.space is not None and region.contains(x, y):
        return space_sample_at(layout.space, layout.space_plot, x - region.x, y - region.y)
    return None


def _draw_maps(session: Session, palette: Palette, layout: _Layout) -> list[PlacedStrips]:
    layer, plot, units = layout.layer, layout.map_plot, list(layout.maps)

    def compute(points: Array) -> list[Array]:
        zs, activations, _ = forward(session, points)
        return [zs[layer][:, units], activations[layer][:, units]]

    z, a = compute_on_plot(session, plot, compute)
    point = session.experiment.data.points[session.data_row][None, :]
    values = forward(session, point)[1][layer][0, units]
    scale, selected = scale_of(session, "a", layer), selected_unit(session)
    parts: list[PlacedStrips] = []
    for k, (unit, region) in enumerate(layout.maps.items()):
        heading = Canvas(region.width, 1, palette)
        style = palette.style("selected" if selected == (layer, unit) else "title")
        heading.put(0, 0, clip(f"h{palette.glyphs.sub(unit + 1)}", region.width, palette), style)
        data = PlanePoints(point, values[[k]], cursor=0)
        size = region.width, region.height - 1
        picture = draw_surface(plot, a[:, k], data, palette, *size, scale=scale, line=z[:, k])
        parts.append((region, [*heading.strips(), *picture]))
    return parts


def _layout(session: Session, palette: Palette, width: int, height: int) -> _Layout:
    layer = _layer_of_maps(session)
    space = hidden_space(session) if session.engine.sizes[-2] > 1 else None
    legend = usual_legend(session, palette)
    if width >= _MIN_BESIDE_WIDTH:
        lines = min(len(legend_rows(legend, palette, width // 2)) + 1, height // 3)
        is_flat = height < _MIN_STACKED_HEIGHT
        space_plot = _space_plot(session, space, palette, width // 2, height - (0 if is_flat else lines))
        legend_width = _LEGEND_WIDTH + _GAP if is_flat else 0
        left = width - max(space_plot.area.right + legend_width, width // 3)
        maps_room = Region(0, 0, left - _GAP, height)
        maps, map_plot = _map_regions(session, layer, palette, maps_room)
        space_region = Region(left, 0, width - left - legend_width, min(height, space_plot.lines))
        if is_flat:
            legend_region = Region(width - _LEGEND_WIDTH, 0, _LEGEND_WIDTH, height)
        else:
            legend_region = Region(left, space_region.bottom, width - left, height - space_region.bottom)
        return _Layout(layer, maps, map_plot, space, space_region, space_plot, legend_region)
    lines = min(len(legend_rows(legend, palette, width)), height // 4)
    gap = int(height >= _MIN_STACKED_HEIGHT)
    room = height - lines if space is None else (height - lines - gap) // 2
    maps, map_plot = _map_regions(session, layer, palette, Region(0, 0, width, room))
    top = max(region.bottom for region in maps.values()) + gap
    space_plot = _space_plot(session, space, palette, width, height - top - lines)
    space_region = Region(0, top, width, max(0, min(height - top - lines, space_plot.lines)))
    legend_region = Region(0, space_region.bottom, width, max(0, height - space_region.bottom))
    return _Layout(layer, maps, map_plot, space, space_region, space_plot, legend_region)


def _layer_of_maps(session: Session) -> int:
    """Return the layer of the responses: that of the selected unit if it is hidden, else the last hidden one."""
    unit = selected_unit(session)
    return unit[0] if unit is not None and has_hidden_unit(session) else last_hidden_layer(session)


def _space_plot(session: Session, space: HiddenSpace | None, palette: Palette, width: int, height: int) -> PlanePlot:
    if space is None:
        return fit_plot((0.0, 1.0, 0.0, 1.0), ("", ""), palette, width, 1)
    first, second = (f"h{palette.glyphs.sub(unit + 1)}" for unit in space.units)
    return fit_plot(space_extent(session, space), (first, second), palette, width, height)


def _map_regions(session: Session, layer: int, palette: Palette, room: Region) -> tuple[dict[int, Region], PlanePlot]:
    """Return the cells of each unit's response, as many and as large as fit, and the plot within them."""
    extent = plane_extent(session.experiment.data)
    count = session.engine.sizes[layer + 1]
    columns, shown, lines = _best_grid(min(count, _MAX_MAPS), cells_per_line(extent), room)
    unit = selected_unit(session)
    selected = unit[1] if unit is not None and unit[0] == layer else 0
    first = max(0, min(selected - shown // 2, count - shown))
    cell_width = (room.width - _GAP * (columns - 1)) // columns
    plot = fit_plot(extent, ("", ""), palette, max(1, cell_width), lines, axes=False)
    size = plot.area.width, plot.area.height + 1
    maps = {
        first + k: Region(room.x + k % columns * (size[0] + _GAP), room.y + k // columns * size[1], *size)
        for k in range(shown)
    }
    return maps, plot


def _best_grid(count: int, aspect: float | None, room: Region) -> tuple[int, int, int]:
    """Return (columns, maps, lines of a map) of the grid of most maps, and of these the largest, with legible ones."""
    for shown in range(count, 0, -1):
        grids: list[tuple[int, int]] = []
        for columns in range(1, shown + 1):
            width = (room.width - _GAP * (columns - 1)) // columns
            lines = room.height // -(-shown // columns) - 1
            grids.append((min(lines, int(width / aspect)) if aspect is not None else lines, -columns))
        lines, columns = max(grids)
        if lines >= (_MIN_LINES_OF_ALL if shown == count else _MIN_MAP_LINES):
            return -columns, shown, lines
    return 1, 1, max(1, room.height - 1)
