"""The queue of typed keys: each key waits for the one before it, and for the dialog that it opens."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

_POLL_SECONDS = 0.005
_KEY_TIMEOUT = 0.5  # seconds until a key counts as handled that no node has passed on
_MIN_POLLS = 10  # polls before that, because the process itself may have been stopped for longer
Typed = events.Key | events.Paste


class KeyQueue(App[int]):
    """An app in which no key overtakes another one.

    Textual puts a key into the queue of a screen, runs its binding after the key has bubbled up, and opens a dialog
    in a third task. Without this queue, the next keys of the same burst would reach the screen below the dialog.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Typed] = deque()
        self._in_flight_since = 0.0  # when a screen received a key that is not handled yet; 0 if there is none
        self._polls = 0  # since then
        self._dialog: Screen[object] | None = None  # the last dialog that a key was held back for
        self._is_dialog_open = False
        self._is_polling = False

    async def on_event(self, event: events.Event) -> None:
        """Handle any event; keys and pastes wait for their turn."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif event.is_forwarded:
            await super().on_event(event)
            if isinstance(event, events.Key):
                self._on_key_done()
        elif self._waiting or not self.update_readiness():
            self._waiting.append(event)
            self._poll_soon()
        else:
            await self._deliver(event)

    def translate_key(self, event: events.Key) -> list[events.Key]:
        """Return the keys to handle instead of this one; an empty list means the key itself."""
        return []

    def keys_handled(self) -> None:
        """Called when the last typed key has been handled; subclasses override it."""

    async def _deliver(self, event: Typed) -> None:
        if isinstance(event, events.Key):
            translated = self.translate_key(event)
            if translated:
                self._waiting.extendleft(reversed(translated[1:]))
                event = translated[0]
            focused = self.focused
            is_text = focused is not None and focused.check_consume_key(event.key, event.character)
            await super().on_event(event)
            if event.is_forwarded and not is_text:
                self._in_flight_since, self._polls = monotonic(), 0
            if self._waiting:
                self._poll_soon()
        else:
            await super().on_event(event)

    def _on_key_done(self) -> None:
        """Wait for the messages that the binding has sent: they bubble up from the focus, and this call follows."""
        self._follow_messages([] if self.focused is None else list(self.focused.ancestors_with_self))

    def _follow_messages(self, nodes: list[DOMNode]) -> None:
        for index, node in enumerate(nodes):
            if isinstance(node, App):
                break
            if node.is_attached and node.call_later(self._follow_messages, nodes[index + 1 :]):
                return
        self._in_flight_since = 0.0
        if self._waiting:
            self.call_later(self._deliver_waiting)
        else:
            self.keys_handled()

    def update_readiness(self) -> bool:
        """Update and return whether the next key can be delivered.

        It can if all earlier keys are handled and the dialog that they have opened accepts keys.
        """
        if self._in_flight_since and (self._polls < _MIN_POLLS or monotonic() < self._in_flight_since + _KEY_TIMEOUT):
            return False
        self._in_flight_since = 0.0
        if not self.screen_stack:  # the app is ending
            return False
        screen = self.screen
        if not isinstance(screen, ModalScreen):
            # An action that opens a dialog runs in a worker, which may not have opened it yet.
            workers = (worker for worker in self.workers if worker.node is screen and worker.group == "default")
            return not any(not worker.is_finished for worker in workers)
        if screen is not self._dialog:
            # The call follows the messages with which the dialog lays itself out and sets the focus.
            self._dialog, self._is_dialog_open = screen, False
            screen.call_later(self.call_later, self._dialog_opened, screen)
        return self._is_dialog_open

    def is_idle(self) -> bool:
        """Return whether every key so far has been delivered and handled."""
        return not self._waiting and self.update_readiness()

    async def _dialog_opened(self, screen: Screen[object]) -> None:
        if screen is self._dialog:
            self._is_dialog_open = True
            await self._deliver_waiting()

    def _poll_soon(self) -> None:
        if not self._is_polling:
            self._is_polling = True
            asyncio.get_running_loop().call_later(_POLL_SECONDS, self.call_later, self._poll)

    async def _poll(self) -> None:
        self._is_polling = False
        self._polls += 1
        await self._deliver_waiting()

    async def _deliver_waiting(self) -> None:
        """Deliver the waiting keys until one of them has to wait longer."""
        while self._waiting and self.update_readiness():
            await self._deliver(self._waiting.popleft())
        if self._waiting and self.screen_stack:
            self._poll_soon()
