"""Run a program in a pseudo-terminal that is read at a limited rate, as over a slow link."""

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

_TICK = 0.01  # seconds between two reads at a limited rate
_CHECK_INTERVAL = 0.02  # seconds at most between two checks of a condition
_MAX_OUTPUT = 400_000  # bytes: older output is dropped
_MODE = re.compile(rb"\x1b\[\?([0-9]+)([hl])")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=$]*[a-zA-Z@`~]|[P_^\]].*?(?:\x1b\\|\x07)|[()][A-Z0-9]|.)", re.DOTALL)
# The modes that the app may change, and their values at the end: all are off, and the cursor (25) is on.
_MODES = {1049: "l", 1000: "l", 1002: "l", 1003: "l", 1006: "l", 1015: "l", 2004: "l", 1004: "l", 2048: "l", 25: "h"}


class ThrottledTerminal:
    """A child process on a pseudo-terminal. A thread reads its output at ``rate`` bytes per second.

    Attributes:
        bytes_read: The number of bytes read so far.
        code: The exit code; None until the child has ended and all its output is read.
    """

    def __init__(self, command: Sequence[str], columns: int, rows: int, environment: dict[str, str], cwd: Path) -> None:
        self.bytes_read = 0
        self.code: int | None = None
        self._output = bytearray()
        self._modes: dict[int, str] = {}
        self._rest = b""
        self._rate: int | None = None
        self._changed = threading.Condition()  # output has been read, the rate has changed, or the child has ended
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
        """Type keys.

        Raises:
            OSError: The child has ended.
        """
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self._fd, data[:1024]) :]

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def rate(self) -> int | None:
        """The limit in bytes per second; None means no limit, and 0 stops reading."""
        return self._rate

    @rate.setter
    def rate(self, rate: int | None) -> None:
        with self._changed:
            self._rate = rate
            self._changed.notify_all()

    @property
    def output(self) -> bytes:
        """The newest output, at most ``_MAX_OUTPUT`` bytes."""
        with self._changed:
            return bytes(self._output)

    def since(self, mark: int) -> bytes:
        """Return the output after the first ``mark`` bytes, without what has been dropped."""
        with self._changed:
            count = self.bytes_read - mark
            return bytes(self._output[-count:]) if count > 0 else b""

    def text_since(self, mark: int) -> str:
        """Return the output after the first ``mark`` bytes as text, without control sequences."""
        return _ESCAPES.sub(b"", self.since(mark)).decode(errors="replace")

    def wait(self, condition: Callable[[], object], seconds: float) -> bool:
        """Wait for a condition until the time is over or the child has ended; return whether it holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.code is not None:
                return bool(condition())
            with self._changed:  # wake up regularly: the condition may depend on a file instead of the output
                self._changed.wait(_CHECK_INTERVAL)
        return True

    def left_on(self) -> list[int]:
        """Return the modes of the terminal that the child has changed and not restored."""
        return [mode for mode, value in self._modes.items() if mode in _MODES and _MODES[mode] != value]

    def end(self, seconds: float) -> int | None:
        """Wait for the child to end; return its exit code, or None if it does not end in time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self._reader.join(seconds)
        return self.code

    def close(self) -> None:
        """Kill the child if it still runs, and close the terminal."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._fd)

    def _read(self) -> None:
        next_read = time.monotonic()  # when the rate allows the next read
        while not self._closing:
            with self._changed:
                rate = self._rate
                left = next_read - time.monotonic()
                if rate == 0 or left > 0:
                    self._changed.wait(None if rate == 0 else left)
                    continue
            if not select.select([self._fd], [], [], 0.05)[0]:
                if self.process.poll() is not None:
                    break
                continue
            try:
                data = os.read(self._fd, 1 << 16 if rate is None else max(1, int(rate * _TICK)))
            except OSError:  # the other end is closed
                break
            self._store(data)
            if rate:
                next_read = time.monotonic() + len(data) / rate
        self.code = self.process.wait()
        with self._changed:
            self._changed.notify_all()

    def _store(self, data: bytes) -> None:
        recent = self._rest + data
        matches = list(_MODE.finditer(recent))
        self._modes.update((int(match[1]), match[2].decode()) for match in matches)
        self._rest = recent[matches[-1].end() if matches else 0 :][-12:]
        with self._changed:
            self.bytes_read += len(data)
            self._output += data
            del self._output[:-_MAX_OUTPUT]
            self._changed.notify_all()


@contextlib.contextmanager
def throttled_terminal(
    cwd: Path, command: Sequence[str] = APP, columns: int = 120, rows: int = 40, **environment: str
) -> Iterator[ThrottledTerminal]:
    """Run a command in a throttled terminal, without a limit at first; ``cwd`` has its settings and state."""
    folders = {"HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd / "config"), "XDG_STATE_HOME": str(cwd / "state")}
    plain = {**plain_environment(), **folders, "NN_TUI_WELCOME": "0", **environment}
    started = ThrottledTerminal(command, columns, rows, plain, cwd)
    try:
        yield started
    finally:
        started.close()
