"""Run a program in a pseudo-terminal: send keys, wait for the screen, and check the terminal at the end."""

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
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pyte

DEADLINE = 60.0  # seconds; reached only by a program that hangs
FILLER = "¤"  # the app never draws it
# Sequences that pyte does not know and would print: private modes with an intermediate byte, kitty's keyboard, strings.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^\]].*?(?:\x1b\\|\x07)", re.DOTALL)
_TORN = re.compile(rb"\x1b(?:\[[0-9;:?<>=$]*|[P_^\]][^\x07\x1b]*|[()]?)$")
# A resize reaches a program through its controlling terminal, which it has to take as its own first.
ADOPT = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
APP = (sys.executable, "-m", "nn_tui.tui")


class _Screen(pyte.Screen):
    def report_device_status(self, *args: Any, **kwargs: Any) -> None:
        """Leave queries unanswered, like a terminal that knows none of them."""

    def select_graphic_rendition(self, *attributes: int, private: bool = False, **kwargs: Any) -> None:
        """Set colours and weights; ignore the private form, which is a keyboard mode."""
        if not private:
            super().select_graphic_rendition(*attributes)


class Cell(NamedTuple):
    """A cell of a terminal. The second cell of a wide character has no text; a colour is six hexadecimal digits."""

    text: str
    foreground: str
    background: str
    bold: bool
    italic: bool
    underlined: bool
    reversed: bool


class Terminal:
    """A child process on a pseudo-terminal of its own, and the screen that it has drawn.

    A screen arrives in pieces, so wait for the expected text before reading :attr:`text`.

    Attributes:
        output: All bytes that the child has written.
        code: Its exit code, or minus the signal that killed it; None before :meth:`end` has seen it.
    """

    def __init__(self, command: Sequence[str], columns: int, rows: int, environment: dict[str, str]) -> None:
        self.output = bytearray()
        self.code: int | None = None
        self._screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._is_over = False
        self._fd, child = pty.openpty()
        self._set_size(columns, rows)
        self._process = subprocess.Popen(
            [sys.executable, "-c", ADOPT, *command],
            stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(child)

    def send(self, keys: str | bytes) -> None:
        """Type, or send bytes that no keyboard has."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the kernel tells the program."""
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    @property
    def pid(self) -> int:
        """The child's process, which leads a session of its own."""
        return self._process.pid

    @property
    def is_cooked(self) -> bool:
        """Whether the terminal echoes, edits lines and turns keys into signals, as a shell expects it to."""
        modes = termios.tcgetattr(self._fd)[3]
        return bool(modes & termios.ECHO and modes & termios.ICANON and modes & termios.ISIG)

    def fill(self) -> None:
        """Cover the whole screen with FILLER, to find cells that the child does not paint again."""
        rows, columns = self._screen.lines, self._screen.columns
        for row in range(rows):
            self._stream.feed(f"\x1b[{row + 1};1H\x1b[0m{FILLER * columns}".encode())
        self._stream.feed(b"\x1b[H")

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed or the connection breaks."""
        os.close(self._fd)
        self._fd, self._is_over = -1, True

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join(self._screen.display)

    def cells(self) -> list[list[Cell]]:
        """Return the rows of cells."""
        return [
            [
                Cell(cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.reverse)
                for cell in (self._screen.buffer[row][column] for column in range(self._screen.columns))
            ]
            for row in range(self._screen.lines)
        ]

    def look(self) -> str:
        """Read the output so far without waiting; return the screen's text, which may still change."""
        while self._read(0.0):
            pass
        return self.text

    def wait(self, condition: Callable[[str], object]) -> str:
        """Read until the screen's text fulfils a condition; fail with the screen's text at the deadline."""
        end = time.monotonic() + DEADLINE
        while not condition(self.text):
            if self._is_over:
                raise AssertionError(f"ended with {self.end()}:\n{self.text}")
            self._read(0.1)
            assert time.monotonic() < end, f"still not there:\n{self.text}"
        return self.text

    def wait_for(self, expected: str) -> str:
        """Read until a text is on the screen."""
        return self.wait(lambda text: expected in text)

    def end(self) -> int:
        """Read until the program ends; return its exit code, or minus the signal that killed it."""
        end = time.monotonic() + DEADLINE
        while not self._is_over:
            self._read(0.1)
            assert time.monotonic() < end, f"still running:\n{self.text}"
        self.code = self._process.wait(DEADLINE)
        return self.code

    def close(self) -> None:
        """Kill the program if it still runs, and close the terminal."""
        self._process.kill()
        self._process.wait()
        if self._fd >= 0:
            os.close(self._fd)

    def _read(self, seconds: float) -> bool:
        """Read the output that arrives within some time; return False if there was none."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux: the other end is closed and all output has been read
            data = b""
        if not data:
            self._is_over = True
            return False
        self.output += data
        known = _UNKNOWN.sub(b"", self._rest + data)
        torn = _TORN.search(known)
        cut = torn.start() if torn else len(known)
        self._rest = known[cut:]
        self._stream.feed(known[:cut])
        return True


def plain_environment() -> dict[str, str]:
    """Return the environment for a program in a colour terminal."""
    names = ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    inherited = {name: os.environ[name] for name in names if name in os.environ}
    return {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@contextlib.contextmanager
def terminal(
    command: Sequence[str] = APP, columns: int = 120, rows: int = 40, **environment: str
) -> Iterator[Terminal]:
    """Run a command in a new terminal, with ``environment`` added to :func:`plain_environment`."""
    started = Terminal(command, columns, rows, {**plain_environment(), **environment})
    try:
        yield started
    finally:
        started.close()


def modes_left_on(output: bytes) -> list[str]:
    """Return the names of the terminal modes that the program has not restored."""
    modes = {
        "alternate screen": 1049,
        "mouse clicks": 1000,
        "mouse moves": 1003,
        "mouse drags": 1002,
        "mouse, SGR coding": 1006,
        "mouse, urxvt coding": 1015,
        "bracketed paste": 2004,
        "focus reports": 1004,
        "in-band resizes": 2048,
    }
    left = [name for name, mode in modes.items() if _last(output, mode) == "h"]
    return [*left, "hidden cursor"] if _last(output, 25) == "l" else left


def _last(output: bytes, mode: int) -> str | None:
    found = re.findall(rb"\x1b\[\?%d([hl])" % mode, output)
    return found[-1].decode() if found else None
