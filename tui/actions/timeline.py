"""Actions along the timeline of a run: scrub, jump to marks, bookmarks, playing backwards."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from nn_tui.tui.actions.base import Move
from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.views.status import timeline_bar
from nn_tui.tui.widgets.panels import TimelinePanel


class TimelineActions(RunActions):
    """The actions that move along the timeline."""

    def change_view(self, move: Move) -> None:
        """Apply a move that changes only the view; a training goes on, playing backwards pauses."""
        if self.session.playing_back:
            self._stop_timer()
            self.session = replace(self.session, running=False, playing_back=False)
        super().change_view(move)

    async def action_scrub(self, updates: int) -> None:
        """Go that many updates forward, or back if negative."""
        await self.move(lambda session: timeline.scrub(session, updates))

    async def action_scrub_part(self, direction: int) -> None:
        """Go a part of the run forward or back."""
        await self.move(lambda session: timeline.scrub_part(session, direction))

    async def action_run_start(self) -> None:
        """Go to the start of the run."""
        await self.move(lambda session: stepping.goto(session, 0))

    async def action_run_end(self) -> None:
        """Go to the last update of the run."""
        await self.move(lambda session: stepping.goto(session, session.run.reached))

    async def action_bookmark(self) -> None:
        """Set or remove a bookmark."""
        await self.move(timeline.toggle_bookmark)

    async def action_jump(self, direction: int) -> None:
        """Go to the mark before or after."""
        await self.move(lambda session: timeline.jump(session, direction))

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
