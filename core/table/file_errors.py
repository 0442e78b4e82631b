"""Errors in a file of a table: short texts from the file, and errors with a line or a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nn_tui.core.errors import ErrorCode, InputError
from nn_tui.core.text import path_from_home, shorten_path
from nn_tui.core.translation import Message, message


def literal(text: str) -> str:
    """Return at most 40 characters of a text from the file as a Python literal, which is safe to print."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def shown_path(path: Path) -> str:
    """Return the end of a path for a message: as it is if it is printable, else as a Python literal."""
    text = str(path)
    return shorten_path(path_from_home(path) if text.isprintable() else repr(text))


def line_error(code: ErrorCode, file: str, line: int, problem: Message) -> InputError:
    """Return an error about one line; the caller raises it."""
    return InputError(code, problem, file=file, line=line)


def cell_error(
    code: ErrorCode, file: str, line: int, column: int, name: str, problem: Message, value: str | None = None
) -> InputError:
    """Return an error about one cell of a column ``name``; ``column`` counts from 1. The caller raises it."""
    return InputError(code, problem, path=(name,), value=value, file=file, line=line, column=column)


def check_row_count(count: int, max_rows: int, file: str) -> None:
    """Raise an error if a table has too many rows."""
    if count > max_rows:
        problem = message("it has more than {max:,} rows; use a part of it.", max=max_rows)
        raise InputError("too_large", problem, file=file)


def check_not_stopped(should_stop: Callable[[], bool] | None) -> None:
    """Raise an error with the code ``cancelled`` if a person wants to stop reading."""
    if should_stop and should_stop():
        raise InputError("cancelled", message("reading was stopped."))
