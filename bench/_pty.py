"""A program in a pseudo-terminal whose output is read as it comes, with the time of every piece."""

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
# What a terminal answers: it can hold a frame back until it is whole, four characters take four cells, it is dark.
ANSWERS = (
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[6n", b"\x1b[1;5R"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b]11;?", b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"),
)
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cM])")
_READ = 1 << 16


class Terminal:
    """A running program and its terminal of ``columns`` × ``lines`` cells; use it in a ``with`` block.

    ``pieces`` are (seconds, bytes) in the order in which they came; the clock is ``time.perf_counter``.
    """

    def __init__(self, argv: Sequence[str], columns: int, lines: int, env: Mapping[str, str]) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self._last = 0.0
        self._closed = threading.Event()
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), dict(env))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
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
                data = os.read(self._fd, _READ)
            except OSError:  # how Linux says that the other side is closed
                data = b""
            if not data:
                break
            now = time.perf_counter()
            self.pieces.append((now, data))
            self._last = now
            recent = tail + data
            for question, answer in ANSWERS:
                for _ in range(recent.count(question) - tail.count(question)):
                    os.write(self._fd, answer)
            tail = recent[-16:]
        self._closed.set()

    def send(self, keys: bytes) -> float:
        """Type; returns when."""
        now = time.perf_counter()
        os.write(self._fd, keys)
        return now

    def settle(self, quiet: float, limit: float = 20.0) -> float:
        """Wait until nothing has come for ``quiet`` seconds; returns when the last byte came."""
        deadline = time.perf_counter() + limit
        while True:
            now = time.perf_counter()
            left = max(self._last, self.started) + quiet - now
            if left <= 0:
                return self._last
            if now > deadline:
                raise TimeoutError(f"the screen was never quiet for {quiet} s within {limit} s")
            time.sleep(left)

    def painted(self, keys: bytes, quiet: float, limit: float = 5.0) -> float:
        """Seconds from typing ``keys`` to the last byte of what they made appear, known after ``quiet`` seconds."""
        before = len(self.pieces)
        typed = self.send(keys)
        while len(self.pieces) == before:
            if time.perf_counter() > typed + limit:
                raise TimeoutError(f"nothing was painted within {limit} s of {keys!r}")
            time.sleep(0.001)
        return self.settle(quiet) - typed

    def wait_for(self, *texts: str, limit: float = 30.0) -> float:
        """When the frame ended that completed all of ``texts``, each within one run of cells."""
        wanted = [text.encode() for text in texts]
        deadline = time.perf_counter() + limit
        seen = 0
        while time.perf_counter() < deadline:
            if len(self.pieces) > seen:
                seen = len(self.pieces)
                output = b"".join(data for _, data in self.pieces[:seen])
                plain = _ESCAPES.sub(b"", output)
                if all(text in plain for text in wanted):
                    return self._frame_end(seen, wanted)
            if self._closed.is_set():
                said = _ESCAPES.sub(b"", b"".join(data for _, data in self.pieces)).decode(errors="replace")
                raise EOFError(f"the program ended before it showed {texts}; its last words: {said[-400:]!r}")
            time.sleep(0.002)
        raise TimeoutError(f"{texts} did not appear within {limit} s")

    def _frame_end(self, count: int, wanted: Sequence[bytes]) -> float:
        output, done = b"", 0.0
        for when, data in self.pieces[:count]:
            output += data
            plain = _ESCAPES.sub(b"", output)
            if all(text in plain for text in wanted):
                done = when
                break
        return done

    def frames(self, since: float, until: float) -> list[tuple[float, bytes]]:
        """(seconds, visible text) of every frame that was complete between two times."""
        found: list[tuple[float, bytes]] = []
        rest = b""
        for when, data in list(self.pieces):
            rest += data
            while (end := rest.find(FRAME_END)) >= 0:
                start = rest.rfind(FRAME_START, 0, end)
                if start >= 0 and since <= when <= until:
                    found.append((when, _ESCAPES.sub(b"", rest[start:end])))
                rest = rest[end + len(FRAME_END) :]
        return found

    def written(self, since: float, until: float) -> int:
        """How many bytes came between two times."""
        return sum(len(data) for when, data in list(self.pieces) if since <= when <= until)

    def cpu_seconds(self) -> float | None:
        """Processor time of the program so far, all threads; None where /proc does not tell."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii") as stream:
                fields = stream.read().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int | None:
        """Memory that the program has in use; None where /proc does not tell."""
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as stream:
                return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return None

    def leave(self, keys: bytes = b"q", limit: float = 10.0) -> None:
        """Type the key that ends the program and wait until it is gone."""
        self.send(keys)
        if not self._closed.wait(limit):
            raise TimeoutError(f"the program did not end within {limit} s of {keys!r}")
