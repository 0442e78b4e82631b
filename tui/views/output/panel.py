"""The output panel: the chosen view of the network's output, for the run on screen or for two runs side by side."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session import comparison
from nn_tui.tui.session.progress import progress_text
from nn_tui.tui.session.run_names import displayed
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.view import Click
from nn_tui.tui.views.output.hidden_space import HIDDEN_VIEWS, hidden_pair, hidden_space_name
from nn_tui.tui.views.output.moves import show_sample
from nn_tui.tui.views.output.output_views import available_views, current_name, current_view
from nn_tui.tui.views.output.predictions import SampleHit, has_predictions, selected_unit
from nn_tui.tui.views.output.response import selected_activation_name

_MIN_RUN_WIDTH, _MIN_RUN_HEIGHT = 30, 9  # cells and lines of each of two runs that are compared
_GAP = 2  # cells between two runs side by side


@dataclass(frozen=True, slots=True)
class RunArea:
    """The part of the panel for one run, in cells; if two runs are shown, its first line is the run's name."""

    session: Session
    x: int
    y: int
    width: int
    height: int
    name: str = ""

    @property
    def heading_lines(self) -> int:
        """The lines of the name."""
        return 1 if self.name else 0

    @property
    def view_height(self) -> int:
        """The lines of the view."""
        return self.height - self.heading_lines


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the chosen view; of both runs if two are compared and there is room for both."""
    areas = run_areas(session, width, height)
    drawn = [_draw_area(area, palette) for area in areas]
    if len(areas) == 2 and areas[1].x:
        gap = Canvas(areas[1].x - areas[0].width, height, palette).strips()
        return [Strip.join(parts) for parts in zip(drawn[0], gap, drawn[1], strict=True)]
    return [line for lines in drawn for line in lines]


def hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | Ref | None:
    """Return the sample or the number at (x, y) of a panel of that size; None if there is none."""
    for area in run_areas(session, width, height):
        column, line = x - area.x, y - area.y - area.heading_lines
        view = current_view(area.session)
        if view.hit is not None and 0 <= column < area.width and 0 <= line < area.view_height:
            return view.hit(area.session, palette, area.width, area.view_height, column, line)
    return None


def click(session: Session, click: Click) -> Session:
    """Select the sample or the number that was clicked."""
    target = hit(session, click.palette, click.width, click.height, click.x, click.y)
    if isinstance(target, SampleHit):
        return show_sample(session, target)
    return session if target is None else select(session, target)


def cache_key(session: Session, height: int) -> Hashable:
    """Return the values that the output depends on; they are the same for any height."""
    batch = session.trace.rows is None or session.trace.update
    parameters = (session.run, session.updates_done, batch, session.running)
    other = None if session.other_trace is None else (session.other, session.other_trace.update)
    pair = hidden_pair(session) if len(session.engine.sizes) > 2 else None
    view = (selected_unit(session), pair, session.output_view, session.digits)
    return (*parameters, has_predictions(session), session.ref.sample, other, *view)


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title: the number and the name of the view, and the update."""
    names = list(available_views(session))
    name = current_name(session)
    number = f" {1 + names.index(name)}/{len(names)}" if len(names) > 1 else ""
    if name in HIDDEN_VIEWS:
        label = hidden_space_name(session, palette)
    else:
        label = selected_activation_name(session, palette) if name == "unit" else str(current_view(session).label)
    return f" {palette.glyphs.dot} ".join([tr("Output"), f"{label}{number}", progress_text(session)])


def run_areas(session: Session, width: int, height: int) -> list[RunArea]:
    """Return the runs that a panel of that size shows, and where: the run on screen, or run A and run B."""
    other = None if session.other_trace is None else comparison.other_session(session)
    whole = [RunArea(session, 0, 0, width, height)]
    if other is None:
        return whole
    if width >= 2 * _MIN_RUN_WIDTH + _GAP:
        half = (width - _GAP) // 2
        areas = [RunArea(session, 0, 0, half, height), RunArea(session, half + _GAP, 0, width - half - _GAP, height)]
    elif height >= 2 * _MIN_RUN_HEIGHT:
        half = height // 2
        areas = [RunArea(session, 0, 0, width, half), RunArea(session, 0, half, width, height - half)]
    else:
        return whole
    labels = zip(comparison.letters(session), comparison.names(session), strict=True)
    runs = zip((f"{letter}: {name}" for letter, name in labels), (session, other), strict=True)
    ordered = sorted(runs, key=lambda run: run[0])
    return [replace(area, session=each, name=name) for area, (name, each) in zip(areas, ordered, strict=True)]


def _draw_area(area: RunArea, palette: Palette) -> list[Strip]:
    lines = current_view(area.session).draw(area.session, palette, area.width, area.view_height)
    if not area.name:
        return lines
    heading = Canvas(area.width, 1, palette)
    heading.put(0, 0, clip(displayed(area.name, palette.glyphs), area.width, palette), palette.style("title"))
    return [*heading.strips(), *lines]
