"""The session on screen: what every action starts from."""

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

# While a training runs flat out, the header, the phases and the timeline are drawn with every frame, and the views
# as often as takes this part of a processor, which the training does not get.
VIEWS = 0.03


class SessionScreen(Screen[None]):
    """A screen that shows one session in its panels."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(classes=f"tab-{session.tab}")  # before any style is worked out
        self.session = session
        self.palette = palette
        self._asking = False
        self._panels: tuple[Panel, ...] = ()
        self._views_from = 0.0

    async def ask(self, question: ModalScreen[Answer | None]) -> Answer | None:
        """The answer to a question; None without one, and for a second question while the first one stands."""
        if self._asking or not self.is_current:
            return None
        self._asking = True
        try:
            return await self.app.push_screen_wait(question)
        finally:
            self._asking = False

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen."""
        changed = (session.tab, session.maximised) != (self.session.tab, self.session.maximised)
        if not session.running:  # a worker may be at engines that runs share
            for run in {self.session.run, self.session.other} - {session.run, session.other}:
                if run is not None:
                    run.release_buffers()
        self.session = session
        if changed:
            self.set_classes_of_session()
        if not self._panels:
            self._panels = tuple(self.query(Panel))
        all_views = not session.running or monotonic() >= self._views_from
        began = thread_time()
        for panel in self._panels:
            panel.show(session, all_views=all_views)
        if all_views:
            # All of them with the same frame, so that they show the same pass.
            self._views_from = monotonic() + (thread_time() - began) / VIEWS

    def set_classes_of_session(self) -> None:
        """Tell the style sheet which view is chosen, and draw what that uncovers."""
        for tab in TABS:
            self.set_class(self.session.tab == tab, f"tab-{tab}")
        self.set_class(self.session.maximised, "-maximised")
        self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        self.show(self.session)

    def look(self, make: Move) -> None:
        """A key that changes only what is looked at; training goes on."""
        self._views_from = 0.0
        self.show(make(self.session))
