"""The terminal driver: it skips invalid input and counts the characters that the terminal has not read yet."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import select
import signal
import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, TextIO

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from nn_tui.tui.terminal.capabilities import can_draw, replace_unencodable
from nn_tui.tui.terminal.signals import ProcessContinued, SignalHandling, StopRequested
from nn_tui.tui.terminal.termination import termination
from nn_tui.tui.terminal.textual_private import InputParser, replace_output, uses_terminal

_INPUT_TIMEOUT = 0.1  # seconds until the input thread checks whether to stop; a single escape key waits this long
_SIGNAL_TIMEOUT = 0.1  # seconds to wait for SIGCONT
_SIGNAL_POLL = 0.005  # seconds
_READ_BYTES = 4096


class CountingStream:
    """A text stream that counts the characters it has passed on; ``flushed`` is the number that the terminal took."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._can_encode_all = can_draw(stream.encoding)
        self._written = 0
        self.flushed = 0

    def write(self, text: str) -> int:
        """Write text; the stream may buffer it."""
        self._written += len(text)
        # A closed terminal takes no output. The thread that reads from it notices, and ends the app.
        with contextlib.suppress(OSError):
            self._stream.write(text if self._can_encode_all else replace_unencodable(text, self._stream.encoding))
        return len(text)

    def flush(self) -> None:
        """Wait until the terminal has taken everything."""
        with contextlib.suppress(OSError):
            self._stream.flush()
        self.flushed = self._written

    def fileno(self) -> int:
        """Return the stream's descriptor."""
        return self._stream.fileno()


class TerminalDriver(LinuxDriver):
    """Textual's driver for Unix, with three changes: invalid input, slow terminals, and job control."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._is_suspended = False
        self._continued = False
        self._queued = 0
        self._output = replace_output(self, CountingStream)
        self._owner = app
        self._event_loop = asyncio.get_running_loop()
        if sys.__stdout__ is not None and sys.__stdout__.isatty():
            # Textual prefers these to the terminal's own size, and JupyterLab's terminal sets them once, at its start.
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)
        # These replace Textual's handlers, which stop the process in the handler itself.
        signal.signal(signal.SIGTSTP, self.on_stop_signal)
        signal.signal(signal.SIGCONT, self.on_continue_signal)
        if isinstance(app, SignalHandling):
            app.terminal = self

    @property
    def is_released(self) -> bool:
        """Whether the app does not use the terminal: before its start, after its end and while it is stopped."""
        return not uses_terminal(self)

    @property
    def pending(self) -> int:
        """The number of characters that the app has written and the terminal has not taken."""
        return self._queued - self._output.flushed

    def write(self, data: str) -> None:
        """Pass ``data`` to the thread that writes."""
        if not self.is_released:
            self._queued += len(data)
            super().write(data)

    def disable_input(self) -> None:
        """Stop reading, unless the terminal is released."""
        if not self.is_released:
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Restore the terminal, unless it is released."""
        if not self.is_released:
            super().stop_application_mode()

    def suspend(self, stop: Callable[[], None], is_ending: Callable[[], object]) -> bool:
        """Release the terminal, stop the process, and take the terminal again when the shell allows it.

        Args:
            stop: Stops the process.
            is_ending: Returns whether a signal has told the process to end; then the terminal stays released.

        Returns:
            Whether the process was stopped.
        """
        self._is_suspended, self._continued = True, False
        old_handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        self.suspend_application_mode()
        stop()
        deadline = monotonic() + _SIGNAL_TIMEOUT
        while not self._continued and monotonic() < deadline:
            sleep(_SIGNAL_POLL)
        was_stopped = self._continued
        while self.is_released and not is_ending():
            if self._has_terminal():
                self.resume_application_mode()
            else:  # the shell has continued it in the background, where it may not use the terminal
                os.killpg(0, signal.SIGSTOP)
        signal.signal(signal.SIGTSTP, old_handler)
        self._is_suspended = False
        return was_stopped

    def _has_terminal(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # not the controlling terminal, so that no shell manages it
            return True

    # A signal may interrupt anything, also a write that holds a lock, so the app handles it in its event loop.

    def on_stop_signal(self, *_: object) -> None:
        """Ask the app to stop the process; the handler of SIGTSTP."""
        self._event_loop.call_soon_threadsafe(self._owner.post_message, StopRequested())

    def on_continue_signal(self, *_: object) -> None:
        """Ask the app to paint the screen again, unless it is waiting for this signal; the handler of SIGCONT."""
        self._continued = True
        if not self._is_suspended:
            self._event_loop.call_soon_threadsafe(self._owner.post_message, ProcessContinued())

    def run_input_thread(self) -> None:
        """Read from the terminal until the app ends; the main function of the input thread."""
        # A byte that is not UTF-8 is a typing mistake or a transmission error; the app goes on.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        parser = InputParser()
        while not self.exit_event.is_set():
            messages: list[Message] = []
            if select.select([self.fileno], [], [], _INPUT_TIMEOUT)[0]:
                data = self._read()
                if not data:
                    termination.receive(signal.SIGHUP)  # the terminal is gone, as that signal says
                    return
                messages += parser.feed(decoder.decode(data))
            messages += parser.tick()
            for message in messages:
                self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:  # Linux: the other end is closed
            return b""
