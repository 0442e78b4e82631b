"""The process of the app that belongs to one visitor."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nn_tui.core.dataclass import dataclass
from nn_tui.tui.terminal.packets import READY, encode_meta

_QUIT_TIMEOUT, _TERMINATE_TIMEOUT = 3.0, 1.0  # seconds
_MAX_LINES = 10  # before the first packet
_MAX_ERRORS = 4_000  # bytes of stderr that are kept


@dataclass(frozen=True, slots=True)
class AppStart:
    """How the process of a visitor starts.

    Attributes:
        folder: The folder of the visitor.
        environ: The whole environment.
        words: The command line of the app.
    """

    folder: Path
    environ: Mapping[str, str]
    words: Sequence[str]


class AppProcess:
    """A running process of the app.

    Attributes:
        output: Its packets.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        self._process = process
        self._input = process.stdin
        self.output = process.stdout
        self._errors = bytearray()
        self._error_task = asyncio.create_task(self._read_errors(process.stderr))

    @classmethod
    async def start(cls, start: AppStart) -> AppProcess:
        """Start a process in a session of its own, so that ctrl+c in the server's terminal does not reach it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nn_tui.tui.visitor", str(start.folder), *start.words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=dict(start.environ), cwd=start.folder, start_new_session=True,
        )  # fmt: skip
        return cls(process)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    async def wait_ready(self) -> bool:
        """Wait until the packets begin; return whether they do."""
        for _ in range(_MAX_LINES):
            try:
                line = await self.output.readline()
            except ValueError:  # a line without end
                return False
            if line in (b"", READY):
                return bool(line)
        return False

    async def send(self, packet: bytes) -> None:
        """Send a packet; nothing happens if the process has ended."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._input.write(packet)
            await self._input.drain()

    async def stop(self) -> int:
        """Ask the process to end, end it if it does not, and return its exit code."""
        with contextlib.suppress(TimeoutError):  # a process that hangs does not read
            await asyncio.wait_for(self.send(encode_meta({"type": "quit"})), _TERMINATE_TIMEOUT)
        drain = asyncio.create_task(self._discard_output())
        try:
            for end, timeout in ((None, _QUIT_TIMEOUT), ("terminate", _TERMINATE_TIMEOUT), ("kill", None)):
                if end is not None:
                    with contextlib.suppress(ProcessLookupError):
                        getattr(self._process, end)()
                try:
                    return await asyncio.wait_for(self._process.wait(), timeout)
                except TimeoutError:
                    continue
            return self._process.returncode or 0
        finally:
            drain.cancel()
            await asyncio.wait({self._error_task}, timeout=_TERMINATE_TIMEOUT)
            self._error_task.cancel()
            self._input.close()

    @property
    def errors(self) -> str:
        """What the process has written to stderr last."""
        return bytes(self._errors).decode("utf-8", "replace")

    async def _discard_output(self) -> None:
        while await self.output.read(65_536):
            pass

    async def _read_errors(self, stream: asyncio.StreamReader) -> None:
        while data := await stream.read(4_096):
            self._errors += data
            del self._errors[:-_MAX_ERRORS]
