"""The output view: what the network answers, drawn in the ways that fit the data; ``y`` goes through them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial

from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.run_names import displayed
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import compare
from nn_tui.tui.views.output_classes import (
    draw_errors,
    draw_matrices,
    draw_mistakes,
    draw_sample,
    find_cell,
    find_error,
    find_in_sample,
    find_mistake,
)
from nn_tui.tui.views.output_images import (
    draw_sample_image,
    draw_unit,
    draw_weights,
    find_in_image,
    find_unit_weight,
    find_weight,
)
from nn_tui.tui.views.output_plane import draw_answer, draw_fit, draw_heights, draw_response, find_fitted, find_point
from nn_tui.tui.views.output_predictions import Found, has_answers, has_classes, unit_of
from nn_tui.tui.views.output_table import TABLE_ROWS, draw_samples, find_in_table, has_table, table_lines

Draw = Callable[[Session, Palette, int, int], list[Strip]]
Find = Callable[[Session, Palette, int, int, int, int], Found | Ref | None]
LEAST_WIDTH, LEAST_HEIGHT = 30, 9  # of each of two runs that are compared
BESIDE, BELOW = 90, 30  # cells of width, lines of height from which the selected unit's map joins the picture


@dataclass(frozen=True, slots=True)
class View:
    """One way to show the answers, in a sentence what it shows, and what is found at (x, y) of it."""

    sentence: str
    draw: Draw
    find: Find | None = None


def _find_in_plane(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """A sample of the plane, or of the table that stands below it."""
    if has_table(session, height):
        lines = table_lines(session, height)
        height -= lines
        if y >= height:
            return find_in_table(session, palette, width, lines, x, y - height)
    width, height = _picture_size(session, width, height)
    return find_point(session, palette, width, height, x, y) if x < width and y < height else None


def _find_on_curve(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """A sample's point of the curve."""
    width, height = _picture_size(session, width, height)
    return find_fitted(session, palette, width, height, x, y) if x < width and y < height else None


def _with_table(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """A picture, with the table of a handful of samples below it where there is room for both."""
    if not has_table(session, height):
        return _with_unit(draw, session, palette, width, height)
    rows = table_lines(session, height)
    upper = _with_unit(draw, session, palette, width, height - rows)
    return [*upper, *draw_samples(session, palette, width, rows)]


def _picture_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """What is left of a panel for the picture, beside or above the selected hidden unit's own response."""
    unit = unit_of(session)
    hidden = unit is not None and unit[0] < len(session.engine.sizes) - 2
    if hidden and width >= BESIDE:
        return width - width // 3 - 2, height
    return width, height - height * 2 // 5 if hidden and height >= BELOW else height


def _with_unit(draw: Draw, session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """A picture, with the selected hidden unit's own response beside or below it where there is room for both."""
    wide, high = _picture_size(session, width, height)
    picture = draw(session, palette, wide, high)
    if wide < width:
        right = width - wide - 2
        gap = Canvas(2, height, palette).strips()
        lines = [*_unit_heading(session, palette, right), *draw_response(session, palette, right, height - 1)]
        return [Strip.join(parts) for parts in zip(picture, gap, lines, strict=True)]
    if high < height:
        below = height - high - 1
        return [*picture, *_unit_heading(session, palette, width), *draw_response(session, palette, width, below)]
    return picture


def joins_unit(session: Session, width: int, height: int) -> bool:
    """Whether a panel of this size shows a hidden unit's response together with the view on screen."""
    if has_table(session, height):
        height -= table_lines(session, height)
    return chosen(session) in ("regions", "surface", "curve") and (width >= BESIDE or height >= BELOW)


def _unit_heading(session: Session, palette: Palette, width: int) -> list[Strip]:
    canvas = Canvas(width, 1, palette)
    x = canvas.put(0, 0, _unit_name(session, palette), palette.style("title"))
    canvas.put(x + 1, 0, "what this unit responds to", palette.style("dim"))
    return canvas.strips()


def _unit_name(session: Session, palette: Palette) -> str:
    unit = unit_of(session)
    return "unit" if unit is None else f"a{palette.glyphs.sub(unit[0] + 1)}[{unit[1] + 1}]"


TABLE = View("Every sample with its target, the output and the error.", draw_samples, find_in_table)
REGIONS = View("What the network decides everywhere; outlined are test points, ✕ is wrong.",
    partial(_with_table, draw_answer), _find_in_plane,
)  # fmt: skip
SURFACE = View("The output over the plane; points have their targets' colours.",
               partial(_with_table, draw_heights), _find_in_plane)  # fmt: skip
CURVE = View("The fitted curve, the points and, upright, their residuals.", partial(_with_unit, draw_fit),
             _find_on_curve)  # fmt: skip
SAMPLE = View("This sample's outputs; ◂ marks the true class.", draw_sample, find_in_sample)
IMAGE = View("This sample as an image, with its outputs; ◂ marks the true class.", draw_sample_image, find_in_image)
MATRIX = View("Confusion matrix, training part: true classes down, answered ones across.",
              partial(draw_matrices, part="train"), partial(find_cell, part="train"))  # fmt: skip
TEST_MATRIX = View("Confusion matrix, test part: true classes down, answered ones across.",
                   partial(draw_matrices, part="test"), partial(find_cell, part="test"))  # fmt: skip
MISTAKES = View("The wrongly classified samples, the most confident mistakes first.", draw_mistakes, find_mistake)
ERRORS = View("The samples whose output is farthest from its target, the worst first.", draw_errors, find_error)
WEIGHTS = View("The first layer's weights as images: what each unit looks for.", draw_weights, find_weight)
RESPONSE = View("What the selected unit responds to: its activation for every input.", draw_response)
UNIT_IMAGE = View("The selected unit's weights as an image.", draw_unit, find_unit_weight)


def views(session: Session) -> dict[str, View]:
    """The views that make sense for this data and network by name, the best fitting one first."""
    data = session.experiment.data
    classes, hidden = has_classes(data), len(session.engine.sizes) > 2
    dims, single = data.points.shape[1], data.y.shape[1] == 1
    plane = dims == 2 and len(data.x) >= 4 and not data.image_shape
    found: dict[str, View] = {}
    if data.image_shape and classes:
        found["sample"] = IMAGE
    elif plane and classes:
        found["regions"] = REGIONS
    elif plane and single:
        found["surface"] = SURFACE
    elif dims == 1 and single and len(data.x) > 2:
        found["curve"] = CURVE
    tiny = len(data.x) <= TABLE_ROWS and dims <= TABLE_ROWS
    if not found and tiny and (single or not classes):
        found["table"] = TABLE
    if dims == 1 and single:
        found["curve"] = CURVE
    if classes and not single and "sample" not in found:
        found["sample"] = SAMPLE
    if classes:
        found["confusion"] = MATRIX
        if len(data.x_test):
            found["confusion, test"] = TEST_MATRIX
        found["mistakes"] = MISTAKES
    else:
        found["errors"] = ERRORS
    if (tiny or dims <= 2) and "table" not in found:
        found["table"] = TABLE
    if data.image_shape:
        found["weights"] = WEIGHTS
        found["unit"] = UNIT_IMAGE
    elif hidden and dims <= 2:
        found["unit"] = RESPONSE
    return found


def chosen(session: Session) -> str:
    """The name of the view on screen: the best fitting one where the chosen one is not for this data."""
    known = views(session)
    return session.output_view if session.output_view in known else next(iter(known))


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """``height`` lines of the chosen view: of both runs where two are compared and there is room for both."""
    drawn = [
        (area, [*_run_heading(each, palette, area), *_chosen(each).draw(each, palette, area.width, area.inside)])
        for each, area in runs_shown(session, width, height)
    ]
    beside = [lines for area, lines in drawn if area.x or not area.y]
    if len(drawn) == 1 or len(beside) == 1:  # one, or one below the other
        return [line for _, lines in drawn for line in lines]
    gap = Canvas(drawn[1][0].x - drawn[0][0].width, height, palette).strips()
    return [Strip.join(parts) for parts in zip(beside[0], gap, beside[1], strict=True)]


def hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | Ref | None:
    """The sample or the number at (x, y) of a panel of that size; None where there is none."""
    for each, area in runs_shown(session, width, height):
        inside, line = x - area.x, y - area.y - (area.height - area.inside)
        find = _chosen(each).find
        if find is not None and 0 <= inside < area.width and 0 <= line < area.inside:
            return find(each, palette, area.width, area.inside, inside, line)
    return None


def _chosen(session: Session) -> View:
    return views(session)[chosen(session)]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the panel, in cells; under a line that names its run where there are two."""

    x: int
    y: int
    width: int
    height: int
    name: str = ""

    @property
    def inside(self) -> int:
        """The lines below the name."""
        return self.height - bool(self.name)


def runs_shown(session: Session, width: int, height: int) -> list[tuple[Session, Area]]:
    """The runs whose answers are shown, each as its session, and where: the run on screen alone, or two."""
    other = None if session.other_trace is None else compare.other_session(session)
    whole = [(session, Area(0, 0, width, height))]
    if other is None:
        return whole
    letters, described = compare.letters(session), compare.names(session)
    names = [f"{letter}: {what}" for letter, what in zip(letters, described, strict=True)]
    pair = list(zip((session, other), names, strict=True))
    pair.sort(key=lambda one: one[1])
    if width >= 2 * LEAST_WIDTH + 2:
        half = (width - 2) // 2
        sides = (Area(0, 0, half, height), Area(half + 2, 0, width - half - 2, height))
    elif height >= 2 * LEAST_HEIGHT:
        sides = (Area(0, 0, width, height // 2), Area(0, height // 2, width, height - height // 2))
    else:
        return whole
    return [(each, replace(area, name=name)) for (each, name), area in zip(pair, sides, strict=True)]


def _run_heading(session: Session, palette: Palette, area: Area) -> list[Strip]:
    if not area.name:
        return []
    canvas = Canvas(area.width, 1, palette)
    canvas.put(0, 0, clip(displayed(area.name, palette.glyphs), area.width, palette), palette.style("title"))
    return canvas.strips()


def depends(session: Session) -> Hashable:
    """What the output is drawn from: the parameters, the sample, and the selected unit."""
    moment = (session.run, session.updates_done, session.trace.rows is None or session.trace.update, session.running)
    other = None if session.other_trace is None else (session.other, session.other_trace.update)
    view = (unit_of(session), session.output_view, session.digits)
    return (*moment, has_answers(session), session.ref.sample, other, *view)


def title(session: Session, palette: Palette) -> str:
    """Which view of how many, and after which update."""
    known = views(session)
    name = chosen(session)
    number = f" {list(known).index(name) + 1}/{len(known)}" if len(known) > 1 else ""
    words = [_unit_name(session, palette)] if name == "unit" else name.split(", ")
    moment = f"after update {session.updates_done}"
    return f" {palette.glyphs.dot} ".join([f"Output{number}", *words, moment])
