"""The commands that change a view and depend on the panels: the arrows, the next chart, the next output view."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.translation import message
from nn_tui.tui.actions import lesson
from nn_tui.tui.draw.matrix_navigation import adjacent_cell, first_cell
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session.session import select
from nn_tui.tui.views import chart_panel, code_moves
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.output import moves as output_moves
from nn_tui.tui.widgets.code_panel import CodePanel


async def next_chart(screen: SessionScreen) -> None:
    """Show the next chart, or the chart on screen if it is not visible."""
    if not _reveal(screen, "loss"):
        screen.apply_view_move(chart_panel.next_chart)


async def toggle_recent(screen: SessionScreen) -> None:
    """Show the last part of the run in the chart, or all of it."""
    _reveal(screen, "loss")
    screen.apply_view_move(chart_panel.toggle_recent)


async def toggle_log(screen: SessionScreen) -> None:
    """Switch the chart's scale."""
    _reveal(screen, "loss")
    screen.apply_view_move(chart_panel.toggle_log)


async def next_output(screen: SessionScreen) -> None:
    """Show the next view of the output, or the one on screen if it is not visible."""
    if not _reveal(screen, "output"):
        screen.apply_view_move(output_moves.next_output)


async def move_selection(screen: SessionScreen, down: int, right: int) -> None:
    """Move the selection along the lines of the program, or in the layer's matrices, as far as these have room."""
    panel = screen.query_one("#code", CodePanel)
    if screen.session.tab == "code" and panel.display:
        _move_in_code(screen, panel, down, right)
        return
    session, size = screen.session, screen.query_one("#layer").size
    plan = layer_view.layout_layer(session, screen.palette.glyphs, size.width, size.height)
    cell = layer_view.cell_of(session)
    target = first_cell(plan) if cell is None else adjacent_cell(plan, cell, down, right)
    if target is not None:
        screen.apply_view_move(lambda s: select(s, layer_view.ref_of(s, target)))


def _move_in_code(screen: SessionScreen, panel: CodePanel, down: int, right: int) -> None:
    """Select the next line with a number; if it is far away, only scroll, so that every line can be read."""
    if right:
        screen.apply_view_move(lambda s: code_moves.move_in_array(s, right))
        return
    line = code_moves.next_number_line(screen.session, down)
    if line is None or panel.is_beyond(line, down):
        panel.scroll_code(down * max(1, panel.size.height // 2))
    if line is not None and not panel.is_beyond(line, down):
        screen.apply_view_move(lambda s: code_moves.select_line(s, line))


async def page_down(screen: SessionScreen) -> None:
    """Show the next page of the program; in a lesson, and on a projector, go to the next step."""
    if not _scroll_page(screen, 1):
        await lesson.next_step(screen)


async def page_up(screen: SessionScreen) -> None:
    """Show the page of the program before; in a lesson, and on a projector, go to the step before."""
    if not _scroll_page(screen, -1):
        await lesson.previous_step(screen)


def _scroll_page(screen: SessionScreen, direction: int) -> bool:
    """Scroll the code view by a page if no lesson has the keys; return whether it did."""
    session, panel = screen.session, screen.query_one("#code", CodePanel)
    if session.tab != "code" or not panel.display or session.lesson is not None or session.is_presented:
        return False
    panel.scroll_page(direction)
    return True


def _reveal(screen: SessionScreen, tab: str) -> bool:
    """Show the view ``tab`` if it is not visible; return whether it was not."""
    panel = screen.query_one(f"#{tab}")
    # A tab that was chosen by the key before this one has no size yet.
    if screen.session.tab == tab or (panel.display and panel.size.area):
        return False
    text = message("This is the chart: `v` shows the next one.")
    if tab == "output":
        text = message("This is the output: `y` shows the next view of it.")
    screen.apply_view_move(lambda s: replace(s, tab=tab, message=text))
    return True
