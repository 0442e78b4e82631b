"""The driver for a browser: it survives invalid input, counts the pending output, and ends with the server."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver
from textual.message import Message

from nn_tui.tui.terminal.packets import DATA, META, PacketParser, encode_meta, encode_packet
from nn_tui.tui.terminal.signals import SignalHandling
from nn_tui.tui.terminal.termination import termination
from nn_tui.tui.terminal.textual_private import InputParser

_INPUT_TIMEOUT = 0.1  # seconds until the input thread checks whether to stop; a single escape key waits this long
_END_TIMEOUT = 2.0  # seconds in which the server takes the last output
_READ_BYTES = 4_096
_MAX_WAITING = 500  # messages that wait in the app, such as keys, until no more input is read
_WAITING_POLL = 0.01  # seconds


class BrowserDriver(WebDriver):
    """Textual's driver for a browser; it survives invalid or too much input, slow connections and the server's end."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._owner = app
        self._event_loop = asyncio.get_running_loop()
        self._input = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._output = sys.__stdout__.fileno() if sys.__stdout__ else 1
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._writer = Thread(target=self._write_queue, name="browser-output", daemon=True)
        self._queued = 0
        self._sent = 0
        if isinstance(app, SignalHandling):
            app.terminal = self

    @property
    def pending(self) -> int:
        """The number of bytes that the app has written and the server has not taken."""
        return self._queued - self._sent

    def suspend(self, stop: Callable[[], None], is_ending: Callable[[], object]) -> bool:
        """Do nothing: no shell could continue the process."""
        return False

    def start_application_mode(self) -> None:
        """Begin to write and to read."""
        super().start_application_mode()
        self._writer.start()

    def stop_application_mode(self) -> None:
        """Tell the server that the app ends, and wait until it has taken everything."""
        super().stop_application_mode()
        self._queue.put(None)
        if self._writer.is_alive():
            self._writer.join(_END_TIMEOUT)

    def write(self, data: str) -> None:
        """Pass text for the terminal in the browser to the thread that writes."""
        self._send(encode_packet(DATA, data.encode("utf-8", "replace")))

    def write_meta(self, data: dict[str, object]) -> None:
        """Pass a message for the server to the thread that writes."""
        self._send(encode_meta(data))

    def _send(self, packet: bytes) -> None:
        self._queued += len(packet)
        self._queue.put(packet)

    def _write_queue(self) -> None:
        """Write what is queued; the main function of the output thread."""
        while (packet := self._queue.get()) is not None:
            view = memoryview(packet)
            try:
                while view:
                    view = view[os.write(self._output, view) :]
            except OSError:  # the server is gone, which the input thread notices
                pass
            self._sent += len(packet)

    def run_input_thread(self) -> None:
        """Read from the server until the app ends; the main function of the input thread."""
        if os.name == "nt":  # select() knows only sockets there
            super().run_input_thread()
            return
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        parser, packets = InputParser(), PacketParser()
        while not self.exit_event.is_set():
            messages: list[Message] = []
            if select.select([self._input], [], [], _INPUT_TIMEOUT)[0]:
                data = self._read()
                if not data:
                    termination.receive(signal.SIGHUP)  # the server is gone
                    return
                for kind, payload in packets.feed(data):
                    if kind == DATA:
                        messages += parser.feed(decoder.decode(payload))
                    elif kind == META:
                        with contextlib.suppress(ValueError, KeyError, TypeError):  # the browser goes on
                            fields = json.loads(payload)
                            self.on_meta(fields["type"], fields)
            messages += parser.tick()
            for message in messages:
                self.process_message(message)
            if messages:
                self._wait_for_app()

    def _wait_for_app(self) -> None:
        """Wait until the app has got the input, and has handled most of it: the server waits meanwhile."""
        has_got_it = Event()
        self._event_loop.call_soon_threadsafe(has_got_it.set)
        while not (has_got_it.wait(_INPUT_TIMEOUT) and self._waiting_messages() <= _MAX_WAITING):
            if self.exit_event.wait(_WAITING_POLL):
                return

    def _waiting_messages(self) -> int:
        """Return how many messages wait in the app, in its screen, and in the widget that has the focus."""
        app = self._owner
        pumps = (app, app.screen, app.focused) if app.screen_stack else (app,)
        return sum(pump.message_queue_size for pump in pumps if pump is not None)

    def _read(self) -> bytes:
        try:
            return os.read(self._input, _READ_BYTES)
        except OSError:
            return b""
