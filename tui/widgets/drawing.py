"""Draws the panels of a screen, the lines for answers, and the tooltip under the mouse pointer."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, thread_time

from textual.screen import Screen

from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session.session import Session
from nn_tui.tui.widgets.answer_line import show_answer_line
from nn_tui.tui.widgets.choice_line import show_choice_line
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panel_area import PanelArea
from nn_tui.tui.widgets.tooltips import PointerTarget, show_tooltip

# While a run trains at full speed, the header, the phases and the timeline are drawn with every frame. The other
# panels are drawn so seldom that they take this share of a processor's time, which the training does not get.
LOW_PRIORITY_TIME_SHARE = 0.03
# A slower run leaves out whole frames if they would take more than this share, so that all panels show the same pass.
_SLOW_RUN_TIME_SHARE = 0.5


class Drawing:
    """Draws the panels of a screen.

    Args:
        screen: The screen.
        draw_again: Draws its session again, for panels that have become visible.

    Attributes:
        pointer_target: What the mouse pointer is on; None if it is on no panel.
    """

    def __init__(self, screen: Screen[None], draw_again: Callable[[], None]) -> None:
        self.pointer_target: PointerTarget | None = None
        self._screen = screen
        self._draw_again = draw_again
        # The tab, whether it is maximised, and whether notes and a lesson are shown, as the style sheet knows them.
        self._view: tuple[str, bool, bool, bool] | None = None
        self._panels: tuple[Panel, ...] = ()
        self._next_low_priority_draw = 0.0  # by the clock of `monotonic`

    def draw_all_next(self) -> None:
        """Draw the panels of low priority with the next session too."""
        self._next_low_priority_draw = 0.0

    def choose_view(self, session: Session) -> Session:
        """Tell the style sheet which view is chosen, so that it shows the right panels, and give them their places."""
        view = (session.tab, session.maximised, session.notes, session.lesson is not None)
        if view != self._view:
            self._view = view
            for name in VIEWS:
                self._screen.query_one(f"#{name}").set_class(name == session.tab, "-chosen")
            self._screen.update_classes(  # all at once: each change computes the styles of all widgets
                {
                    "-alone": VIEWS[session.tab].is_alone,
                    "-maximised": session.maximised,
                    "-notes": session.notes,
                    "-lesson": session.lesson is not None,
                }
            )
            self._screen.call_after_refresh(self._draw_again)  # draws the panels that this uncovers
        self._screen.query_one(PanelArea).show(session)
        return session

    def draw_panels(self, session: Session) -> Session:
        """Draw the panels; those of low priority not with every frame of a training at full speed."""
        if not self._panels:
            self._panels = tuple(self._screen.query(Panel))
        draw_low_priority = not session.running or monotonic() >= self._next_low_priority_draw
        if not draw_low_priority and not session.is_at_full_speed:
            return session
        began = thread_time()
        for panel in self._panels:
            panel.show(session, draw_low_priority=draw_low_priority)
        if draw_low_priority:
            # All panels of low priority are drawn with the same frame, so that they show the same pass.
            share = LOW_PRIORITY_TIME_SHARE if session.is_at_full_speed else _SLOW_RUN_TIME_SHARE
            duration = thread_time() - began
            self._next_low_priority_draw = monotonic() + duration / share - duration
        return session

    def update_tooltip(self, session: Session) -> Session:
        """Update a tooltip that is open."""
        if self.pointer_target is not None and any(each.display for each in self._screen.query_children("Tooltip")):
            show_tooltip(self.pointer_target, session)
        return session

    def show_answer_line(self, session: Session) -> Session:
        """Show the line for an answer while a question is open, and give it the keys."""
        return show_choice_line(self._screen, show_answer_line(self._screen, session))
