"""Reading what a command is given: standard input in place of a file, and the progress of a large file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.table.values import MAX_BYTES
from nn_tui.core.text import printable, shorten_path
from nn_tui.core.translation import message, tr
from nn_tui.tui.exit import print_error

_PROGRESS_AFTER = 0.5  # seconds before the first line of progress, so that small files print none
_PROGRESS_EVERY = 0.1


def read_stdin(is_quiet: bool = False) -> bytes:
    """Return the table on standard input, at most one byte more than may be read.

    Args:
        is_quiet: Whether to say nothing if it is typed on a keyboard.

    Raises:
        InputError: If it is closed or cannot be read.
    """
    if sys.stdin is None:
        raise InputError("unreadable", message("standard input is closed; give a file instead of -."))
    if sys.stdin.isatty() and not is_quiet:
        print_error(tr("reading a table from the keyboard; end it with ctrl+d"), 0)
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        problem = message("standard input cannot be read: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem) from None


@contextmanager
def reading_progress(
    name: str, is_quiet: bool = False, clock: Callable[[], float] = monotonic
) -> Iterator[Callable[[float], None]]:
    """Give a function that shows which share of a file has been read, and clear its line at the end.

    It prints a line on stderr if that is a terminal, once reading has taken a while.

    Args:
        name: The file.
        is_quiet: Whether to print nothing.
        clock: Returns the time in seconds.
    """
    file, width, next_at = shorten_path(printable(name)), 0, clock() + _PROGRESS_AFTER

    def show(share: float) -> None:
        nonlocal width, next_at
        now = clock()
        if now < next_at:
            return
        line = tr("reading {file}: {share:.0%} (ctrl+c stops)", file=file, share=share)
        print(f"\r{line.ljust(width)}", end="", file=sys.stderr, flush=True)
        width, next_at = max(width, len(line)), now + _PROGRESS_EVERY

    if is_quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda share: None
        return
    try:
        yield show
    finally:
        if width:
            print(f"\r{' ' * width}\r", end="", file=sys.stderr, flush=True)
