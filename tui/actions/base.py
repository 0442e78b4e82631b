"""The screen that holds the session and shows it in its panels; all actions are built on it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, thread_time
from typing import TypeVar

from textual.screen import ModalScreen, Screen

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import TABS, Session
from nn_tui.tui.widgets.panel import Panel

Move = Callable[[Session], Session]
Answer = TypeVar("Answer")

# While a run trains at full speed, the header, the phases and the timeline are drawn with every frame. The other
# panels are drawn so seldom that they take this share of a processor's time, which the training does not get.
LOW_PRIORITY_TIME_SHARE = 0.03


class SessionScreen(Screen[None]):
    """A screen that shows one session in its panels."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(classes=f"tab-{session.tab}")  # before any style is computed
        self.session = session
        self.palette = palette
        self._is_asking = False
        self._panels: tuple[Panel, ...] = ()
        self._next_low_priority_draw = 0.0  # by the clock of `monotonic`

    async def ask(self, question: ModalScreen[Answer | None]) -> Answer | None:
        """Open a dialog and return its result; None if it was cancelled or if another dialog is open."""
        if self._is_asking or not self.is_current:
            return None
        self._is_asking = True
        try:
            return await self.app.push_screen_wait(question)
        finally:
            self._is_asking = False

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen."""
        is_view_changed = (session.tab, session.maximised) != (self.session.tab, self.session.maximised)
        if not session.running:  # a worker thread may be using engines that runs share
            for run in {self.session.run, self.session.other} - {session.run, session.other}:
                if run is not None:
                    run.release_buffers()
        self.session = session
        if is_view_changed:
            self.update_css_classes()
        if not self._panels:
            self._panels = tuple(self.query(Panel))
        draw_low_priority = not session.running or monotonic() >= self._next_low_priority_draw
        began = thread_time()
        for panel in self._panels:
            panel.show(session, draw_low_priority=draw_low_priority)
        if draw_low_priority:
            # All panels of low priority are drawn with the same frame, so that they show the same pass.
            self._next_low_priority_draw = monotonic() + (thread_time() - began) / LOW_PRIORITY_TIME_SHARE

    def update_css_classes(self) -> None:
        """Tell the style sheet which view is chosen, and draw the panels that this uncovers."""
        for tab in TABS:
            self.set_class(self.session.tab == tab, f"tab-{tab}")
        self.set_class(self.session.maximised, "-maximised")
        self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        self.show(self.session)

    def change_view(self, move: Move) -> None:
        """Apply a move that changes only the view; a training goes on."""
        self._next_low_priority_draw = 0.0
        self.show(move(self.session))
