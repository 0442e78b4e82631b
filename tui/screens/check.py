"""The results of the gradient check: a list in which a parameter can be chosen."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.text import Document, TextPage


class RowList(TextPage):
    """A page of lines, and below them rows of which one is highlighted."""

    BINDINGS = [
        ("up,k", "move(-1)", "Up"),
        ("down,j", "move(1)", "Down"),
        ("pageup", "page(-1)", "Page up"),
        ("pagedown", "page(1)", "Page down"),
        ("home", "move(-1000000)", "First"),
        ("end", "move(1000000)", "Last"),
    ]

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, intro: Document, rows: Document, count: int, palette: Palette) -> None:
        super().__init__(lambda width: [*intro(width), *rows(width)])
        self._count = count
        self._palette = palette
        self.row = 0

    @property
    def _first(self) -> int:
        """The index of the first row among the lines."""
        return len(self._lines) - self._count

    def action_move(self, rows: int) -> None:
        """Highlight the row that many rows below, or above if negative; at the first one, show the lines above it."""
        self.row = min(max(self.row + rows, 0), self._count - 1)
        line = self._first + self.row
        top = 0 if self.row == 0 else line
        self.scroll_to_region(Region(0, top, 1, line - top + 1), animate=False, force=True)
        self.refresh()

    def action_page(self, direction: int) -> None:
        """Highlight the row a page further down (``direction`` 1) or up (−1)."""
        self.action_move(direction * max(1, self.size.height - 2))

    def on_click(self, event: events.Click) -> None:
        """Highlight and choose the row that was clicked."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y - self._first
        if 0 <= row < self._count:
            self.row = row
            self.post_message(self.Chosen(row))

    def render_line(self, y: int) -> Strip:
        """Return one line of the page; the highlighted row begins with an arrow."""
        if y + self.scroll_offset.y != self._first + self.row:
            return super().render_line(y)
        text = self._lines[self._first + self.row].text[1:]
        style = self._palette.style("selected") + Style.from_color(bgcolor=None)
        return Strip([Segment(self._palette.glyphs.arrow + text, style)]).crop(0, self.size.width)


class CheckScreen(Dialog[int | None]):
    """The report of a gradient check with a row for every parameter. The result is the chosen row, or None."""

    BINDINGS = [("escape,q", "dismiss", "Close"), ("enter,space", "choose", "Select")]

    def __init__(self, intro: Document, rows: Document, count: int, palette: Palette) -> None:
        super().__init__()
        self._rows = RowList(intro, rows, count, palette)

    def compose(self) -> ComposeResult:
        """Compose the frame and its rows."""
        with Vertical(id="dialog") as frame:
            frame.border_title = self.shown(tr("Gradient check"))
            frame.border_subtitle = self.shown(tr("enter or a click selects the parameter, esc closes"))
            yield self._rows

    def on_mount(self) -> None:
        """Focus the rows, so that the arrow keys move at once."""
        self._rows.focus()

    def action_choose(self) -> None:
        """Close with the highlighted row."""
        self.dismiss(self._rows.row)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Close with the row that was clicked."""
        self.dismiss(message.row)
