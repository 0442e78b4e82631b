"""The typed point on the plane of two inputs, with the decision regions or the surface of the output."""

from __future__ import annotations

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.output_views import available_views
from nn_tui.tui.views.output.plane import REGIONS, SURFACE, PlaneView
from nn_tui.tui.views.output.plane_grid import plot_of
from nn_tui.tui.views.prediction import TypedPrediction

MARK = "?"


def plane_view_of(session: Session) -> PlaneView | None:
    """Return the view of the plane that suits the data; None if its samples are no points of a plane."""
    views = available_views(session)
    if "regions" in views:
        return REGIONS
    return SURFACE if "surface" in views else None


def draw_typed_point(
    session: Session, typed: TypedPrediction, palette: Palette, width: int, height: int
) -> list[Strip]:
    """Draw the plane with a mark at the typed point, and a line that explains the mark."""
    view = plane_view_of(session)
    if view is None or height < 2:
        return Canvas(width, height, palette).strips()
    plot = plot_of(session, palette, width, height - 1)
    lines = view.draw(session, palette, plot, width, height - 1).lines
    cells = () if typed.predictions is None else typed.predictions.rows.cells[0]
    point = np.array([cell for cell in cells if isinstance(cell, float)])
    note = ""
    if len(point) == len(cells) == 2:
        cell = plot.cell_of(point)
        note = tr("{mark} is the typed point", mark=MARK) if cell else tr("the typed point is out of view")
        if cell:
            x, y = cell
            mark = Strip([Segment(MARK, palette.style("selected"))], 1)
            lines = [*lines]
            lines[y] = Strip.join([lines[y].crop(0, x), mark, lines[y].crop(x + 1, width)])
    canvas = Canvas(width, 1, palette)
    canvas.put(0, 0, clip(note, width, palette), palette.style("dim"))
    return [*lines[: height - 1], *canvas.strips()]
