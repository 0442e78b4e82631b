"""The log of ``--log``: the messages of the message line and the tracebacks of internal errors."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.text import path_from_home
from nn_tui.core.translation import message, tr
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
            path, self.path = self.path, None
            return tr("The log {path} cannot be written, so logging stops: {reason}.", path=path, reason=_reason(error))
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


def without_bad_log(
    settings: Settings, flag: Path | None, environ: Mapping[str, str]
) -> tuple[Settings, InputError | None]:
    """Remove the log from the settings if it cannot be opened.

    Args:
        settings: The settings.
        flag: The log of the command line; None if it has none.
        environ: The environment.

    Returns:
        The settings, and an error if the config file names a log that cannot be opened; else None.

    Raises:
        InputError: If the flag or ``NN_TUI_LOG`` names a log that cannot be opened.
    """
    error = None if settings.log is None else _log_error(settings.log)
    if error is None:
        return settings, None
    if flag is not None:
        error.path = ("--log",)
        raise error
    if environ.get("NN_TUI_LOG"):
        error.path = ("NN_TUI_LOG",)
        raise error
    error.file, error.path = path_from_home(config_file(environ)), ("log",)
    error.problem = message("{problem} No log is written.", problem=error.problem)
    return replace(settings, log=None), error


def _log_error(log: Path) -> InputError | None:
    """Return the error of a file that cannot be a log; None if it can."""
    name = f'"{path_from_home(log)}"'
    try:
        if log.is_fifo():  # opening a pipe that nobody reads would block
            problem = message("{name} is a pipe; a log is a regular file.", name=name)
            return InputError("unreadable", problem, value=str(log))
        log.open("a", encoding="utf-8").close()
    except OSError as error:
        problem = message("{name} cannot be written: {reason}.", name=name, reason=_reason(error))
        return InputError("unreadable", problem, value=str(log))
    except ValueError:  # a NUL in the name
        return InputError("unreadable", message("{name} is not a file name.", name=name), value=str(log))
    return None


def _reason(error: OSError | ValueError) -> str:
    return os_error_reason(error) if isinstance(error, OSError) else str(error)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S%z")
