"""Starts the processes of the visitors: by forking a process that has imported the app, or else one by one."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from nn_tui.tui.serve.app_process import AppProcess
from nn_tui.tui.serve.app_start import AppStart
from nn_tui.tui.serve.fork_host import MAX_MESSAGE, encode

_PYTHON = (sys.executable, "-P", "-m", "nn_tui.tui.visitor")  # no module comes from the current folder
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
            *_PYTHON, str(start.folder), *start.words,
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


class ForkStarter:
    """Asks the process of :mod:`~nn_tui.tui.serve.fork_host` for each visitor.

    Args:
        process: That process.
        control: The connection to it, which does not block.
    """

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process, self._control = process, control
        self._lock = asyncio.Lock()
        self._answer: asyncio.Future[dict[str, int]] | None = None
        self._exit_codes: dict[int, asyncio.Future[int]] = {}
        self._answers = asyncio.create_task(self._follow_answers())

    @classmethod
    async def open(cls, environ: Mapping[str, str], folder: Path) -> ForkStarter:
        """Start the process, and wait until it has imported the app.

        Args:
            environ: Its environment, which the visitors replace by their own.
            folder: Its working folder.

        Raises:
            ConnectionError: It has ended.
        """
        control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            process = await asyncio.create_subprocess_exec(
                *_PYTHON, "--fork-host", str(other.fileno()),
                stdin=asyncio.subprocess.DEVNULL, env=dict(environ), cwd=folder, start_new_session=True,
                pass_fds=[other.fileno()],
            )  # fmt: skip
        control.setblocking(False)
        if not await asyncio.get_running_loop().sock_recv(control, MAX_MESSAGE):
            raise ConnectionError
        return cls(process, control)

    async def start(self, start: AppStart) -> AppProcess:
        """Fork a process for a visitor; without the process that forks, start Python anew.

        Raises:
            OSError: No process can be started.
        """
        if self._answers.done():
            return await SpawnStarter().start(start)
        packets, child_packets = socket.socketpair()
        errors, child_errors = socket.socketpair()
        request = {"folder": str(start.folder), "environ": dict(start.environ), "words": list(start.words)}
        with child_packets, child_errors:
            async with self._lock:
                self._answer = asyncio.get_running_loop().create_future()
                descriptors = [child_packets.fileno(), child_errors.fileno()]
                socket.send_fds(self._control, [encode({"start": request})], descriptors)
                answer = await self._answer
        if "failed" in answer:
            packets.close()
            errors.close()
            raise OSError(answer["failed"], os.strerror(answer["failed"]))
        pid = answer["started"]
        reader, writer = await asyncio.open_connection(sock=packets)
        error_reader, _ = await asyncio.open_connection(sock=errors)

        def kill(number: int) -> None:
            with contextlib.suppress(OSError):
                self._control.send(encode({"kill": pid, "signal": number}))

        return AppProcess(pid, writer, reader, error_reader, self._exit_codes[pid], kill)

    async def close(self) -> None:
        """Close the connection, with which that process ends, and its children."""
        self._answers.cancel()
        await asyncio.wait({self._answers})
        self._control.close()
        try:
            await asyncio.wait_for(self._process.wait(), _CLOSE_TIMEOUT)
        except TimeoutError:
            self._process.send_signal(_KILL)
            await self._process.wait()

    async def _follow_answers(self) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while data := await loop.sock_recv(self._control, MAX_MESSAGE):
                answer = json.loads(data)
                if "ended" in answer:
                    self._exit_codes.pop(answer["ended"]).set_result(answer["code"])
                    continue
                if "started" in answer:
                    self._exit_codes[answer["started"]] = loop.create_future()
                if self._answer is not None and not self._answer.done():
                    self._answer.set_result(answer)
        for future in self._exit_codes.values():
            future.cancel()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))


async def open_starter(environ: Mapping[str, str], folder: Path) -> Starter:
    """Return the better way to start processes that this system has."""
    if sys.platform == "linux":  # on macOS, libraries of the system may crash in a process that was forked
        return await ForkStarter.open(environ, folder)
    return SpawnStarter()
