"""Selecting and following numbers, health and landscape; badges and history, which are computed when keys pause."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual import on, work

from nn_tui.core.analysis.badge_cache import BadgeCache
from nn_tui.core.errors import InputError
from nn_tui.core.explain.history import History, HistoryCache, compute_history, estimate_seconds
from nn_tui.core.run.run import Run
from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views import arithmetic, health, selection
from nn_tui.tui.views.network import edge_hit
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import network_hit

MAX_LIGHT_PASS = 2_000_000  # multiply-adds of a pass that is computed with every key press
MAX_HISTORY_SECONDS = 0.006  # a history that takes longer is computed after the key press
IDLE_DELAY = 0.05  # seconds without a key after which the rest is computed
PART_DELAY = 0.005  # seconds between two parts of it, for a key to arrive


class SelectionActions(RunActions):
    """The actions on the selected number, and the badges and the history that a session gets when keys pause."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._badge_cache = BadgeCache()
        self._history_owner: tuple[Run, int] | None = None  # the run and its last edit
        self._history_cache = HistoryCache()
        self._idle_timer: asyncio.TimerHandle | None = None

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, with its badges and the selection's history unless it runs.

        If they take too long, they are computed a moment later, when no other key has been pressed.
        """
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        if session.running:
            super().show(replace(session, badges=(), history=None) if session.badges or session.history else session)
            return
        if _is_light(session) or self._has_badges(session):
            session = self._with_badges(session)
        elif (badges := self._badge_cache.newest(session.run)) is not None:
            session = replace(session, badges=badges)  # those of the pass before, for a moment
        if not _is_current(session.history, session):
            duration = estimate_seconds(session.run, session.trace, session.ref, self._cache_for(session))
            is_fast = duration < MAX_HISTORY_SECONDS and not self.other_run_lock.locked()
            session = replace(session, history=self._history(session) if is_fast else None)
        super().show(session)
        if not _is_light(session) or session.history is None:
            self._idle_timer = self._call_when_idle(IDLE_DELAY)

    def _call_when_idle(self, delay: float) -> asyncio.TimerHandle:
        """Schedule the computation of missing parts in ``delay`` seconds."""
        # Textual's own timers skip a call that is already due when their task starts.
        return asyncio.get_running_loop().call_later(delay, self.call_later, self._compute_missing)

    def _compute_missing(self) -> None:
        """Compute one of the missing parts: the history, the badges, or the pass that a key may need next."""
        session = self.session
        if session.running:
            return
        if self.other_run_lock.locked():
            # A thread trains the run compared with. A replay here would change the number of BLAS threads it uses.
            self._idle_timer = self._call_when_idle(IDLE_DELAY)
            return
        if session.history is None:
            filled = replace(session, history=self._history(session))
        elif not self._has_badges(session):
            filled = self._with_badges(session)
        elif _prepare_next_pass(session):
            return
        else:
            filled = session
        if filled.badges != session.badges or filled.history is not session.history:
            super().show(filled)
        self._idle_timer = self._call_when_idle(PART_DELAY)

    def _has_badges(self, session: Session) -> bool:
        return self._badge_cache.get(session.run, session.trace, session.updates_done) is not None

    def _with_badges(self, session: Session) -> Session:
        badges = self._badge_cache.diagnose(session.run, session.trace, session.updates_done)
        return session if session.badges is badges else replace(session, badges=badges)

    def _history(self, session: Session) -> History:
        return compute_history(session.run, session.trace, session.ref, self._cache_for(session))

    def _cache_for(self, session: Session) -> HistoryCache:
        owner = (session.run, session.run.segment(session.trace.update - 1).start)
        if owner != self._history_owner:
            self._history_owner, self._history_cache = owner, HistoryCache()
        return self._history_cache

    @work
    async def action_select(self) -> None:
        """Ask for the name of a number and select it."""
        await self.pause()
        sizes = self.session.engine.sizes
        example = f"w{len(sizes) - 1}[1,{min(3, sizes[-2])}]"

        def problem(text: str) -> str | None:
            try:
                selection.select_by_name(self.session, text)
            except InputError as error:
                return str(error)
            return None

        answer = await self.ask(
            TextPrompt(
                "Select", f"A number by its name, such as {example}, b1[1], z1[1], dw1[1,1], x1, y1 or loss.", problem
            )
        )
        if answer is not None:
            self.change_view(lambda s: selection.select_by_name(s, answer))

    def action_factor(self) -> None:
        """Highlight the next number of the arithmetic."""
        self.change_view(selection.highlight_next)

    def action_follow(self) -> None:
        """Select the highlighted number."""
        self.change_view(selection.follow)

    def action_follow_back(self) -> None:
        """Go back to the last selection."""
        self.change_view(selection.follow_back)

    def action_batch(self) -> None:
        """Show every sample of the batch at once, or one sample."""
        self.change_view(selection.toggle_batch)

    async def action_health(self) -> None:
        """Show the health findings: problems, causes and remedies."""
        await self.pause()
        session = self.session
        self.app.push_screen(
            TextScreen("Health", lambda width: health.document(session, self.palette, width), self.palette)
        )

    async def action_landscape(self) -> None:
        """Show the loss around the parameters."""
        await self.pause()
        # Imported here, because the start of the app waits for every import and this screen is seldom opened.
        from nn_tui.tui.screens.landscape import LandscapeScreen

        self.app.push_screen(LandscapeScreen(self.session, self.palette))

    @on(Panel.Clicked, "#arithmetic")
    def _follow_number(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        number = arithmetic.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if number is not None:
            self.change_view(lambda s: selection.follow(s, number))

    @on(Panel.Clicked, "#network")
    def _select_edge(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        if network_hit(message.panel, self.session, message.x, message.y) is not None:
            return
        ref = edge_hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if ref is not None:
            self.change_view(lambda s: select(s, ref))


def _is_light(session: Session) -> bool:
    """Return whether a pass with its badges can be computed with every key press."""
    return bool(session.engine.batch * session.engine.parameters < MAX_LIGHT_PASS)


def _prepare_next_pass(session: Session) -> bool:
    """Compute a part of the next pass. Return True when nothing is left to prepare."""
    is_alone = session.other is None and not session.run.divergence
    return _is_light(session) or not is_alone or not session.run.prepare(session.trace.update + 1)


def _is_current(past: History | None, session: Session) -> bool:
    """Return whether a history is that of the selection, up to the pass on screen."""
    return (
        past is not None
        and past.ref == session.ref
        and past.run is session.run
        and past.updates[-1:] == (session.trace.update,)
    )
