"""The log that ``--log`` asks for: what the line of words said and the tracebacks of our own errors, nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.settings import Settings


class Log:
    """A file that sentences are appended to until it cannot be written; nothing is from then on."""

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path

    def note(self, sentence: str) -> str:
        """Append a sentence with the time; where that fails, the sentence that says so, once."""
        if self.path is None:
            return ""
        try:
            append(self.path, f"{_now()} {' '.join(sentence.split())}\n")
        except (OSError, ValueError) as error:
            said = f"The log {self.path} cannot be written and is left: {_reason(error)}."
            self.path = None
            return said
        return ""


def append(path: Path, text: str) -> None:
    """Append text to a log. Raises OSError, and ValueError for what is no file name."""
    # Opened each time, so that a log that somebody moved away is begun anew; a lone surrogate is no reason to fail.
    with path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(text)


def append_traceback(path: Path, error: BaseException) -> None:
    """Append the traceback of an error to a log. Raises as :func:`append` does."""
    import traceback

    append(path, f"{_now()} {''.join(traceback.format_exception(error))}")


def with_log(chosen: Settings, flag: Path | None, environ: Mapping[str, str]) -> tuple[Settings, str]:
    """The settings with a log that can be opened or none, and a notice where the config file names one that cannot be.

    Raises InputError for one that the flag or the variable names.
    """
    problem = "" if chosen.log is None else _problem(chosen.log)
    if not problem:
        return chosen, ""
    if flag is not None:
        raise InputError(f"--log {chosen.log}: {problem}")
    if environ.get("NN_TUI_LOG"):
        raise InputError(f"NN_TUI_LOG: {chosen.log}: {problem}")
    from nn_tui.core.text import printable

    notice = f'{config_file(environ)}: log: "{printable(str(chosen.log))}" {problem}; no log is written'
    return replace(chosen, log=None), notice


def _problem(log: Path) -> str:
    """Why a file cannot be a log; empty if it can."""
    try:
        if log.is_fifo():  # one that nobody reads would be waited for
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
