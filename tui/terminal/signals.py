"""Signals while the app runs: those that end it, and those that stop and continue it (`ctrl+z` and `fg`)."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message

from nn_tui.tui.exit import SIGNALLED
from nn_tui.tui.keys.key_queue import KeyQueue
from nn_tui.tui.terminal.termination import termination


class StopRequested(Message, bubble=False):
    """The process received SIGTSTP."""


class ProcessContinued(Message, bubble=False):
    """The process received SIGCONT without having released the terminal, whose content is unknown now."""


class Terminal(Protocol):
    """A driver that counts its output and can release the terminal."""

    @property
    def pending(self) -> int:
        """The number of characters that the app has written and the terminal has not taken."""

    def suspend(self, stop: Callable[[], None], is_ending: Callable[[], object]) -> bool:
        """Release the terminal, stop the process, and take the terminal again. Return whether it was stopped."""


class SignalHandling(KeyQueue):
    """An app that ends, stops and continues on signals, and leaves the terminal clean each time."""

    terminal: Terminal | None = None  # set by the driver; None if the app runs without a terminal of Unix

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Stop, until the shell goes on with it", show=False, priority=True)
    ]

    def before_termination(self) -> None:
        """Stop background work; called before a signal ends the app."""

    def explain_ignored_stop(self) -> None:
        """Tell the user that no shell could continue the app, so that ``ctrl+z`` had no effect."""

    def handle_signals(self) -> None:
        """End the app when a signal asks for it, or now if one came before the app was ready."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def exit_soon() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed, because the app has ended
                loop.call_soon_threadsafe(self._terminate, context=context)

        termination.call(exit_soon)

    def _terminate(self) -> None:
        self.before_termination()
        self.exit(return_code=SIGNALLED + termination.number)

    def action_suspend_process(self) -> None:
        """Stop the whole process, also while it trains, until the shell continues it."""
        # SIGTSTP for the process group, as a terminal sends it. If no shell could continue the group, the system
        # ignores SIGTSTP. It would obey SIGSTOP, and the terminal would hang.
        if not self._suspend(lambda: os.killpg(0, signal.SIGTSTP)):
            self.explain_ignored_stop()

    @on(StopRequested)
    def _stop(self) -> None:
        self._suspend(lambda: os.kill(os.getpid(), signal.SIGSTOP))

    @on(ProcessContinued)
    def _repaint(self) -> None:
        self._suspend(lambda: None)

    def _suspend(self, stop: Callable[[], None]) -> bool:
        """Release the terminal, call ``stop``, and paint the screen again. Return whether the process was stopped."""
        is_exiting = self.return_code is not None
        if self.terminal is None or is_exiting:
            return False
        was_stopped = self.terminal.suspend(stop, lambda: termination.number)
        self.screen.refresh(layout=True)
        return was_stopped


def pending_output(app: App[Any]) -> int:
    """Return the number of characters that an app has written and the terminal has not taken."""
    return app.terminal.pending if isinstance(app, SignalHandling) and app.terminal is not None else 0
