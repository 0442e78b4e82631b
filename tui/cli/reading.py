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
from nn_tui.tui.cli.output import print_note
from nn_tui.tui.cli.progress import make_progress_line
from nn_tui.tui.config.settings import Settings

_PROGRESS_AFTER = 0.5  # seconds before the first line of progress, so that small files print none


def read_stdin(settings: Settings) -> bytes:
    """Return the table on standard input, at most one byte more than may be read.

    Args:
        settings: The settings.

    Raises:
        InputError: If it is closed or cannot be read.
    """
    if sys.stdin is None:
        raise InputError("unreadable", message("standard input is closed; give a file instead of -."))
    if sys.stdin.isatty():
        print_note(tr("reading a table from the keyboard; end it with ctrl+d"), settings)
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        problem = message("standard input cannot be read: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem) from None


@contextmanager
def reading_progress(
    name: str, settings: Settings, clock: Callable[[], float] = monotonic
) -> Iterator[Callable[[float], None]]:
    """Give a function that shows which share of a file has been read, and clear its line at the end.

    Args:
        name: The file.
        settings: The settings.
        clock: Returns the time in seconds.
    """
    file, line = shorten_path(printable(name)), make_progress_line(settings, delay=_PROGRESS_AFTER, clock=clock)

    def show(share: float) -> None:
        line(lambda dot: tr("reading {file}: {share:.0%} (ctrl+c stops)", file=file, share=share))

    try:
        yield show
    finally:
        line(None)
