"""A running ``nn-tui serve``: its address, its processes, and its end."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from tests._pty import APP, DEADLINE, plain_environment

_ADDRESS = re.compile(r"http://\S+")


class Server:
    """A server in a process of its own.

    Attributes:
        address: The address that it prints.
        pid: Its process id.
        code: Its exit code; None before :meth:`end`.
    """

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        """Start ``nn-tui serve`` on a free port and wait for the line with its address.

        Args:
            folder: A folder for its home and its temporary files.
            *arguments: What stands behind ``serve``.
            **environment: Variables in addition to those of the tests.
        """
        self.code: int | None = None
        self._lines: list[str] = []
        self._changed = threading.Condition()
        for name in ("home", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        folders = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            [*APP, "serve", *arguments, "--port", "0"], text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**plain_environment(), **folders, **environment},
        )  # fmt: skip
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self.wait_for_line(_ADDRESS)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify()

    def wait_for_line(self, pattern: re.Pattern[str]) -> str:
        """Wait until the output has a match of a pattern, and return it."""
        with self._changed:
            self._changed.wait_for(lambda: pattern.search(self.output) or self._process.poll() is not None, DEADLINE)
        found = pattern.search(self.output)
        assert found, f"ended with {self._process.poll()}:\n{self.output}"
        return found[0]

    @property
    def output(self) -> str:
        """What it has printed on both streams."""
        return "".join(self._lines)

    def processes(self) -> set[int]:
        """Return the processes that it has started and that still run, not the server itself."""
        return {pid for pid in descendants(self.pid) if _is_running(pid)}

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, as ctrl+c does, and return the exit code."""
        self._process.send_signal(number)
        self.code = self._process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return self.code

    def close(self) -> None:
        """Kill it with its processes if it still runs."""
        if self._process.poll() is None:
            for pid in (*self.processes(), self.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(DEADLINE)


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Run ``nn-tui serve`` for a ``with`` block."""
    server = Server(folder, *arguments, **environment)
    try:
        yield server
    finally:
        server.close()


def websocket_url(address: str, columns: int = 120, rows: int = 40) -> str:
    """Return the address of the websocket that the page at ``address`` opens."""
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode({"width": columns, "height": rows}))))
    return urlunsplit(("ws", parts.netloc, parts.path.rstrip("/") + "/ws", query, ""))


def wait_until_ended(pids: set[int]) -> None:
    """Wait until none of the processes runs any more; fail at the deadline."""
    end = time.monotonic() + DEADLINE
    while running := {pid for pid in pids if _is_running(pid)}:
        assert time.monotonic() < end, f"still running: {running}"
        time.sleep(0.02)


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below a process; Linux alone says which these are. One may end meanwhile."""
    children: list[int] = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            children += map(int, task.read_text(encoding="ascii").split())
    for child in children:
        yield child
        yield from descendants(child)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
