"""What the outside asks of the process: to end, and to stop for a while, as `ctrl+z` and `fg` do in a shell."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from nn_tui.tui.keys.key_queue import TypingAhead
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.session.session import with_message

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")


class StopAsked(Message, bubble=False):
    """SIGTSTP came."""


class Continued(Message, bubble=False):
    """SIGCONT came, though the terminal was not given back: what is on it now is unknown."""


class Signalled(TypingAhead):
    """An app that leaves the terminal clean when it is told to end or to stop, and paints it whole when it goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Stop, until the shell goes on with it", show=False, priority=True)
    ]

    def __init__(self) -> None:
        super().__init__()
        self._told_to_end = 0

    def expect_signals(self) -> None:
        """Note a signal to end that comes while the app cannot obey it: the terminal is half prepared, or not its."""

        def note(number: int, frame: FrameType | None) -> None:
            self._told_to_end = number

        if os.name == "nt" or threading.current_thread() is not threading.main_thread():
            return
        for name in SIGNALS:
            signal.signal(getattr(signal, name), note)

    def obey_signals(self) -> None:
        """End on a signal to end from now on, or at once if one has come."""
        loop = asyncio.get_running_loop()
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError):  # Windows
                    loop.add_signal_handler(number, self._leave, int(number))
        if self._told_to_end:
            self._leave(self._told_to_end)

    def _leave(self, number: int) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.stop_training()
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
            again = getattr(signal, name, None)
            # The next one, which often follows the first, comes while the session is being kept.
            if again is not None and loop.remove_signal_handler(again):
                signal.signal(again, signal.SIG_IGN)
        self.exit(return_code=128 + number)

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
        self.expect_signals()
        was_stopped = bool(rest(stop, lambda: self._told_to_end))
        self.obey_signals()
        self.screen.refresh(layout=True)
        return was_stopped
