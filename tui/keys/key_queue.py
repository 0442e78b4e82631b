"""Keys that come faster than what they do: each waits for the one before it, and for the dialog which that opens."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

_LOOK = 0.005  # seconds between two looks at whether a dialog is there
_PATIENCE = 0.5  # seconds for a key to come back; one that a widget has kept to itself never does
_LOOKS = 10  # looks it has for that at least: a process that stood still has not kept anything to itself
Typed = events.Key | events.Paste


class TypingAhead(App[int]):
    """An app in which no key overtakes another one.

    Textual hands a key to a screen's queue, runs its binding when it has bubbled up from there, and opens a
    dialog in a third task: what follows in the same burst would be keys of the screen below, or of none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[Typed] = deque()
        self._on_its_way = 0.0  # since when a key is with a screen; 0: none is
        self._looks = 0  # since then
        self._opening: Screen[object] | None = None
        self._is_open = False
        self._looking = False

    async def on_event(self, event: events.Event) -> None:
        """Every event; what is typed waits for its turn."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif event.is_forwarded:
            await super().on_event(event)
            if isinstance(event, events.Key):
                await self._came_back()
        elif self._ahead or not self.takes_keys():
            self._ahead.append(event)
            self._look_soon()
        else:
            await self._deliver(event)

    def meant_by(self, event: events.Key) -> list[events.Key]:
        """The keys to take in the place of one; none for the key itself."""
        return []

    async def _deliver(self, event: Typed) -> None:
        if isinstance(event, events.Key):
            meant = self.meant_by(event)
            if meant:
                self._ahead.extendleft(reversed(meant[1:]))
                event = meant[0]
            written = event.is_printable and isinstance(self.focused, Input)
            await super().on_event(event)
            if event.is_forwarded and not written:
                self._on_its_way, self._looks = monotonic(), 0
            if self._ahead:
                self._look_soon()
        else:
            await super().on_event(event)

    async def _came_back(self) -> None:
        """The binding has run; what it has sent goes the way up from the focus, and this goes behind it."""
        self._follow_up([] if self.focused is None else list(self.focused.ancestors_with_self))

    def _follow_up(self, way: list[DOMNode]) -> None:
        for place, node in enumerate(way):
            if isinstance(node, App):
                break
            if node.is_attached and node.call_later(self._follow_up, way[place + 1 :]):
                return
        self._on_its_way = 0.0
        if self._ahead:
            self.call_later(self._take_waiting)
        else:
            self.at_rest()

    def at_rest(self) -> None:
        """Every key that was typed has been dealt with."""

    def takes_keys(self) -> bool:
        """Whether the keys before have been dealt with, and the dialog they have opened can be typed into."""
        if self._on_its_way and (self._looks < _LOOKS or monotonic() < self._on_its_way + _PATIENCE):
            return False
        self._on_its_way = 0.0
        if not self.screen_stack:  # the app is ending
            return False
        screen = self.screen
        if not isinstance(screen, ModalScreen):
            # What asks a question does so in a task of its own, which has not got as far as the question.
            asking = (worker for worker in self.workers if worker.node is screen and worker.group == "default")
            return not any(not worker.is_finished for worker in asking)
        if screen is not self._opening:
            # Behind what it does as it opens: it lays itself out, and focuses what can be typed into.
            self._opening, self._is_open = screen, False
            screen.call_later(self.call_later, self._opened, screen)
        return self._is_open

    async def _opened(self, screen: Screen[object]) -> None:
        if screen is self._opening:
            self._is_open = True
            await self._take_waiting()

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_LOOK, self.call_later, self._look)

    async def _look(self) -> None:
        self._looking = False
        self._looks += 1
        await self._take_waiting()

    async def _take_waiting(self) -> None:
        """Deliver what has waited, as far as it has its turn."""
        while self._ahead and self.takes_keys():
            await self._deliver(self._ahead.popleft())
        if self._ahead and self.screen_stack:
            self._look_soon()
