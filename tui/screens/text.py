"""A dialog that shows a page of lines, which can be scrolled."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.screens.dialog import Dialog

Document = Callable[[int], list[Strip]]


class TextPage(ScrollView):
    """Lines that are made for the current width."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._lines: list[Strip] = []
        self._width = 0

    def on_resize(self) -> None:
        """Lay out the lines for the new width."""
        self._lay_out(max(1, self.scrollable_content_region.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines at a width, so that the frame is no higher."""
        self._lay_out(max(1, width - self.scrollbar_gutter.width))
        return len(self._lines)

    def _lay_out(self, width: int) -> None:
        if width != self._width:
            self._width = width
            self._lines = self._document(width)
            self.virtual_size = Size(width, len(self._lines))
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the page."""
        line = y + self.scroll_offset.y
        base = Style.from_color(bgcolor=self.rich_style.bgcolor)
        if line < len(self._lines):
            return self._lines[line].crop(0, self.size.width).apply_style(base)
        return Strip.blank(self.size.width, self.rich_style)


class TextScreen(Dialog[None]):
    """A dialog with a page of text; escape, enter or q closes it."""

    BINDINGS = [("escape,enter,q", "dismiss", "Close")]

    def __init__(self, title: str, document: Document) -> None:
        super().__init__()
        self._title = title
        self._document = document

    def compose(self) -> ComposeResult:
        """Compose the frame and its page."""
        with Vertical(id="dialog") as frame:
            frame.border_title = self.shown(self._title)
            frame.border_subtitle = self.shown(tr("esc closes"))
            yield TextPage(self._document)


class EditableTextScreen(TextScreen):
    """A page about something that can be edited: `e` closes the page and calls ``edit``."""

    BINDINGS = [("e", "edit", "Change it")]

    def __init__(self, title: str, document: Document, edit: Callable[[], object]) -> None:
        super().__init__(title, document)
        self._edit = edit

    def action_edit(self) -> None:
        """Close the page and start the edit."""
        self.dismiss(None)
        self._edit()
