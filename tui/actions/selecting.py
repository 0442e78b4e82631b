"""Selecting by name or by a click on a number, following it, health, the landscape; what is filled in at rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual import on, work

from nn_tui.core.analysis.badge import Badge
from nn_tui.core.analysis.health import diagnose
from nn_tui.core.errors import InputError
from nn_tui.core.explain.history import History, HistoryCache, compute_history, estimate_seconds
from nn_tui.core.run.run import Run
from nn_tui.tui.actions.running import Running
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.prompt import Ask
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views import arithmetic, health, selection
from nn_tui.tui.views.network import edge_hit
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import network_hit

LIGHT = 2_000_000  # multiply-adds of a pass
AT_ONCE = 0.006  # seconds that a history may take with the key press itself
REST = 0.05  # seconds without another key after which the rest is computed
PAUSE = 0.005  # seconds between two parts of that
KNOWN = 256  # moments of a run whose badges are remembered, so that going back to them shows all at once


class Selecting(Running):
    """The actions about the selected number, and the badges and the history that a session gets at rest."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._badges_of: Run | None = None
        self._badges: dict[tuple[int, int], tuple[Badge, ...]] = {}  # by pass and updates done
        self._last_badges: tuple[Badge, ...] = ()
        self._cache_key: tuple[Run, int] | None = None
        self._cache = HistoryCache()
        self._rest: asyncio.TimerHandle | None = None

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, with its badges and the selection's history unless it runs.

        What takes longer than the eye would forgive comes a moment later, when no other key has been pressed.
        """
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if session.running:
            super().show(replace(session, badges=(), history=None) if session.badges or session.history else session)
            return
        if _is_light(session) or self._has_badges(session):
            session = self._with_badges(session)
        elif self._badges_of is session.run:
            session = replace(session, badges=self._last_badges)  # of a moment ago, till the new ones are known
        if not _is_of(session.history, session):
            took = estimate_seconds(session.run, session.trace, session.ref, self._cache_for(session))
            soon = took < AT_ONCE and not self.turn.locked()
            session = replace(session, history=self._history(session) if soon else None)
        super().show(session)
        if not _is_light(session) or session.history is None:
            self._rest = self._later(REST)

    def _later(self, seconds: float) -> asyncio.TimerHandle:
        """Compute what was left out in ``seconds``, unless the handle is cancelled before."""
        # Textual's own timers skip a call that is already due when their task starts.
        return asyncio.get_running_loop().call_later(seconds, self.call_later, self._at_rest)

    def _at_rest(self) -> None:
        """Fill in what was left out, and compute the pass that a key would ask for next; a part at a time."""
        session = self.session
        if session.running:
            return
        if self.turn.locked():
            # A thread trains the run compared with: a replay here would change the number of BLAS threads under it.
            self._rest = self._later(REST)
            return
        if session.history is None:
            filled = replace(session, history=self._history(session))
        elif not self._has_badges(session):
            filled = self._with_badges(session)
        elif _is_prepared(session):
            return
        else:
            filled = session
        if filled.badges != session.badges or filled.history is not session.history:
            super().show(filled)
        self._rest = self._later(PAUSE)  # a key may come in between

    def _has_badges(self, session: Session) -> bool:
        return self._badges_of is session.run and _moment(session) in self._badges

    def _with_badges(self, session: Session) -> Session:
        if self._badges_of is not session.run:
            self._badges_of, self._badges = session.run, {}
        badges, moment = self._badges, _moment(session)
        if moment not in badges:
            if len(badges) >= KNOWN:
                del badges[next(iter(badges))]
            badges[moment] = diagnose(session.run, session.trace, session.updates_done)
        self._last_badges = badges[moment]
        return session if session.badges is self._last_badges else replace(session, badges=self._last_badges)

    def _history(self, session: Session) -> History:
        return compute_history(session.run, session.trace, session.ref, self._cache_for(session))

    def _cache_for(self, session: Session) -> HistoryCache:
        key = (session.run, session.run.segment(session.trace.update - 1).start)
        if key != self._cache_key:
            self._cache_key, self._cache = key, HistoryCache()
        return self._cache

    @work
    async def action_select(self) -> None:
        """Ask for a number by its name and select it."""
        await self.pause()
        sizes = self.session.engine.sizes
        example = f"w{len(sizes) - 1}[1,{min(3, sizes[-2])}]"

        def problem(text: str) -> str | None:
            try:
                selection.find(self.session, text)
            except InputError as error:
                return str(error)
            return None

        answer = await self.ask(
            Ask("Select", f"A number by its name, such as {example}, b1[1], z1[1], dw1[1,1], x1, y1 or loss.", problem)
        )
        if answer is not None:
            self.look(lambda s: selection.find(s, answer))

    def action_factor(self) -> None:
        """Light the next number of the arithmetic."""
        self.look(selection.next_factor)

    def action_follow(self) -> None:
        """Go to the number that is lit."""
        self.look(selection.follow)

    def action_follow_back(self) -> None:
        """Return to where the last number was followed from."""
        self.look(selection.follow_back)

    def action_batch(self) -> None:
        """Show the batch at once, or one sample."""
        self.look(selection.toggle_batch)

    async def action_health(self) -> None:
        """Show what is wrong, why, and what to try."""
        await self.pause()
        session = self.session
        self.app.push_screen(
            TextScreen("Health", lambda width: health.page(session, self.palette, width), self.palette)
        )

    async def action_landscape(self) -> None:
        """Show the loss around the parameters."""
        await self.pause()
        from nn_tui.tui.screens.landscape import LandscapeScreen  # seldom needed, and the start waits for every import

        self.app.push_screen(LandscapeScreen(self.session, self.palette))

    @on(Panel.Clicked, "#arithmetic")
    def _follow_number(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        number = arithmetic.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if number is not None:
            self.look(lambda s: selection.follow(s, number))

    @on(Panel.Clicked, "#network")
    def _select_edge(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        if network_hit(message.panel, self.session, message.x, message.y) is not None:
            return
        ref = edge_hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if ref is not None:
            self.look(lambda s: select(s, ref))


def _moment(session: Session) -> tuple[int, int]:
    return session.trace.update, session.updates_done


def _is_light(session: Session) -> bool:
    """Whether a pass of this network is short enough to be computed with a key press, and what is read from it."""
    return bool(session.engine.batch * session.engine.parameters < LIGHT)


def _is_prepared(session: Session) -> bool:
    """Whether the next pass needs nothing more done for it ahead; if it did, a part of that is done now."""
    alone = session.other is None and not session.run.divergence
    return _is_light(session) or not alone or not session.run.prepare(session.trace.update + 1)


def _is_of(past: History | None, session: Session) -> bool:
    """Whether a history is that of the selection, up to the pass on screen."""
    return (
        past is not None
        and past.ref == session.ref
        and past.run is session.run
        and past.updates[-1:] == (session.trace.update,)
    )
