"""The terminal as the app sees it: input that cannot break it, and output that knows how far behind the reader is."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import signal
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any, TextIO

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from nn_tui.tui.terminal.capabilities import carries, fitted
from nn_tui.tui.terminal.signals import Continued, StopAsked
from nn_tui.tui.terminal.termination import termination

_LOOK = 0.1  # seconds between two looks at whether to stop; an escape that nothing follows waits as long at most
_SOON = 0.005  # seconds between two looks at whether a signal has come
_READ = 4096
_SEQUENCES = re.compile("(?=\x1b)")


class Counted:
    """A text stream that knows how many characters it has handed on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._has_all = carries(stream.encoding)
        self._given = 0
        self.done = 0

    def write(self, text: str) -> int:
        """Write; what the stream buffers is not done yet."""
        self._given += len(text)
        # A terminal that is gone takes nothing any more; whoever reads from it notices, and ends the app.
        with contextlib.suppress(OSError):
            self._stream.write(text if self._has_all else fitted(text, self._stream.encoding))
        return len(text)

    def flush(self) -> None:
        """Wait until the terminal has taken everything."""
        with contextlib.suppress(OSError):
            self._stream.flush()
        self.done = self._given

    def fileno(self) -> int:
        """The stream's descriptor."""
        return self._stream.fileno()


class TerminalDriver(LinuxDriver):
    """Textual's driver for Unix; bytes that mean nothing are passed over, and ``pending`` says what waits."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        self._is_resting = False
        self._continued = False
        super().__init__(app, **options)
        assert self._file is not None  # the app is started on a terminal only
        self._counted = Counted(self._file)
        self._file = self._counted  # type: ignore[assignment]
        self._queued = 0

    @property
    def is_away(self) -> bool:
        """Whether the terminal is somebody else's: before the app, after it, and while it is stopped."""
        return self._writer_thread is None or not self._writer_thread.is_alive()

    @property
    def pending(self) -> int:
        """Characters that were written and that the terminal has not taken."""
        return self._queued - self._counted.done

    def write(self, data: str) -> None:
        """Hand ``data`` to the thread that writes."""
        if not self.is_away:
            self._queued += len(data)
            super().write(data)

    def disable_input(self) -> None:
        """Read no more; a terminal that is not ours is not touched."""
        if not self.is_away:
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, unless that is done."""
        if not self.is_away:
            super().stop_application_mode()

    def rest(self, stop: Callable[[], None], is_ending: Callable[[], object]) -> bool:
        """Give the terminal back, ``stop`` the process, and take the terminal when the shell gives it; True if stopped.

        When the process is told to end meanwhile, the terminal stays whose it is.
        """
        self._is_resting, self._continued = True, False
        known = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        self.suspend_application_mode()
        stop()
        end = monotonic() + _LOOK
        while not self._continued and monotonic() < end:
            sleep(_SOON)
        was_stopped = self._continued
        while self.is_away and not is_ending():
            if self._has_terminal():
                self.resume_application_mode()
            else:  # it goes on in the background, where it has nothing to do
                os.killpg(0, signal.SIGSTOP)
        signal.signal(signal.SIGTSTP, known)
        self._is_resting = False
        return was_stopped

    def _has_terminal(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # no terminal that a shell hands round
            return True

    # In the app's own time: a signal may come in the middle of anything, as of a write that holds a lock.

    def _sigtstp_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._app.post_message, StopAsked())

    def _sigcont_application(self, *_: object) -> None:
        self._continued = True
        if not self._is_resting:
            self._loop.call_soon_threadsafe(self._app.post_message, Continued())

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app ends; the thread's whole life."""
        # A byte that is no UTF-8 is a typing mistake or a broken link, and no reason to end.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            messages: list[Message] = []
            if select.select([self.fileno], [], [], _LOOK)[0]:
                data = self._read()
                if not data:
                    termination.receive(signal.SIGHUP)  # the terminal is gone, as that signal says
                    return
                for piece in _SEQUENCES.split(decoder.decode(data)):
                    parser, found = _parsed(parser, piece)
                    messages += found
            messages += parser.tick()
            for message in messages:
                self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ)
        except OSError:  # how Linux says that the other end is closed
            return b""


def _parsed(parser: XTermParser, text: str) -> tuple[XTermParser, list[Message]]:
    """What ``text`` says, and the parser to go on with: a fresh one where the text broke the old one."""
    found: list[Message] = []
    try:
        found.extend(_fed(parser, text))
    except (ValueError, OverflowError):  # a key with a number that no character has
        fresh = XTermParser(False)
        fresh.mouse_pixels = parser.mouse_pixels
        fresh.terminal_size, fresh.terminal_pixel_size = parser.terminal_size, parser.terminal_pixel_size
        parser = fresh
    return parser, found


def _fed(parser: XTermParser, text: str) -> Iterator[Message]:
    if text:  # nothing at all would mean the end
        yield from parser.feed(text)
