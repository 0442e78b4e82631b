"""The panel of the code view: it scrolls the program."""

from __future__ import annotations

from collections.abc import Hashable

from textual import events
from textual.message import Message
from textual.strip import Strip

from nn_tui.tui.session.session import Session
from nn_tui.tui.views import code
from nn_tui.tui.views.code_listing import listing
from nn_tui.tui.widgets.panel import Panel

_WHEEL_LINES = 3
_PAGE_OVERLAP = 2  # lines that a page has in common with the next one


class CodePanel(Panel):
    """The program, scrolled so that the present stop and the selected number are visible."""

    class Selected(Message):
        """A line was clicked; lines count from 0."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    _top = 0
    _window: Hashable = None  # the framework and the height that were last drawn
    _shown: Hashable = None  # the selected number that the window was last scrolled to
    _stop: Hashable = None  # the stop that it was last scrolled to

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """Return the visible lines of the program, and the legend."""
        window = (session.framework, height)
        stop = (session.run, session.trace.update, session.cursor, *window)
        shown = (session.ref, session.unfolded)
        if (shown, stop) != (self._shown, self._stop):
            top = self._top if window == self._window else None
            self._top = code.first_line(session, height, top, follows_stop=stop != self._stop)
            self._shown, self._stop, self._window = shown, stop, window
        return code.draw_window(session, self.palette, width, height, self._top)

    def line_at(self, y: int) -> int | None:
        """Return the line of the program at line ``y`` of the content, from 0; None where there is none."""
        if self.session is None or not 0 <= y < code.code_height(self.size.height):
            return None
        rows = listing(self.session).rows(self.session.unfolded)
        return rows[self._top + y] if self._top + y < len(rows) else None

    def is_in_window(self, line: int) -> bool:
        """Return whether a line of the program is visible."""
        return self._top <= self._row_of(line) < self._top + code.code_height(self.size.height)

    def is_beyond(self, line: int, direction: int) -> bool:
        """Return whether a line is further down (``direction`` 1) or up (−1) than what is visible."""
        return not self.is_in_window(line) and (self._row_of(line) >= self._top) == (direction > 0)

    def _row_of(self, line: int) -> int:
        return 0 if self.session is None else listing(self.session).row_of(line, self.session.unfolded)

    def scroll_code(self, lines: int) -> None:
        """Scroll the program by some lines, as far as it goes."""
        if self.session is None:
            return
        count = len(listing(self.session).rows(self.session.unfolded))
        self._top = max(0, min(self._top + lines, count - code.code_height(self.size.height)))
        self.show(self.session)

    def scroll_page(self, direction: int) -> None:
        """Scroll the program by a page down (``direction`` 1) or up (−1); two lines stay."""
        self.scroll_code(direction * max(1, code.code_height(self.size.height) - _PAGE_OVERLAP))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the program."""
        self.scroll_code(_WHEEL_LINES)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the program."""
        self.scroll_code(-_WHEEL_LINES)
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Post which line was clicked."""
        offset = event.get_content_offset(self)
        line = None if offset is None else self.line_at(offset.y)
        if line is not None:
            self.post_message(self.Selected(line))
