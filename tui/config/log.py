"""The log of ``--log``: the messages of the message line and the tracebacks of internal errors."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.settings import Settings


class Log:
    """A file to which messages are appended. After the first failure nothing more is written.

    Attributes:
        path: The file; None after a failure.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path

    def append_message(self, text: str) -> str:
        """Append a message with the time. Return a message if that fails for the first time, else an empty string."""
        if self.path is None:
            return ""
        try:
            append(self.path, f"{_now()} {' '.join(text.split())}\n")
        except (OSError, ValueError) as error:
            failure = f"The log {self.path} cannot be written and is left: {_reason(error)}."
            self.path = None
            return failure
        return ""


def append(path: Path, text: str) -> None:
    """Append text to a log. Raises OSError, and ValueError if ``path`` is not a file name."""
    # The log is opened each time, so that a log that was moved is started again. Lone surrogates are escaped.
    with path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(text)


def append_traceback(path: Path, error: BaseException) -> None:
    """Append the traceback of an error to a log. Raises as :func:`append` does."""
    import traceback

    append(path, f"{_now()} {''.join(traceback.format_exception(error))}")


def without_bad_log(settings: Settings, flag: Path | None, environ: Mapping[str, str]) -> tuple[Settings, str]:
    """Remove the log from the settings if it cannot be opened.

    Args:
        settings: The settings.
        flag: The log of the command line; None if it has none.
        environ: The environment.

    Returns:
        The settings, and a notice if the config file names a log that cannot be opened; else an empty string.

    Raises:
        InputError: If the flag or ``NN_TUI_LOG`` names a log that cannot be opened.
    """
    problem = "" if settings.log is None else _problem(settings.log)
    if not problem:
        return settings, ""
    if flag is not None:
        raise InputError(f"--log {settings.log}: {problem}")
    if environ.get("NN_TUI_LOG"):
        raise InputError(f"NN_TUI_LOG: {settings.log}: {problem}")
    from nn_tui.core.text import printable

    notice = f'{config_file(environ)}: log: "{printable(str(settings.log))}" {problem}; no log is written'
    return replace(settings, log=None), notice


def _problem(log: Path) -> str:
    """Return the reason for which a file cannot be a log; empty if it can."""
    try:
        if log.is_fifo():  # opening a pipe that nobody reads would block
            return "is a pipe; a log is a regular file"
        log.open("a", encoding="utf-8").close()
    except OSError as error:
        return f"cannot be written: {_reason(error)}"
    except ValueError:  # a NUL in the name
        return "is not a file name"
    return ""


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "error").lower() if isinstance(error, OSError) else str(error)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S%z")
