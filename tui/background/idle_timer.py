"""A timer that starts again with every key press."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


class IdleTimer:
    """Calls a function of a message pump when no key has been pressed for some time."""

    def __init__(self, pump: MessagePump, callback: Callable[[], None]) -> None:
        self._pump = pump
        self._callback = callback
        self._handle: asyncio.TimerHandle | None = None

    def start(self, delay: float) -> None:
        """Call the function in ``delay`` seconds, and not at the time set before."""
        self.cancel()
        # Textual's own timers skip a call that is already due when their task starts.
        self._handle = asyncio.get_running_loop().call_later(delay, self._pump.call_later, self._callback)

    def cancel(self) -> None:
        """Do not call the function at the time set before."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
