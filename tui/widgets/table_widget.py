"""The widget that shows a table before its network is opened: a page, a sentence or the progress of reading."""

from __future__ import annotations

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.draw.canvas import draw_message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.progress import draw_progress
from nn_tui.tui.draw.table_columns import column_line_at
from nn_tui.tui.session.table_review import TableReview
from nn_tui.tui.views.table_page import TablePage, draw_page


class TableWidget(Widget):
    """A page with the columns of a table, of which one is marked.

    Attributes:
        line: The line of the list of columns that is marked.
    """

    DEFAULT_CSS = "TableWidget { width: 1fr; height: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self.line = 0
        self._review: TableReview | None = None
        self._text = ""
        self._has_network = True
        self._part: float | None = None
        self._page: TablePage | None = None
        self._strips: list[Strip] = []

    @property
    def note(self) -> str:
        """The sentence on the last choice."""
        return self._text

    @property
    def page_size(self) -> int:
        """The lines that a page up or down moves the mark."""
        return max(1, self._page.list_height - 2) if self._page is not None else 1

    def show(self, review: TableReview, note: str = "", *, has_network: bool = True) -> None:
        """Show a table, with a sentence on the last choice if it is not possible, and whether there is a network."""
        self._review, self._text, self._has_network = review, note, has_network
        self.line = min(self.line, len(review.groups) - 1)
        self._draw()

    def show_problem(self, text: str) -> None:
        """Show only a sentence."""
        self._review, self._text, self._part = None, text, None
        self._draw()

    def show_progress(self, text: str, part: float) -> None:
        """Show only a sentence and a progress bar."""
        self._review, self._text, self._part = None, text, part
        self._draw()

    def on_unmount(self) -> None:
        """Free the memory of the table."""
        self._review = self._page = None

    def move(self, lines: int) -> None:
        """Mark the column that many lines below, or above if negative."""
        if self._review is not None:
            self.line = min(max(self.line + lines, 0), len(self._review.groups) - 1)
            self.show(self._review, has_network=self._has_network)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Mark the column that was clicked."""
        offset = event.get_content_offset(self)
        if self._page is None or self._review is None or offset is None:
            return
        page = self._page
        line = column_line_at(offset.y - page.list_top, page.first, len(self._review.groups), page.list_height)
        if line is not None:
            self.move(line - self.line)

    def on_mouse_scroll_down(self) -> None:
        """Mark the next column."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """Mark the column above."""
        self.move(-1)

    def _draw(self) -> None:
        width, height, palette = self.size.width, self.size.height, self._palette
        if not width or not height:
            return
        first, self._page = self._page.first if self._page is not None else 0, None
        if self._review is not None:
            self._page = draw_page(
                self._review,
                palette,
                width,
                height,
                first=first,
                selected=self.line,
                note=self._text,
                has_network=self._has_network,
            )
            self._strips = self._page.strips
        elif self._part is not None:
            self._strips = draw_progress(self._text, self._part, palette, width, height)
        else:
            self._strips = draw_message(self._text, palette, width, height)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)
