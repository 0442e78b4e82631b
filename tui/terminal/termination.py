"""The signals that end the process. One handler receives them from the first line of ``main`` to the last."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from enum import Enum, auto
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")


class Terminated(BaseException):
    """A signal told the process to end; ``number`` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Mode(Enum):
    """The reaction of the handler to a signal."""

    RAISE = auto()
    DEFER = auto()
    DEFER_FIRST = auto()  # raise a later one if it is SIGINT


class Termination:
    """Receives the signals that end the process.

    A signal raises :class:`Terminated` in the main thread; inside :meth:`deferred` it does so at the end of the block.

    Attributes:
        number: The first signal that came; 0 if none did.
    """

    def __init__(self) -> None:
        self.number = 0
        self._mode = _Mode.RAISE
        self._callback: Callable[[], object] | None = None

    @contextlib.contextmanager
    def handled(self, *, is_last: bool = False) -> Iterator[None]:
        """Handle the signals in this block, but not those that the process ignores. Only the main thread can.

        Args:
            is_last: The process exits after the block. Signals then kill it without a traceback.

        Raises:
            Terminated: At the end of the block if a signal came, also if the exception was lost on its way there.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self.number, self._mode, self._callback = 0, _Mode.RAISE, None
        known = [signal.Signals[name] for name in _NAMES if hasattr(signal, name)]
        before = {number: signal.getsignal(number) for number in known}
        before = {number: old for number, old in before.items() if old in (signal.SIG_DFL, signal.default_int_handler)}
        report = sys.unraisablehook

        def report_others(unraisable: sys.UnraisableHookArgs) -> None:
            if unraisable.exc_type is not Terminated:
                report(unraisable)

        # A finalizer cannot raise: Python reports the exception and goes on. The signal is noted, so nothing is lost.
        sys.unraisablehook = report_others
        for number in before:
            signal.signal(number, self._handle)
        try:
            yield
        finally:
            self._mode = _Mode.DEFER
            for number, old in before.items():
                signal.signal(number, signal.SIG_DFL if is_last else old)
            sys.unraisablehook = report
            first, self.number, self._callback = self.number, 0, None
            if first:
                raise Terminated(first) from None

    @contextlib.contextmanager
    def deferred(self, *, second_interrupts: bool = False) -> Iterator[None]:
        """Let no signal interrupt this block.

        Args:
            second_interrupts: Whether SIGINT interrupts the block when it is not the first signal.

        Raises:
            Terminated: At the end of the block if a signal came, unless an outer block defers it.
        """
        before, self._mode = self._mode, _Mode.DEFER_FIRST if second_interrupts else _Mode.DEFER
        try:
            yield
        finally:
            self._mode = before
            if self.number and before is _Mode.RAISE:
                raise Terminated(self.number) from None

    def call(self, callback: Callable[[], object]) -> None:
        """Call ``callback`` for each signal, at once if one has come. It may run between any two instructions."""
        self._callback = callback
        if self.number:
            callback()

    def receive(self, number: int) -> None:
        """Note a signal, as if the system had sent it, but interrupt nothing; any thread may call this."""
        self.number = self.number or number
        if self._callback is not None:
            self._callback()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        is_first = not self.number
        self.receive(number)
        if self._mode is _Mode.RAISE or (self._mode is _Mode.DEFER_FIRST and number == signal.SIGINT and not is_first):
            raise Terminated(self.number)


termination = Termination()  # of this process, which has one handler for each signal
