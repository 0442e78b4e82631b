"""The line of progress on stderr while a command reads or trains."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from time import perf_counter

from nn_tui.tui.config.settings import Settings

_SHOW_EVERY = 0.2  # seconds between two lines

ProgressLine = Callable[[Callable[[str], str] | None], None]
"""Shows the text that a function makes with a dot to separate its parts; None clears the line."""


def make_progress_line(
    settings: Settings, *, delay: float = 0.0, clock: Callable[[], float] = perf_counter
) -> ProgressLine:
    """Return a function that overwrites a line of progress on stderr; it does nothing without a terminal.

    Args:
        settings: The settings.
        delay: The seconds before the first line, so that what is soon done shows none.
        clock: Returns the time in seconds.
    """
    if settings.quiet or sys.stderr is None or not sys.stderr.isatty():
        return lambda text: None
    width, next_at = 0, clock() + delay if delay else 0.0
    dot = "-" if settings.ascii or (sys.stderr.encoding or "").lower() not in ("utf-8", "utf8") else "·"

    def show(text: Callable[[str], str] | None) -> None:
        nonlocal width, next_at
        columns = max(0, shutil.get_terminal_size().columns - 1)
        if text is None:
            spaces = " " * min(width + len("^C"), columns)  # a terminal echoes ctrl+c behind the line
            print(f"\r{spaces}\r" if width else "", end="", file=sys.stderr, flush=True)
            width, next_at = 0, 0.0
        elif (now := clock()) >= next_at:
            line = text(dot)[:columns]
            print(f"\r{line.ljust(width)}", end="", file=sys.stderr, flush=True)
            width, next_at = max(width, len(line)), now + _SHOW_EVERY

    return show
