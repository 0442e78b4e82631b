"""Signals while the app runs: those that end it, and those that stop it and let it go on (`ctrl+z` and `fg`)."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from nn_tui.tui.exit import SIGNALLED
from nn_tui.tui.keys.key_queue import TypingAhead
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.session.session import with_message
from nn_tui.tui.terminal.termination import termination


class StopAsked(Message, bubble=False):
    """SIGTSTP came."""


class Continued(Message, bubble=False):
    """SIGCONT came, though the terminal was not given back: what is on it now is unknown."""


class Signalled(TypingAhead):
    """An app that leaves the terminal clean when it is told to end or to stop, and paints it whole when it goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Stop, until the shell goes on with it", show=False, priority=True)
    ]

    def obey_signals(self) -> None:
        """End when a signal tells the process to end, or at once if one has come before the app was ready."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def leave_soon() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed, because the app has ended
                loop.call_soon_threadsafe(self._leave, context=context)

        termination.call(leave_soon)

    def _leave(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.stop_training()
        self.exit(return_code=SIGNALLED + termination.number)

    def action_suspend_process(self) -> None:
        """Stop as a whole, a training too, until the shell goes on with it; says so where no shell does."""
        # As a terminal would, to all that was started together. Where no shell could go on with it, the system takes
        # no notice; SIGSTOP would be obeyed there, and the terminal be lost.
        if not self._rest(lambda: os.killpg(0, signal.SIGTSTP)):
            for screen in self.screen_stack:
                if isinstance(screen, MainScreen):
                    words = "No shell waits here for nn-tui to stop, so `ctrl+z` does nothing; `q` leaves."
                    screen.show(with_message(screen.session, words))

    @on(StopAsked)
    def _stop(self) -> None:
        self._rest(lambda: os.kill(os.getpid(), signal.SIGSTOP))

    @on(Continued)
    def _paint_anew(self) -> None:
        self._rest(lambda: None)

    def _rest(self, stop: Callable[[], None]) -> bool:
        """Whether it has been stopped, and told to go on; all that is on screen is painted anew."""
        rest = getattr(self._driver, "rest", None)
        if rest is None or self._exit:
            return False
        was_stopped = bool(rest(stop, lambda: termination.number))
        self.screen.refresh(layout=True)
        return was_stopped
