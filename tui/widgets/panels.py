"""The panels that answer the mouse in their own way: a layer's matrices, the timeline, the network."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell, cell_in_window, max_scroll_y, scroll_to_cell
from nn_tui.tui.draw.network import draw_network, unit_at
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import health
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.network import network_view
from nn_tui.tui.widgets.panel import Panel


class LayerPanel(Panel):
    """The layer's matrices, scrolled so that the selected number is in view."""

    spills = False  # the border below says which ways there is more

    class Selected(Message):
        """A cell was clicked."""

        def __init__(self, cell: Cell) -> None:
            super().__init__()
            self.cell = cell

    def __init__(self, palette: Palette, *, id: str, deferred: bool = False) -> None:
        super().__init__(palette, lambda *_: [], self._heading, id=id, deferred=deferred)
        self._x = self._y = 0
        self._window = (0, 0)  # its width and height when it was last drawn
        self._is_scrolled = False  # by the mouse, since the selection last moved
        self._shown: tuple[int, bool, Cell | None, int | None] = (-1, False, None, None)

    def _heading(self, session: Session, palette: Palette) -> str:
        layer = layer_view.layer_of(session)
        sizes, glyphs = session.engine.sizes, palette.glyphs
        kind = "output" if layer == len(sizes) - 2 else "hidden"
        parts = [f"Layer {layer + 1} of {len(sizes) - 1}", kind, session.engine.activations[layer].name]
        parts.append(f"{sizes[layer]} {glyphs.to} {sizes[layer + 1]}")
        if session.batch:
            parts.append(f"batch of {session.trace.n}")
        wrong = health.mark(session, palette, layer)
        if wrong:  # before the shape, which a narrow title can spare
            parts.insert(1, wrong)
        return f" {glyphs.dot} ".join(parts)

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """The visible window of the plane."""
        plan = layer_view.plan(session, self.palette.glyphs, width, height)
        cell = layer_view.cell_of(session)
        here = (layer_view.layer_of(session), session.batch, cell, session.digits)
        turned = here[1] != self._shown[1]  # to the batch, or back to one sample: its first rows, not the selection
        if turned or (here[0] != self._shown[0] and plan.height > height):
            self._x = self._y = 0
        if here != self._shown:
            self._is_scrolled = False
        is_resized = self._window != (width, height) and not self._is_scrolled and not session.batch
        if is_resized:  # a larger window may show what a smaller one had to scroll away
            self._x = self._y = 0
        if cell is not None and (is_resized or here != self._shown) and not (turned and session.batch):
            self._x, self._y = scroll_to_cell(plan, cell, self._x, self._y, width, height)
        self._shown = here
        self._x = max(0, min(self._x, plan.width - width))
        self._y = max(0, min(self._y, max_scroll_y(plan, height)))
        self._window = width, height
        self.write_edge("subtitle", self._beyond(plan.width - self._x - width, plan.height - self._y - height))
        marks = layer_view.marks_of(session)
        return draw_matrix(plan, self.palette, self._x, self._y, width, height, cell, marks)

    def _beyond(self, right: int, below: int) -> str:
        """Which ways there is more than the window shows."""
        glyphs = self.palette.glyphs
        ways = [(self._x > 0, glyphs.arrow_left), (right > 1, glyphs.arrow), (self._y > 0, glyphs.arrow_up)]
        ways.append((below > 0, glyphs.arrow_down))
        shown = "".join(glyph for there, glyph in ways if there)
        return f"more {shown}" if shown else ""

    def _scroll(self, x: int, y: int) -> None:
        self._x += x
        self._y += y
        self._is_scrolled = True
        if self.session is not None:
            self.show(self.session)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the plane under the pointer."""
        self._scroll(0, 2)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the plane under the pointer."""
        self._scroll(0, -2)
        event.stop()

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll the plane under the pointer."""
        self._scroll(6, 0)
        event.stop()

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll the plane under the pointer."""
        self._scroll(-6, 0)
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Select the number under the pointer."""
        offset = event.get_content_offset(self)
        cell = None if offset is None else self.cell_at(offset.x, offset.y)
        if cell is not None:
            self.post_message(self.Selected(cell))

    def cell_at(self, x: int, y: int) -> Cell | None:
        """The number at a point of the content."""
        if self.session is None:
            return None
        plan = layer_view.plan(self.session, self.palette.glyphs, self.size.width, self.size.height)
        return cell_in_window(plan, self._x, self._y, self.size.height, x, y)


class TimelinePanel(Panel):
    """The timeline, on which a held mouse button scrubs."""

    class Scrubbed(Message):
        """The pointer was put down or dragged to a column."""

        def __init__(self, panel: Panel, x: int) -> None:
            super().__init__()
            self.panel, self.x = panel, x

        def can_replace(self, message: Message) -> bool:
            """A column that nobody has looked at yet gives way to the next one, so that the screen keeps up."""
            return isinstance(message, TimelinePanel.Scrubbed)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to scrub."""
        if event.button == 1:
            self.capture_mouse()
            self.post_message(self.Scrubbed(self, event.x))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub along, also where the pointer has left the line."""
        if self.app.mouse_captured is self:
            self.post_message(self.Scrubbed(self, event.x))

    def on_mouse_up(self) -> None:
        """Stop scrubbing."""
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """The press has done it."""


def draw_network_panel(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The network diagram."""
    return draw_network(network_view(session), palette, width, height)


def network_hit(panel: Panel, session: Session, x: int, y: int) -> tuple[int, int] | None:
    """(layer from 0 for the inputs, unit) under a point of the network panel."""
    return unit_at(network_view(session), panel.palette, panel.size.width, panel.size.height, x, y)
