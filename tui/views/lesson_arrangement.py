"""Arrange the panels while a lesson is on screen: its text above the view, or in a column beside the views.

The text always has all of its lines, as far as the area has so many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from textual.geometry import Region

from nn_tui.tui.views.arrangement import PanelNeeds, arrange_panels, show_code

MIN_BESIDE_WIDTH, MIN_WIDE_WIDTH = 100, 160  # cells; the style sheet has the same limits
_MAX_COLUMN, _COLUMN_SHARE, _WIDE_COLUMN_SHARE = 60, 0.38, 0.27  # cells, and of the width
_MIN_VIEW_LINES = 5  # of a view below the text, with its border
_MIN_OUTPUT_LINES = 9
_MIN_TWO_VIEWS, _MIN_THREE_VIEWS = 14, 30  # lines of the area in which they stand below each other
_MIN_ALL_VIEWS = 20  # lines of the area in which all views are shown
_ARITHMETIC_SHARE, _ARITHMETIC_SHARE_OF_THREE = 0.45, 0.36


@dataclass(frozen=True, slots=True)
class LessonNeeds:
    """What the panel of a lesson needs.

    Attributes:
        lines: Returns the lines of the panel above a view, without a border, for its width.
        bordered_lines: Returns the lines of the panel in a column, with its border, for its width.
        is_asking: Whether the lesson asks for a number, whose formula is in the arithmetic.
    """

    lines: Callable[[int], int]
    bordered_lines: Callable[[int], int]
    is_asking: bool = False


def arrange_lesson(
    lesson: LessonNeeds, needs: PanelNeeds, tab: str, names: Collection[str], width: int, height: int
) -> Mapping[str, Region]:
    """Return where the lesson and the views stand; views without room are left out.

    Args:
        lesson: The needs of the lesson.
        needs: The needs of the views.
        tab: The name of the chosen view.
        names: The names of the views that may be shown.
        width: The width of the area.
        height: The height of the area.
    """
    if width < MIN_BESIDE_WIDTH:
        return _above(lesson, tab, names, width, height)
    column = min(_MAX_COLUMN, round((_COLUMN_SHARE if width < MIN_WIDE_WIDTH else _WIDE_COLUMN_SHARE) * width))
    text = min(height, lesson.bordered_lines(column))
    places = {"lesson": Region(0, 0, column, height)}
    has_all = width >= MIN_WIDE_WIDTH and height >= _MIN_ALL_VIEWS and len(names) > 2
    # A table would leave most of a high column empty; the arithmetic can use it.
    below = "arithmetic" if has_all and not needs.output.is_picture else "output"
    if len(names) > 1 and below in names and height - text >= _MIN_OUTPUT_LINES:
        places = {"lesson": Region(0, 0, column, text), below: Region(0, text, column, height - text)}
    rest = [name for name in names if name not in places]
    if has_all:
        views = _all_views(needs, width - column, height, without=below if below in places else "")
        if tab == "code":
            views = show_code(views)
    else:
        chosen = [name for name in ("network", tab, "arithmetic") if name in rest]
        views = _below_each_other(list(dict.fromkeys(chosen)), tab, needs, width - column, height)
    return places | {name: region.translate((column, 0)) for name, region in views.items()}


def _above(lesson: LessonNeeds, tab: str, names: Collection[str], width: int, height: int) -> Mapping[str, Region]:
    """Return the text above the chosen view; with the arithmetic if there is room, or alone if it is asked for."""
    text = min(height, lesson.lines(width))
    rest = height - text
    if rest < _MIN_VIEW_LINES:
        return {"lesson": Region(0, 0, width, height)}
    places = {"lesson": Region(0, 0, width, text)}
    is_alone = len(names) == 1 or rest < _MIN_TWO_VIEWS
    view = "arithmetic" if "arithmetic" in names and is_alone and (lesson.is_asking or tab not in names) else tab
    if is_alone or view == "arithmetic":
        return places | {view: Region(0, text, width, rest)}
    below = round(_ARITHMETIC_SHARE * rest)
    return places | {
        view: Region(0, text, width, rest - below),
        "arithmetic": Region(0, height - below, width, below),
    }


def _all_views(needs: PanelNeeds, width: int, height: int, *, without: str) -> Mapping[str, Region]:
    """Return the places of all views but one, which stands elsewhere; others take its place."""
    places = dict(arrange_panels(needs, width, height))
    output, loss, arithmetic = places["output"], places["loss"], places["arithmetic"]
    is_column = (output.x, output.width) == (loss.x, loss.width)  # else in rows with the network and the arithmetic
    if without == "output":
        places["loss" if is_column else "layer"] = output.union(loss if is_column else places["layer"])
    elif without == "arithmetic":
        places["loss"] = arithmetic if is_column else arithmetic.union(loss)
        places["output"] = output.union(loss) if is_column else output
    return {name: place for name, place in places.items() if name != without}


def _below_each_other(
    names: Sequence[str], tab: str, needs: PanelNeeds, width: int, height: int
) -> Mapping[str, Region]:
    """Return the places of up to three views below each other; with too few lines the network is left out."""
    if len(names) > 2 and height < _MIN_THREE_VIEWS:
        names = names[1:]
    if len(names) == 1:
        return {names[0]: Region(0, 0, width, height)}
    share = _ARITHMETIC_SHARE if len(names) == 2 else _ARITHMETIC_SHARE_OF_THREE
    below = min(needs.arithmetic, round(share * height)) if tab != "arithmetic" else height // 2
    places, y = {}, 0
    for index, name in enumerate(names):
        left = len(names) - 1 - index
        lines = below if not left else (height - below - y) // left
        places[name] = Region(0, y, width, lines)
        y += lines
    return places
