"""A program at the far end of a link: its output is taken no faster than the link allows, and can be held back."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests._pty import ADOPT, APP, plain_environment

_TICK = 0.01  # seconds between two portions of a slow link
_LOOK = 0.02  # seconds at most between two looks at a condition
_KEPT = 400_000  # bytes of output that are kept, the newest
_MODE = re.compile(rb"\x1b\[\?([0-9]+)([hl])")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=$]*[a-zA-Z@`~]|[P_^\]].*?(?:\x1b\\|\x07)|[()][A-Z0-9]|.)", re.DOTALL)
# What the app may switch on, and what must be off at the end; the cursor (25) must be on.
_MODES = {1049: "l", 1000: "l", 1002: "l", 1003: "l", 1006: "l", 1015: "l", 2004: "l", 1004: "l", 2048: "l", 25: "h"}


class Link:
    """A child on a pty. A thread of ours takes its output at ``rate`` bytes a second.

    Attributes:
        taken: How many bytes have been taken.
        code: The exit code, once the child is gone and all its output is taken.
    """

    def __init__(self, command: Sequence[str], columns: int, rows: int, environment: dict[str, str], cwd: Path) -> None:
        self.taken = 0
        self.code: int | None = None
        self._kept = bytearray()
        self._modes: dict[int, str] = {}
        self._rest = b""
        self._rate: int | None = None
        self._news = threading.Condition()  # output has been taken, the rate has changed, or all is over
        self._fd, child = pty.openpty()
        self._closing = False
        self.resize(columns, rows)
        self.process = subprocess.Popen(
            [sys.executable, "-c", ADOPT, *command],
            stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True, cwd=cwd,
        )  # fmt: skip
        os.close(child)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, keys: str | bytes) -> None:
        """Type; raises OSError once the child is gone."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self._fd, data[:1024]) :]

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def rate(self) -> int | None:
        """Bytes a second; None takes them at once, 0 not at all."""
        return self._rate

    @rate.setter
    def rate(self, rate: int | None) -> None:
        with self._news:
            self._rate = rate
            self._news.notify_all()

    @property
    def output(self) -> bytes:
        """The newest output."""
        with self._news:
            return bytes(self._kept)

    def since(self, mark: int) -> bytes:
        """The output after the first ``mark`` bytes, as far as it is kept."""
        with self._news:
            count = self.taken - mark
            return bytes(self._kept[-count:]) if count > 0 else b""

    def words_since(self, mark: int) -> str:
        """The same without control sequences."""
        return _ESCAPES.sub(b"", self.since(mark)).decode(errors="replace")

    def wait(self, condition: Callable[[], object], seconds: float) -> bool:
        """Whether a condition holds within some time, or the child's end."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.code is not None:
                return bool(condition())
            with self._news:  # a condition may be about something else than the output, as a file
                self._news.wait(_LOOK)
        return True

    def left_on(self) -> list[int]:
        """The modes of the terminal that the child has changed and not put back."""
        return [mode for mode, value in self._modes.items() if mode in _MODES and _MODES[mode] != value]

    def end(self, seconds: float) -> int | None:
        """The exit code, None where the child does not end in time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self._reader.join(seconds)
        return self.code

    def close(self) -> None:
        """Leave nothing behind."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._fd)

    def _read(self) -> None:
        free_at = time.monotonic()  # when the link has passed on all that was taken
        while not self._closing:
            with self._news:
                rate = self._rate
                left = free_at - time.monotonic()
                if rate == 0 or left > 0:
                    self._news.wait(None if rate == 0 else left)
                    continue
            if not select.select([self._fd], [], [], 0.05)[0]:
                if self.process.poll() is not None:
                    break
                continue
            try:
                data = os.read(self._fd, 1 << 16 if rate is None else max(1, int(rate * _TICK)))
            except OSError:  # the other end is closed
                break
            self._take(data)
            if rate:
                free_at = time.monotonic() + len(data) / rate
        self.code = self.process.wait()
        with self._news:
            self._news.notify_all()

    def _take(self, data: bytes) -> None:
        recent = self._rest + data
        found = list(_MODE.finditer(recent))
        self._modes.update((int(each[1]), each[2].decode()) for each in found)
        self._rest = recent[found[-1].end() if found else 0 :][-12:]
        with self._news:
            self.taken += len(data)
            self._kept += data
            del self._kept[:-_KEPT]
            self._news.notify_all()


@contextlib.contextmanager
def link(
    cwd: Path, command: Sequence[str] = APP, columns: int = 120, rows: int = 40, **environment: str
) -> Iterator[Link]:
    """Run a command, whose folders for settings and state are below ``cwd``, at the far end of a fast link."""
    folders = {"HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd / "config"), "XDG_STATE_HOME": str(cwd / "state")}
    plain = {**plain_environment(), **folders, "NN_TUI_WELCOME": "0", **environment}
    started = Link(command, columns, rows, plain, cwd)
    try:
        yield started
    finally:
        started.close()
