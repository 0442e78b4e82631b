"""Pictures that are drawn together: a picture with the response of the selected unit, and with a table below."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.plane import curve_sample_at, draw_unit_response, plane_sample_at
from nn_tui.tui.views.output.predictions import SampleHit, selected_unit
from nn_tui.tui.views.output.table import draw_table, has_table, table_height, table_sample_at

Draw = Callable[[Session, Palette, int, int], list[Strip]]

MIN_BESIDE_WIDTH = 90  # cells from which the selected unit's response stands beside the picture
MIN_BELOW_HEIGHT = 30  # lines from which it stands below
_GAP = 2  # cells between the picture and the response beside it


def unit_name(session: Session, palette: Palette) -> str:
    """Return the name of the selected unit's activation: ``a₁[2]``."""
    unit = selected_unit(session)
    return tr("unit") if unit is None else f"a{palette.glyphs.sub(unit[0] + 1)}[{unit[1] + 1}]"


def draw_with_table(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw a picture and the selected unit's response; below them the table of a small data set."""
    if not has_table(session, height):
        return draw_with_response(draw, session, palette, width, height)
    lines = table_height(session, height)
    picture = draw_with_response(draw, session, palette, width, height - lines)
    return [*picture, *draw_table(session, palette, width, lines)]


def plane_or_table_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at (x, y) of a picture of the plane, or in line ``y`` of the table below it."""
    if has_table(session, height):
        lines = table_height(session, height)
        height -= lines
        if y >= height:
            return table_sample_at(session, palette, width, lines, x, y - height)
    width, height = _picture_size(session, width, height)
    return plane_sample_at(session, palette, width, height, x, y) if x < width and y < height else None


def curve_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at (x, y) of the curve's picture."""
    width, height = _picture_size(session, width, height)
    return curve_sample_at(session, palette, width, height, x, y) if x < width and y < height else None


def _picture_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """Return the cells and lines of a picture, beside or above which the selected hidden unit's response may stand."""
    unit = selected_unit(session)
    is_hidden = unit is not None and unit[0] < len(session.engine.sizes) - 2
    if is_hidden and width >= MIN_BESIDE_WIDTH:
        return width - width // 3 - _GAP, height
    return width, height - height * 2 // 5 if is_hidden and height >= MIN_BELOW_HEIGHT else height


def draw_with_response(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw a picture; if there is room, the selected hidden unit's response beside or below it."""
    picture_width, picture_height = _picture_size(session, width, height)
    picture = draw(session, palette, picture_width, picture_height)
    if picture_width < width:
        response = _draw_titled_response(session, palette, width - picture_width - _GAP, height)
        gap = Canvas(_GAP, height, palette).strips()
        return [Strip.join(parts) for parts in zip(picture, gap, response, strict=True)]
    if picture_height < height:
        return [*picture, *_draw_titled_response(session, palette, width, height - picture_height)]
    return picture


def _draw_titled_response(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    heading = Canvas(width, 1, palette)
    x = heading.put(0, 0, unit_name(session, palette), palette.style("title"))
    about = tr("its activation for every input")
    heading.put(x + 1, 0, clip(about, width - x - 1, palette), palette.style("dim"))
    return [*heading.strips(), *draw_unit_response(session, palette, width, height - 1)]
