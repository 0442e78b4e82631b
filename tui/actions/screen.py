"""Actions on the screen itself: its colours, copying, screenshots, and tooltips under the mouse pointer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.content import Content
from textual.message import Message

from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.config.files import unused_path, write_atomically
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.session import Session, with_message
from nn_tui.tui.views.clipboard import clipboard_text
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.tooltips import tooltip


@dataclass(frozen=True, slots=True)
class PointerTarget:
    """The panel under the mouse pointer, and the point of its content; None on the border."""

    panel: Panel
    point: tuple[int, int] | None


class ScreenActions(RunActions):
    """The actions on the whole screen: copying, screenshots, colours; and the tooltips."""

    _pointer_target: PointerTarget | None = None

    class Recolor(Message):
        """A request for another palette, by name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, also in a tooltip that is open."""
        super().show(session)
        if self._pointer_target is not None and any(each.display for each in self.query_children("Tooltip")):
            self._set_tooltip(self._pointer_target)

    def action_theme(self) -> None:
        """Take the next palette."""
        name = PALETTES[(PALETTES.index(self.palette.name) + 1) % len(PALETTES)]
        self.post_message(self.Recolor(name))

    def recolor(self, palette: Palette) -> None:
        """Draw everything with another palette."""
        self.palette = palette
        for panel in self.query(Panel):
            panel.recolor(palette)
        self.change_view(lambda session: with_message(session, f"Colours: {palette.name}. `T` takes the next."))

    async def action_copy(self) -> None:
        """Copy the arithmetic or the matrix."""
        await self.pause()
        message, text = clipboard_text(self.session)
        if text:
            self.app.copy_to_clipboard(text)
            message = f"{message}: copied. A terminal without OSC 52 takes no clipboard from a program."
        self.show(with_message(self.session, message))

    def action_screenshot(self) -> None:
        """Write a picture of the screen into the current folder."""
        session = self.session
        stem = f"nn-tui-{session.experiment.preset.id}-update-{session.updates_done}"
        try:
            path = unused_path(Path.cwd(), stem, ".svg")
            write_atomically(path, self.app.export_screenshot(title=f"nn-tui: {session.experiment.preset.title}"))
        except OSError as error:
            why = (error.strerror or "error").lower()
            self.show(with_message(session, f"No picture: the current folder cannot be written to: {why}."))
            return
        self.show(with_message(session, f"Picture written: {path}"))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Prepare the tooltip for the number or key under the pointer."""
        panel = event.widget
        if not isinstance(panel, Panel):
            self._pointer_target = None
            return
        offset = event.get_content_offset(panel)
        self._pointer_target = PointerTarget(panel, None if offset is None else (offset.x, offset.y))
        self._set_tooltip(self._pointer_target)

    def _set_tooltip(self, target: PointerTarget) -> None:
        text = tooltip(target.panel, target.point, self.session)
        shown = str(target.panel.tooltip) if target.panel.tooltip is not None else None
        if text != shown:
            # Content, because the brackets of w1[2,1] would be read as markup in a plain string.
            target.panel.tooltip = None if text is None else Content(text)
