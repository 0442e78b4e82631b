"""A program in a pseudo-terminal, and the time at which each piece of its output arrived."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

FRAME_START, FRAME_END = b"\x1b[?2026h", b"\x1b[?2026l"
# The answers of a terminal: it draws a frame only when it is complete, four characters take four cells, it is dark.
ANSWERS = (
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[6n", b"\x1b[1;5R"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b]11;?", b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"),
)
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cM])")
_READ_BYTES = 1 << 16
_LONGEST_QUESTION = 16  # bytes, at least


class TimedTerminal:
    """A running program and its terminal of ``columns`` × ``lines`` cells, for a ``with`` block.

    All times are in seconds of ``time.perf_counter``.

    Attributes:
        pieces: The output so far as (time, bytes).
        started: When the program was started.
        pid: The process id of the program.
    """

    def __init__(self, argv: Sequence[str], columns: int, lines: int, env: Mapping[str, str]) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self._last_output = 0.0
        self._closed = threading.Event()
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), dict(env))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> TimedTerminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if not self._closed.is_set():
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._reader.join()
        os.close(self._fd)

    def _read(self) -> None:
        tail = b""
        while True:
            try:
                data = os.read(self._fd, _READ_BYTES)
            except OSError:  # Linux raises it if the program has closed its side
                data = b""
            if not data:
                break
            now = time.perf_counter()
            self.pieces.append((now, data))
            self._last_output = now
            recent = tail + data
            for question, answer in ANSWERS:
                for _ in range(recent.count(question) - tail.count(question)):
                    os.write(self._fd, answer)
            tail = recent[-_LONGEST_QUESTION:]
        self._closed.set()

    def send(self, keys: bytes) -> float:
        """Type keys and return the time."""
        now = time.perf_counter()
        os.write(self._fd, keys)
        return now

    def wait_until_quiet(self, quiet: float, limit: float = 20.0) -> float:
        """Wait until there has been no output for ``quiet`` seconds.

        Returns:
            When the last byte arrived.

        Raises:
            TimeoutError: There was output all the time for ``limit`` seconds.
        """
        deadline = time.perf_counter() + limit
        while True:
            now = time.perf_counter()
            left = max(self._last_output, self.started) + quiet - now
            if left <= 0:
                return self._last_output
            if now > deadline:
                raise TimeoutError(f"the screen was never quiet for {quiet} s within {limit} s")
            time.sleep(left)

    def time_keys(self, keys: bytes, quiet: float, limit: float = 5.0) -> float:
        """Type keys and return the seconds until the last byte of the output that follows.

        Args:
            keys: The keys.
            quiet: Seconds without output after which the answer is complete.
            limit: Seconds in which the output must begin.

        Raises:
            TimeoutError: There was no output within ``limit`` seconds.
        """
        before = len(self.pieces)
        typed = self.send(keys)
        while len(self.pieces) == before:
            if time.perf_counter() > typed + limit:
                raise TimeoutError(f"nothing was painted within {limit} s of {keys!r}")
            time.sleep(0.001)
        return self.wait_until_quiet(quiet) - typed

    def wait_for(self, *texts: str, limit: float = 30.0) -> float:
        """Wait until all texts are on the screen, each without an escape sequence inside.

        Returns:
            When the frame ended that completed them.

        Raises:
            EOFError: The program has ended.
            TimeoutError: They did not appear within ``limit`` seconds.
        """
        expected = [text.encode() for text in texts]
        deadline = time.perf_counter() + limit
        seen = 0
        while time.perf_counter() < deadline:
            if len(self.pieces) > seen:
                seen = len(self.pieces)
                output = b"".join(data for _, data in self.pieces[:seen])
                visible = _ESCAPES.sub(b"", output)
                if all(text in visible for text in expected):
                    return self._frame_end(seen, expected)
            if self._closed.is_set():
                visible = _ESCAPES.sub(b"", b"".join(data for _, data in self.pieces))
                end = visible.decode(errors="replace")[-400:]
                raise EOFError(f"the program ended before it showed {texts}; the end of its output: {end!r}")
            time.sleep(0.002)
        raise TimeoutError(f"{texts} did not appear within {limit} s")

    def _frame_end(self, count: int, expected: Sequence[bytes]) -> float:
        """Return when the first ``count`` pieces, which contain the texts, had completed them."""
        output = b""
        for time_, data in self.pieces[:count]:
            output += data
            visible = _ESCAPES.sub(b"", output)
            if all(text in visible for text in expected):
                return time_
        return 0.0

    def frames(self, since: float, until: float) -> list[tuple[float, bytes]]:
        """Return (time, visible text) of every frame that was completed between two times."""
        frames: list[tuple[float, bytes]] = []
        pending = b""
        for time_, data in list(self.pieces):
            pending += data
            while (end := pending.find(FRAME_END)) >= 0:
                start = pending.rfind(FRAME_START, 0, end)
                if start >= 0 and since <= time_ <= until:
                    frames.append((time_, _ESCAPES.sub(b"", pending[start:end])))
                pending = pending[end + len(FRAME_END) :]
        return frames

    def bytes_between(self, since: float, until: float) -> int:
        """Return how many bytes arrived between two times."""
        return sum(len(data) for time_, data in list(self.pieces) if since <= time_ <= until)

    def cpu_seconds(self) -> float | None:
        """Return the processor time of the program so far, over all threads; None if there is no /proc."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii") as stream:
                fields = stream.read().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int | None:
        """Return the memory that the program uses; None if there is no /proc."""
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as stream:
                return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return None

    def quit(self, keys: bytes = b"q", limit: float = 10.0) -> None:
        """Type the key that ends the program and wait for its end.

        Raises:
            TimeoutError: It did not end within ``limit`` seconds.
        """
        self.send(keys)
        if not self._closed.wait(limit):
            raise TimeoutError(f"the program did not end within {limit} s of {keys!r}")
