"""Pictures that are drawn together: a picture, its legend, a table, and the response of the selected unit."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.legend import draw_legend
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.parts import join_parts
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.curve import curve_sample_at, draw_fit
from nn_tui.tui.views.output.plane import PlaneView, plane_sample_at
from nn_tui.tui.views.output.plane_layout import GAP, plane_layout
from nn_tui.tui.views.output.predictions import SampleHit, has_hidden_unit
from nn_tui.tui.views.output.response import draw_titled_response
from nn_tui.tui.views.output.table import draw_table, table_sample_at

Draw = Callable[[Session, Palette, int, int], list[Strip]]

_MIN_BESIDE_WIDTH = 90  # cells from which the selected unit's response stands beside a curve
_MIN_BELOW_HEIGHT = 30  # lines from which it stands below


def draw_plane(view: PlaneView, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw a picture of the plane with its legend; where room is left, the table and the selected unit's response."""
    layout = plane_layout(view.usual_legend(session, palette), session, palette, width, height)
    picture = view.draw(session, palette, layout.plot, layout.picture.width, layout.picture.height)
    parts = [(layout.picture, picture.lines)]
    if layout.legend.height:
        parts.append((layout.legend, draw_legend(picture.legend, palette, *layout.legend.size)))
    if layout.table is not None:
        parts.append((layout.table, draw_table(session, palette, *layout.table.size)))
    if layout.response is not None:
        parts.append((layout.response, draw_titled_response(session, palette, *layout.response.size)))
    return join_parts(parts, palette, width, height)


def plane_at(
    view: PlaneView, session: Session, palette: Palette, width: int, height: int, x: int, y: int
) -> SampleHit | None:
    """Return the sample at (x, y) of a picture of the plane, or in that line of its table."""
    layout = plane_layout(view.usual_legend(session, palette), session, palette, width, height)
    if layout.table is not None and layout.table.contains(x, y):
        return table_sample_at(session, palette, *layout.table.size, x - layout.table.x, y - layout.table.y)
    return plane_sample_at(session, layout.plot, x, y) if layout.picture.contains(x, y) else None


def shows_response_on_plane(view: PlaneView, session: Session, palette: Palette, width: int, height: int) -> bool:
    """Return whether :func:`draw_plane` shows the selected unit's response."""
    return plane_layout(view.usual_legend(session, palette), session, palette, width, height).response is not None


def draw_curve(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the fitted curve; if there is room, the selected hidden unit's response beside or below it."""
    curve_width, curve_height = _curve_size(session, width, height)
    curve = draw_fit(session, palette, curve_width, curve_height)
    if curve_width < width:
        response = draw_titled_response(session, palette, width - curve_width - GAP, height)
        gap = Canvas(GAP, height, palette).strips()
        return [Strip.join(parts) for parts in zip(curve, gap, response, strict=True)]
    if curve_height < height:
        return [*curve, *draw_titled_response(session, palette, width, height - curve_height)]
    return curve


def curve_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at (x, y) of the curve."""
    width, height = _curve_size(session, width, height)
    return curve_sample_at(session, palette, width, height, x, y) if x < width and y < height else None


def shows_response_on_curve(session: Session, palette: Palette, width: int, height: int) -> bool:
    """Return whether :func:`draw_curve` shows the selected unit's response."""
    return _curve_size(session, width, height) != (width, height)


def _curve_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """Return the cells and lines of a curve, beside or above which the selected hidden unit's response may stand."""
    is_hidden = has_hidden_unit(session)
    if is_hidden and width >= _MIN_BESIDE_WIDTH:
        return width - width // 3 - GAP, height
    return width, height - height * 2 // 5 if is_hidden and height >= _MIN_BELOW_HEIGHT else height
