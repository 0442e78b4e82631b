"""The arrangement of a picture of the plane, its legend, the table of samples and the selected unit's response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from nn_tui.tui.draw.legend import MIN_HEIGHT_FOR_LEGEND, LegendItem, legend_rows
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.plane_grid import plot_of
from nn_tui.tui.views.output.predictions import has_hidden_unit
from nn_tui.tui.views.output.table import is_small

GAP = 2
"""Cells between two parts side by side."""

_SIDE_WIDTH = 26  # cells of legend and table beside the picture, at least
_RESPONSE_WIDTH, _RESPONSE_HEIGHT = 18, 8  # cells and lines of a unit's response, at least
_MIN_TABLE_HEIGHT = 4
_MAX_LEGEND_PART = 4  # the legend takes at most this part of the height


@dataclass(frozen=True, slots=True)
class PlaneLayout:
    """The parts of a panel, in cells; None for a part that has no room.

    Attributes:
        picture: The plot with its axes.
        plot: The plot within the picture.
        legend: The legend; no lines if there is no room.
        table: The table of samples.
        response: The response of the selected hidden unit.
    """

    picture: Region
    plot: PlanePlot
    legend: Region
    table: Region | None
    response: Region | None


def plane_layout(
    usual_legend: Sequence[LegendItem], session: Session, palette: Palette, width: int, height: int
) -> PlaneLayout:
    """Arrange the parts so that the plot is as large as possible; the layout does not depend on the weights."""
    samples = len(session.experiment.data.x)
    table_lines = min(samples + 1, height // 3) if is_small(session) else 0
    if table_lines < min(_MIN_TABLE_HEIGHT, samples + 1):
        table_lines = 0
    below_lines = _legend_lines(usual_legend, palette, width, height)
    below = plot_of(session, palette, width, height - below_lines - table_lines)
    beside = plot_of(session, palette, width - _SIDE_WIDTH - GAP, height)
    has_room_beside = width >= 2 * _SIDE_WIDTH and beside.area.right <= width - _SIDE_WIDTH - GAP
    if has_room_beside and beside.area.area > below.area.area:
        return _layout_beside(beside, usual_legend, session, palette, width, height)
    return _layout_below(below, below_lines, table_lines, session, width, height)


def _layout_below(
    plot: PlanePlot, legend_lines: int, table_lines: int, session: Session, width: int, height: int
) -> PlaneLayout:
    picture = Region(0, 0, width, min(height, plot.lines))
    legend = Region(0, picture.bottom, width, legend_lines)
    rest = Region(0, legend.bottom, width, height - legend.bottom)
    table, rest = _take_table(rest, table_lines, session)
    response = rest if has_hidden_unit(session) and rest.height > _RESPONSE_HEIGHT else None
    if table is None and response is None and rest.height >= _MIN_TABLE_HEIGHT:
        table = rest
    return PlaneLayout(picture, plot, legend, table, response)


def _layout_beside(
    plot: PlanePlot, usual_legend: Sequence[LegendItem], session: Session, palette: Palette, width: int, height: int
) -> PlaneLayout:
    picture = Region(0, 0, plot.area.right, height)
    left = picture.right + GAP
    response = None
    room = width - left - _SIDE_WIDTH - GAP  # for a response between picture and table
    if has_hidden_unit(session) and room >= _RESPONSE_WIDTH and height >= _RESPONSE_HEIGHT:
        response = Region(left, 0, min(room, picture.width), height)
        left = response.right + GAP
    side = Region(left, 0, width - left, height)
    legend_lines = min(len(legend_rows(usual_legend, palette, side.width)) + 1, max(1, height // 2))
    legend = Region(side.x, 0, side.width, legend_lines)
    rest = Region(side.x, legend.bottom, side.width, height - legend.bottom)
    table_lines = min(len(session.experiment.data.x) + 1, rest.height)
    if response is None and has_hidden_unit(session) and rest.height > _RESPONSE_HEIGHT + _MIN_TABLE_HEIGHT:
        table_lines = min(table_lines, rest.height - _RESPONSE_HEIGHT - 1 if is_small(session) else rest.height // 3)
    table, rest = _take_table(rest, table_lines, session)
    if response is None and has_hidden_unit(session) and rest.height > _RESPONSE_HEIGHT:
        response = rest
    return PlaneLayout(picture, plot, legend, table, response)


def _take_table(rest: Region, lines: int, session: Session) -> tuple[Region | None, Region]:
    """Return the table at the top of ``rest``, and what is left below it."""
    if lines < min(_MIN_TABLE_HEIGHT, len(session.experiment.data.x) + 1):
        return None, rest
    table, below = rest.split_horizontal(min(lines, rest.height))
    return table, below


def _legend_lines(items: Sequence[LegendItem], palette: Palette, width: int, height: int) -> int:
    if height < MIN_HEIGHT_FOR_LEGEND:
        return 0
    return min(len(legend_rows(items, palette, width)), max(1, height // _MAX_LEGEND_PART))
