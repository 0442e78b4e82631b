"""What a terminal can show: whether its encoding has the characters, and whether some are two cells wide on it."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from functools import lru_cache

from rich.cells import cell_len

# Unicode calls each of these ambiguous (UAX #11): one cell in most terminals, two in some East Asian settings.
SAMPLES = "●─½δ"
TIMEOUT = 0.25
# Of each kind that is drawn one; an encoding that has all of these has the others.
DRAWN = f"{SAMPLES}╭▀█⣿₁′→ŷ"
_REPLY = re.compile(rb"\x1b\[\d{1,5};(\d{1,5})R")


def carries(encoding: str) -> bool:
    """Whether an encoding has the characters that the app draws with."""
    try:
        DRAWN.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fitted(text: str, encoding: str) -> str:
    """``text`` with a ``?`` for each cell of what ``encoding`` lacks, so that every line stays as long as it is."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_shown(encoding, char) for char in text)
    return text


@lru_cache(maxsize=4096)
def _shown(encoding: str, char: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return "?" * cell_len(char)
    return char


def draws_wide(input_fd: int, output_fd: int, timeout: float = TIMEOUT) -> bool | None:
    """Whether the terminal gives ambiguous characters two cells; None where it does not say within ``timeout`` s.

    Writes a few characters at the start of the line, asks for the cursor's column (CSI 6n), and clears them
    again. The terminal's modes are restored. None where either descriptor is no terminal, or without termios.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows, whose console gives them one cell
        return None
    if not (os.isatty(input_fd) and os.isatty(output_fd)):
        return None
    try:
        before = termios.tcgetattr(input_fd)
    except termios.error:
        return None
    try:
        tty.setcbreak(input_fd, termios.TCSANOW)
        os.write(output_fd, f"\r{SAMPLES}\x1b[6n".encode())
        column = _column(input_fd, timeout)
    except (OSError, termios.error):
        return None
    finally:
        # Whatever ended it, a signal too, nothing stays on the line.
        with contextlib.suppress(OSError):
            os.write(output_fd, b"\r\x1b[K")
        # Not TCSAFLUSH, which would throw away what was typed meanwhile.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(input_fd, termios.TCSANOW, before)
    return None if column is None else column - 1 > len(SAMPLES)


def _column(input_fd: int, timeout: float) -> int | None:
    """The column in the terminal's reply, counted from 1."""
    deadline = time.monotonic() + timeout
    got = b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([input_fd], [], [], left)[0]:
            break
        chunk = os.read(input_fd, 64)
        if not chunk:
            break
        got += chunk
        if found := _REPLY.search(got):
            return int(found[1])
    return None
