"""Starts the processes of the visitors: by forking a process that has imported the app, or else one by one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nn_tui.tui.serve.app_process import AppProcess
from nn_tui.tui.serve.app_start import AppStart
from nn_tui.tui.serve.fork_host import LENGTH_BYTES, encode

_MODULE = "nn_tui.tui.visitor"
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_CLOSE_TIMEOUT = 2.0  # seconds


class Starter(Protocol):
    """Starts the processes of the visitors."""

    async def start(self, start: AppStart) -> AppProcess:
        """Start a process."""

    async def close(self) -> None:
        """End what is left."""


class SpawnStarter:
    """Starts Python for each visitor."""

    async def start(self, start: AppStart) -> AppProcess:
        """Start a process in a session of its own, so that ctrl+c in the server's terminal does not reach it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _MODULE, str(start.folder), *start.words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=dict(start.environ), cwd=start.folder, start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None

        def kill(number: int) -> None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

        exit_code = asyncio.ensure_future(process.wait())
        return AppProcess(process.pid, process.stdin, process.stdout, process.stderr, exit_code, kill)

    async def close(self) -> None:
        """Do nothing: each process ends with its visit."""


@dataclass(slots=True)
class ForkStarter:
    """Asks the process of :mod:`~nn_tui.tui.serve.fork_host` for each visitor.

    Attributes:
        process: That process.
        reader: Its answers.
        control: The connection to it.
    """

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    control: socket.socket
    _started: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _exit_codes: dict[int, asyncio.Future[int]] = field(default_factory=dict)
    _answers: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, environ: Mapping[str, str], folder: Path) -> ForkStarter:
        """Start the process, and wait until it has imported the app.

        Args:
            environ: Its environment, which the visitors replace by their own.
            folder: Its working folder.

        Raises:
            ConnectionError: It has ended.
        """
        control, other = socket.socketpair()
        with other:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", _MODULE, "--fork-host", str(other.fileno()),
                stdin=asyncio.subprocess.DEVNULL, env=dict(environ), cwd=folder, start_new_session=True,
                pass_fds=[other.fileno()],
            )  # fmt: skip
        reader, writer = await asyncio.open_connection(sock=control)
        starter = cls(process, reader, writer, control)
        await starter._read_answer()
        starter._answers = asyncio.create_task(starter._follow_answers())
        return starter

    async def start(self, start: AppStart) -> AppProcess:
        """Fork a process for a visitor; without the process that forks, start Python anew.

        Raises:
            OSError: No process can be started.
        """
        if self._answers is None or self._answers.done():
            return await SpawnStarter().start(start)
        packets, child_packets = socket.socketpair()
        errors, child_errors = socket.socketpair()
        request = {"folder": str(start.folder), "environ": dict(start.environ), "words": list(start.words)}
        with child_packets, child_errors:
            async with self._lock:
                descriptors = [child_packets.fileno(), child_errors.fileno()]
                control = socket.socket(fileno=os.dup(self.control.fileno()))
                with control:
                    control.setblocking(True)
                    socket.send_fds(control, [encode({"start": request})], descriptors)
                    control.setblocking(False)
                pid = await self._started.get()
        if not pid:
            raise ConnectionError
        reader, writer = await asyncio.open_connection(sock=packets)
        error_reader, _ = await asyncio.open_connection(sock=errors)

        def kill(number: int) -> None:
            self.writer.write(encode({"kill": pid, "signal": number}))

        return AppProcess(pid, writer, reader, error_reader, self._exit_codes[pid], kill)

    async def close(self) -> None:
        """Close the connection, with which that process ends, and its children."""
        self.writer.close()
        try:
            await asyncio.wait_for(self.process.wait(), _CLOSE_TIMEOUT)
        except TimeoutError:
            self.process.send_signal(_KILL)
            await self.process.wait()
        if self._answers is not None:
            self._answers.cancel()

    async def _read_answer(self) -> dict[str, int]:
        try:
            length = int.from_bytes(await self.reader.readexactly(LENGTH_BYTES), "big")
            answer: dict[str, int] = json.loads(await self.reader.readexactly(length))
            return answer
        except asyncio.IncompleteReadError:
            raise ConnectionError from None

    async def _follow_answers(self) -> None:
        try:
            while True:
                answer = await self._read_answer()
                if "started" in answer:
                    pid = answer["started"]
                    self._exit_codes[pid] = asyncio.get_running_loop().create_future()
                    self._started.put_nowait(pid)
                else:
                    self._exit_codes.pop(answer["ended"]).set_result(answer["code"])
        except ConnectionError:
            for future in self._exit_codes.values():
                future.cancel()
            self._started.put_nowait(0)


async def open_starter(environ: Mapping[str, str], folder: Path) -> Starter:
    """Return the better way to start processes that this system has."""
    if sys.platform == "linux":  # on macOS, libraries of the system may crash in a process that was forked
        return await ForkStarter.open(environ, folder)
    return SpawnStarter()
