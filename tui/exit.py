"""The exit codes of the program, and the function that reports a problem on stderr."""

from __future__ import annotations

import contextlib
import sys

FAILED = 1
USAGE = 2
SIGNALLED = 128  # plus the number of the signal that ended the program


def print_error(sentence: str, code: int, *, prefix: str = "nn-tui: ") -> int:
    """Print one line on stderr after a prefix, without control characters, and return ``code``."""
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in " ".join(sentence.split()))
    if sys.stderr is not None:  # if stderr is closed, print() would write to stdout
        with contextlib.suppress(OSError, ValueError):
            print(f"{prefix}{line}", file=sys.stderr, flush=True)
    return code
