"""The capabilities of a terminal: the characters of its encoding, and the width of ambiguous characters."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from functools import lru_cache

from rich.cells import cell_len

# Unicode calls the width of these ambiguous (UAX #11): one cell in most terminals, two in some East Asian settings.
AMBIGUOUS = "●─½δ"
TIMEOUT = 0.25  # seconds
# One of each kind of character that the app draws. An encoding that has all of these has the others too.
DRAWN = f"{AMBIGUOUS}╭▀█⣿₁′→ŷ"
_REPLY = re.compile(rb"\x1b\[\d{1,5};(\d{1,5})R")


def can_draw(encoding: str) -> bool:
    """Return whether an encoding has the characters that the app draws with."""
    return _can_encode(DRAWN, encoding)


def replace_unencodable(text: str, encoding: str) -> str:
    """Replace each character that ``encoding`` lacks by one ``?`` per cell, so that every line keeps its width."""
    if _can_encode(text, encoding):
        return text
    return "".join(_replace_character(char, encoding) for char in text)


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _replace_character(char: str, encoding: str) -> str:
    return char if _can_encode(char, encoding) else "?" * cell_len(char)


def draws_ambiguous_wide(input_fd: int, output_fd: int, timeout: float = TIMEOUT) -> bool | None:
    """Ask the terminal whether it gives ambiguous characters two cells.

    The function writes a few characters at the start of the line, asks for the cursor's column (CSI 6n), and clears
    the line. It restores the terminal's modes.

    Args:
        input_fd: The descriptor to read the reply from.
        output_fd: The descriptor to write to.
        timeout: The time to wait for the reply, in seconds.

    Returns:
        None if a descriptor is not a terminal, if the terminal does not reply, or without termios.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows: its console gives them one cell
        return None
    if not (os.isatty(input_fd) and os.isatty(output_fd)):
        return None
    try:
        modes = termios.tcgetattr(input_fd)
    except termios.error:
        return None
    try:
        tty.setcbreak(input_fd, termios.TCSANOW)
        os.write(output_fd, f"\r{AMBIGUOUS}\x1b[6n".encode())
        column = _column(input_fd, timeout)
    except (OSError, termios.error):
        return None
    finally:
        # Clear the line also after an error or a signal.
        with contextlib.suppress(OSError):
            os.write(output_fd, b"\r\x1b[K")
        # Not TCSAFLUSH, which would discard keys that were typed meanwhile.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(input_fd, termios.TCSANOW, modes)
    return None if column is None else column - 1 > len(AMBIGUOUS)


def _column(input_fd: int, timeout: float) -> int | None:
    """Return the column in the terminal's reply, counted from 1; None if there is no reply."""
    deadline = time.monotonic() + timeout
    reply = b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([input_fd], [], [], left)[0]:
            break
        chunk = os.read(input_fd, 64)
        if not chunk:
            break
        reply += chunk
        if match := _REPLY.search(reply):
            return int(match[1])
    return None
