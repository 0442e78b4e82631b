"""The widget that shows the table of a sweep, and the progress while it is training."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.sweep_table import SweepTable
from nn_tui.tui.views.sweep_page import SweepPage, SweepProgress, draw_page


class SweepWidget(Widget):
    """A page with the rows of a sweep, of which one is highlighted.

    Args:
        table: The table.
        palette: The colours.
    """

    DEFAULT_CSS = "SweepWidget { width: 1fr; height: 1fr; }"

    class RowClicked(Message):
        """A row was clicked; ``index`` is its index in the table."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class HeadingClicked(Message):
        """The heading of the column ``name`` was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Scrolled(Message):
        """The wheel was turned by so many lines."""

        def __init__(self, lines: int) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, table: SweepTable, palette: Palette) -> None:
        super().__init__()
        self._table, self._palette = table, palette
        self._progress: SweepProgress | None = None
        self._page = SweepPage([], (), 0, ())

    @property
    def page_size(self) -> int:
        """The lines that a page up or down moves the highlight."""
        return max(1, len(self._page.rows) - 1)

    def show(self, table: SweepTable, progress: SweepProgress | None) -> None:
        """Show a table, and how far its sweep is; None if that has ended."""
        self._table, self._progress = table, progress
        self._draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Tell which row or heading was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index, name = self._page.row_at(offset.y), self._page.column_at(offset.x, offset.y)
        if index is not None:
            self.post_message(self.RowClicked(index))
        elif name is not None:
            self.post_message(self.HeadingClicked(name))

    def on_mouse_scroll_down(self) -> None:
        """Highlight the next row."""
        self.post_message(self.Scrolled(1))

    def on_mouse_scroll_up(self) -> None:
        """Highlight the row above."""
        self.post_message(self.Scrolled(-1))

    def _draw(self) -> None:
        if self.size:
            self._page = draw_page(self._table, self._progress, self._palette, *self.size)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        strips = self._page.strips
        return strips[y] if y < len(strips) else Strip.blank(self.size.width, self.rich_style)
