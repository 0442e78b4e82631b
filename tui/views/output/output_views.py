"""The views of the output: each by name, the data that it suits, and the pictures that are drawn together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.classes import draw_matrices, draw_sample, matrices_sample_at, sample_view_at
from nn_tui.tui.views.output.images import (
    draw_sample_image,
    draw_unit_image,
    draw_weights,
    sample_image_at,
    unit_weight_at,
    weight_at,
)
from nn_tui.tui.views.output.mistakes import draw_errors, draw_mistakes, error_at, mistake_at
from nn_tui.tui.views.output.plane import (
    curve_sample_at,
    draw_decision_regions,
    draw_fit,
    draw_output_surface,
    draw_unit_response,
    plane_sample_at,
)
from nn_tui.tui.views.output.predictions import SampleHit, has_classes, selected_unit
from nn_tui.tui.views.output.table import MAX_TABLE_ROWS, draw_table, has_table, table_height, table_sample_at

Draw = Callable[[Session, Palette, int, int], list[Strip]]
Hit = Callable[[Session, Palette, int, int, int, int], SampleHit | Ref | None]

_MIN_BESIDE_WIDTH = 90  # cells from which the selected unit's response stands beside the picture
_MIN_BELOW_HEIGHT = 30  # lines from which it stands below
_GAP = 2  # cells between the picture and the response beside it


@dataclass(frozen=True, slots=True)
class OutputView:
    """A way to show the network's output.

    Attributes:
        sentence: A sentence that describes it.
        draw: Draws it.
        hit: Returns the sample or the number at a cell (x, y) of it; None if a click selects nothing.
    """

    sentence: str
    draw: Draw
    hit: Hit | None = None


def available_views(session: Session) -> dict[str, OutputView]:
    """Return the views that suit this data and network, by name; the first one suits them best."""
    data = session.experiment.data
    with_classes, has_hidden = has_classes(data), len(session.engine.sizes) > 2
    dims, is_single = data.points.shape[1], data.y.shape[1] == 1
    is_plane = dims == 2 and len(data.x) >= 4 and not data.image_shape
    views: dict[str, OutputView] = {}
    if data.image_shape and with_classes:
        views["sample"] = _IMAGE
    elif is_plane and with_classes:
        views["regions"] = _REGIONS
    elif is_plane and is_single:
        views["surface"] = _SURFACE
    elif dims == 1 and is_single and len(data.x) > 2:
        views["curve"] = _CURVE
    is_small = len(data.x) <= MAX_TABLE_ROWS and dims <= MAX_TABLE_ROWS
    if not views and is_small and (is_single or not with_classes):
        views["table"] = _TABLE
    if dims == 1 and is_single:
        views["curve"] = _CURVE
    if with_classes and not is_single and "sample" not in views:
        views["sample"] = _SAMPLE
    if with_classes:
        views["confusion"] = _MATRIX
        if len(data.x_test):
            views["confusion, test"] = _TEST_MATRIX
        views["mistakes"] = _MISTAKES
    else:
        views["errors"] = _ERRORS
    if (is_small or dims <= 2) and "table" not in views:
        views["table"] = _TABLE
    if data.image_shape:
        views["weights"] = _WEIGHTS
        views["unit"] = _UNIT_IMAGE
    elif has_hidden and dims <= 2:
        views["unit"] = _RESPONSE
    return views


def current_name(session: Session) -> str:
    """Return the name of the view on screen: the chosen one, or the first one if that does not suit the data."""
    available = available_views(session)
    return session.output_view if session.output_view in available else next(iter(available))


def current_view(session: Session) -> OutputView:
    """Return the view on screen."""
    return available_views(session)[current_name(session)]


def shows_unit_response(session: Session, width: int, height: int) -> bool:
    """Return whether a panel of that size shows the selected hidden unit's response together with the view."""
    if has_table(session, height):
        height -= table_height(session, height)
    has_room = width >= _MIN_BESIDE_WIDTH or height >= _MIN_BELOW_HEIGHT
    return has_room and current_name(session) in ("regions", "surface", "curve")


def unit_name(session: Session, palette: Palette) -> str:
    """Return the name of the selected unit's activation: ``a₁[2]``."""
    unit = selected_unit(session)
    return "unit" if unit is None else f"a{palette.glyphs.sub(unit[0] + 1)}[{unit[1] + 1}]"


def _draw_with_table(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw a picture and the selected unit's response; below them the table of a small data set."""
    if not has_table(session, height):
        return _draw_with_response(draw, session, palette, width, height)
    lines = table_height(session, height)
    picture = _draw_with_response(draw, session, palette, width, height - lines)
    return [*picture, *draw_table(session, palette, width, lines)]


def _plane_or_table_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at (x, y) of a picture of the plane, or in line ``y`` of the table below it."""
    if has_table(session, height):
        lines = table_height(session, height)
        height -= lines
        if y >= height:
            return table_sample_at(session, palette, width, lines, x, y - height)
    width, height = _picture_size(session, width, height)
    return plane_sample_at(session, palette, width, height, x, y) if x < width and y < height else None


def _curve_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at (x, y) of the curve's picture."""
    width, height = _picture_size(session, width, height)
    return curve_sample_at(session, palette, width, height, x, y) if x < width and y < height else None


def _picture_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """Return the cells and lines of a picture, beside or above which the selected hidden unit's response may stand."""
    unit = selected_unit(session)
    is_hidden = unit is not None and unit[0] < len(session.engine.sizes) - 2
    if is_hidden and width >= _MIN_BESIDE_WIDTH:
        return width - width // 3 - _GAP, height
    return width, height - height * 2 // 5 if is_hidden and height >= _MIN_BELOW_HEIGHT else height


def _draw_with_response(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
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
    heading.put(x + 1, 0, "what this unit responds to", palette.style("dim"))
    return [*heading.strips(), *draw_unit_response(session, palette, width, height - 1)]


_TABLE = OutputView("Every sample with its target, the output and the error.", draw_table, table_sample_at)
_REGIONS = OutputView(
    "What the network decides everywhere; outlined are test points, ✕ is wrong.",
    partial(_draw_with_table, draw_decision_regions),
    _plane_or_table_at,
)
_SURFACE = OutputView(
    "The output over the plane; points have their targets' colours.",
    partial(_draw_with_table, draw_output_surface),
    _plane_or_table_at,
)
_CURVE = OutputView(
    "The fitted curve, the points and, upright, their residuals.", partial(_draw_with_response, draw_fit), _curve_at
)
_SAMPLE = OutputView("This sample's outputs; ◂ marks the true class.", draw_sample, sample_view_at)
_IMAGE = OutputView(
    "This sample as an image, with its outputs; ◂ marks the true class.", draw_sample_image, sample_image_at
)
_MATRIX = OutputView(
    "Confusion matrix, training part: true classes down, answered ones across.",
    partial(draw_matrices, part="train"),
    partial(matrices_sample_at, part="train"),
)
_TEST_MATRIX = OutputView(
    "Confusion matrix, test part: true classes down, answered ones across.",
    partial(draw_matrices, part="test"),
    partial(matrices_sample_at, part="test"),
)
_MISTAKES = OutputView("The wrongly classified samples, the most confident mistakes first.", draw_mistakes, mistake_at)
_ERRORS = OutputView("The samples whose output is farthest from its target, the worst first.", draw_errors, error_at)
_WEIGHTS = OutputView("The first layer's weights as images: what each unit looks for.", draw_weights, weight_at)
_RESPONSE = OutputView("What the selected unit responds to: its activation for every input.", draw_unit_response)
_UNIT_IMAGE = OutputView("The selected unit's weights as an image.", draw_unit_image, unit_weight_at)
