"""Along the timeline, colours, copying, pictures of the screen, and what the mouse points at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.widgets._tooltip import Tooltip

from nn_tui.tui.actions.base import Move
from nn_tui.tui.actions.running import Running
from nn_tui.tui.config.files import free_name, write_whole
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.session import Session, with_message
from nn_tui.tui.views.clipboard import copied
from nn_tui.tui.views.status import timeline_bar
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import TimelinePanel
from nn_tui.tui.widgets.tooltips import tooltip


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where the mouse rests: a panel, and a point of its content, or None on its border."""

    panel: Panel
    point: tuple[int, int] | None


class Comfort(Running):
    """The actions that make the screen comfortable."""

    _pointed: Pointed | None = None

    class Recolor(Message):
        """Another palette is wanted, by name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def look(self, make: Move) -> None:
        """A key that changes only what is looked at; training goes on, playing backwards pauses."""
        if self.session.playing_back:
            self._stop_timer()
            self.session = replace(self.session, running=False, playing_back=False)
        super().look(make)

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, also in a tooltip that is open."""
        super().show(session)
        if self._pointed is not None and any(bubble.display for bubble in self.query_children(Tooltip)):
            self._set_tooltip(self._pointed)

    # Along the timeline

    async def action_scrub(self, updates: int) -> None:
        """Go that many updates on or back."""
        await self.move(lambda session: timeline.scrub(session, updates))

    async def action_scrub_part(self, step: int) -> None:
        """Go a part of the run on or back."""
        await self.move(lambda session: timeline.scrub_part(session, step))

    async def action_run_start(self) -> None:
        """Stand at the start of the run."""
        await self.move(lambda session: stepping.goto(session, 0))

    async def action_run_end(self) -> None:
        """Stand at the furthest update."""
        await self.move(lambda session: stepping.goto(session, session.run.reached))

    async def action_bookmark(self) -> None:
        """Set or remove a bookmark."""
        await self.move(timeline.toggle_bookmark)

    async def action_jump(self, step: int) -> None:
        """Go to the mark before or after."""
        await self.move(lambda session: timeline.jump(session, step))

    async def action_play_back(self) -> None:
        """Play backwards, or pause."""
        was_playing = self.session.playing_back
        await self.pause()
        if not was_playing:
            self.start_playing_back()

    @on(TimelinePanel.Scrubbed)
    async def _scrub(self, message: TimelinePanel.Scrubbed) -> None:
        target = timeline_bar.hit(self.session, message.x, message.panel.size.width)
        await self.move(lambda session: stepping.goto(session, target))

    # Colours

    def action_theme(self) -> None:
        """Take the next palette."""
        name = PALETTES[(PALETTES.index(self.palette.name) + 1) % len(PALETTES)]
        self.post_message(self.Recolor(name))

    def recolor(self, palette: Palette) -> None:
        """Draw everything with another palette."""
        self.palette = palette
        for panel in self.query(Panel):
            panel.recolor(palette)
        self.look(lambda session: with_message(session, f"Colours: {palette.name}. `T` takes the next."))

    # Taking something away

    async def action_copy(self) -> None:
        """Copy the arithmetic or the matrix."""
        await self.pause()
        what, text = copied(self.session)
        if text:
            self.app.copy_to_clipboard(text)
            what = f"{what}: copied. A terminal without OSC 52 takes no clipboard from a program."
        self.show(with_message(self.session, what))

    def action_screenshot(self) -> None:
        """Write the screen as it is now into the current folder."""
        session = self.session
        stem = f"nn-tui-{session.experiment.preset.id}-update-{session.updates_done}"
        try:
            path = free_name(Path.cwd(), stem, ".svg")
            write_whole(path, self.app.export_screenshot(title=f"nn-tui: {session.experiment.preset.title}"))
        except OSError as error:
            why = (error.strerror or "error").lower()
            self.show(with_message(session, f"No picture: the current folder cannot be written to: {why}."))
            return
        self.show(with_message(session, f"Picture written: {path}"))

    # What the mouse points at

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Prepare the tooltip for the number or key under the pointer."""
        panel = event.widget
        if not isinstance(panel, Panel):
            self._pointed = None
            return
        offset = event.get_content_offset(panel)
        self._pointed = Pointed(panel, None if offset is None else (offset.x, offset.y))
        self._set_tooltip(self._pointed)

    def _set_tooltip(self, pointed: Pointed) -> None:
        text = tooltip(pointed.panel, pointed.point, self.session)
        shown = str(pointed.panel.tooltip) if pointed.panel.tooltip is not None else None
        if text != shown:
            # Content, because the brackets of w1[2,1] would be read as markup in a plain string.
            pointed.panel.tooltip = None if text is None else Content(text)
