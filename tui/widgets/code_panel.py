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


class CodePanel(Panel):
    """The program, scrolled so that the present stop and the selected number are visible."""

    class Selected(Message):
        """A line was clicked; lines count from 0."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    _top = 0
    _window: Hashable = None  # the framework and the height that were last drawn
    _shown: Hashable = None  # the stop and the selected number that the window was last scrolled to

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """Return the visible lines of the program, and the legend."""
        window = (session.framework, height)
        shown = (session.run, session.trace.update, session.cursor, session.ref, *window)
        if shown != self._shown:
            self._top = code.first_line(session, height, self._top if window == self._window else None)
            self._shown, self._window = shown, window
        return code.draw_window(session, self.palette, width, height, self._top)

    def line_at(self, y: int) -> int | None:
        """Return the line of the program at line ``y`` of the content, from 0; None where there is none."""
        if self.session is None or not 0 <= y < code.code_height(self.size.height):
            return None
        return self._top + y if self._top + y < len(listing(self.session).lines) else None

    def is_in_window(self, line: int) -> bool:
        """Return whether a line of the program is visible."""
        return self._top <= line < self._top + code.code_height(self.size.height)

    def is_beyond(self, line: int, direction: int) -> bool:
        """Return whether a line is further down (``direction`` 1) or up (−1) than what is visible."""
        return not self.is_in_window(line) and (line >= self._top) == (direction > 0)

    def scroll_code(self, lines: int) -> None:
        """Scroll the program by some lines, as far as it goes."""
        if self.session is None:
            return
        count = len(listing(self.session).lines)
        self._top = max(0, min(self._top + lines, count - code.code_height(self.size.height)))
        self.show(self.session)

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
