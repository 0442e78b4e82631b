"""The panels with a behaviour of their own: the layer's matrices and the timeline."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.matrix_navigation import cell_in_window, scroll_lines, scroll_to_cell
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.block_properties import shown_layer
from nn_tui.tui.views.hidden_blocks import hidden_note
from nn_tui.tui.widgets.panel import Panel


class LayerPanel(Panel):
    """The layer's matrices, scrolled so that the selected number is visible."""

    title_continues_below = False  # the border below shows in which directions there is more

    class Selected(Message):
        """A cell was clicked."""

        def __init__(self, cell: Cell) -> None:
            super().__init__()
            self.cell = cell

    _column = _y = 0  # the first column of wide matrices, and the first line
    _window = (0, 0)  # its width and height when it was last drawn
    _is_scrolled = False  # by the mouse, since the selection last moved
    _shown: tuple[int, bool, Cell | None, int | None] = (-1, False, None, None)
    _pass = 0  # when it was last drawn

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """Return the visible part of the layout."""
        plan = layer_view.layout_layer(session, self.palette.glyphs, width, height)
        cell = layer_view.cell_of(session)
        target = layer_view.cell_to_show(session)
        shown = (shown_layer(session), session.batch, target, session.digits)
        is_batch_toggled = shown[1] != self._shown[1]  # then its first rows are shown, not the selection
        begins_pass = self._pass < session.trace.update and session.step.phase in ("forward", "loss")
        is_at_top = shown[0] != self._shown[0] or begins_pass
        if is_batch_toggled or (is_at_top and plan.height > height):
            self._column = self._y = 0
        if shown != self._shown:
            self._is_scrolled = False
        is_resized = self._window != (width, height) and not self._is_scrolled and not session.batch
        if is_resized:  # a larger window may show everything without scrolling
            self._column = self._y = 0
        is_moved = is_resized or begins_pass or shown != self._shown
        if target is not None and is_moved and not (is_batch_toggled and session.batch):
            self._column, self._y = scroll_to_cell(plan, target, self._column, self._y, height)
        self._shown, self._pass = shown, session.trace.update
        self._column = max(0, min(self._column, plan.max_column))
        self._y = scroll_lines(plan, self._y, height, 0)
        self._window = width, height
        # The border keeps two cells at each end.
        note = hidden_note(plan, self.palette.glyphs, self._column, self._y, height, width - 4)
        self.set_border_text("subtitle", note)
        marks = layer_view.related_cells(session)
        return draw_matrix(plan, self.palette, self._column, self._y, width, height, cell, marks)

    def _scroll(self, columns: int, lines: int) -> None:
        if self.session is None:
            return
        self._column += columns
        if lines:
            plan = layer_view.layout_layer(self.session, self.palette.glyphs, self.size.width, self.size.height)
            self._y = scroll_lines(plan, self._y, self.size.height, lines)
        self._is_scrolled = True
        self.show(self.session)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the matrices."""
        self._scroll(0, 2)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the matrices."""
        self._scroll(0, -2)
        event.stop()

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll the matrices."""
        self._scroll(1, 0)
        event.stop()

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll the matrices."""
        self._scroll(-1, 0)
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Post which number was clicked."""
        offset = event.get_content_offset(self)
        cell = None if offset is None else self.cell_at(offset.x, offset.y)
        if cell is not None:
            self.post_message(self.Selected(cell))

    def cell_at(self, x: int, y: int) -> Cell | None:
        """Return the number at a point of the content, None if there is none."""
        if self.session is None:
            return None
        plan = layer_view.layout_layer(self.session, self.palette.glyphs, self.size.width, self.size.height)
        return cell_in_window(plan, self._column, self._y, self.size.height, (x, y))


class TimelinePanel(Panel):
    """The timeline, along which dragging with the mouse scrubs."""

    class Scrubbed(Message):
        """The mouse was pressed at, or dragged to, column ``x``."""

        def __init__(self, panel: Panel, x: int) -> None:
            super().__init__()
            self.panel, self.x = panel, x

        def can_replace(self, message: Message) -> bool:
            """Return whether a newer column replaces this one while it waits, so that the screen keeps up."""
            return isinstance(message, TimelinePanel.Scrubbed)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start to scrub."""
        if event.button == 1:
            self.capture_mouse()
            self.post_message(self.Scrubbed(self, event.x))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub, even if the pointer has left the line."""
        if self.app.mouse_captured is self:
            self.post_message(self.Scrubbed(self, event.x))

    def on_mouse_up(self) -> None:
        """Stop scrubbing."""
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Post no click: pressing the button has already scrubbed."""
