"""The process of the app that belongs to one visitor."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from nn_tui.tui.terminal.packets import READY, encode_meta

_QUIT_TIMEOUT, _TERMINATE_TIMEOUT = 3.0, 1.0  # seconds
_SIGNALS = ((0, _QUIT_TIMEOUT), (signal.SIGTERM, _TERMINATE_TIMEOUT), (getattr(signal, "SIGKILL", signal.SIGTERM), 5.0))
_MAX_LINES = 10  # before the first packet
_MAX_ERRORS = 4_000  # bytes of stderr that are kept


class AppProcess:
    """A running process of the app.

    Args:
        pid: The number of the process.
        writer: Takes packets for it.
        output: Its packets.
        errors: What it writes to stderr.
        exit_code: Its exit code, when it has ended.
        kill: Sends it a signal.
    """

    def __init__(
        self,
        pid: int,
        writer: asyncio.StreamWriter,
        output: asyncio.StreamReader,
        errors: asyncio.StreamReader,
        exit_code: asyncio.Future[int],
        kill: Callable[[int], None],
    ) -> None:
        self.pid, self.output = pid, output
        self._writer, self._exit_code, self._kill = writer, exit_code, kill
        self._errors = bytearray()
        self._error_task = asyncio.create_task(self._read_errors(errors))

    @property
    def errors(self) -> str:
        """What the process has written to stderr last."""
        return bytes(self._errors).decode("utf-8", "replace")

    async def wait_ready(self) -> bool:
        """Wait until the packets begin; return whether they do."""
        for _ in range(_MAX_LINES):
            try:
                line = await self.output.readline()
            except (ValueError, ConnectionError):  # a line without end
                return False
            if line in (b"", READY):
                return bool(line)
        return False

    async def send(self, packet: bytes) -> None:
        """Send a packet; nothing happens if the process has ended."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._writer.write(packet)
            await self._writer.drain()

    async def stop(self) -> int:
        """Ask the process to end, end it if it does not, and return its exit code. Nobody else may read its output."""
        with contextlib.suppress(TimeoutError):  # a process that hangs does not read
            await asyncio.wait_for(self.send(encode_meta({"type": "quit"})), _TERMINATE_TIMEOUT)
        drain = asyncio.create_task(self._discard_output())
        for number, timeout in _SIGNALS:
            if number:
                self._kill(number)
            if (await asyncio.wait({self._exit_code}, timeout=timeout))[0]:
                break
        await asyncio.wait({drain, self._error_task}, timeout=_TERMINATE_TIMEOUT)
        drain.cancel()
        self._error_task.cancel()
        self._writer.close()
        is_known = self._exit_code.done() and not self._exit_code.cancelled()
        return self._exit_code.result() if is_known else 0

    async def _discard_output(self) -> None:
        with contextlib.suppress(ConnectionError):
            while await self.output.read(65_536):
                pass

    async def _read_errors(self, stream: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await stream.read(4_096):
                self._errors += data
                del self._errors[:-_MAX_ERRORS]
