"""The log that ``--log`` asks for: what the line of words said and the tracebacks of our own errors, nothing else."""

from __future__ import annotations

import time
from pathlib import Path


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


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "error").lower() if isinstance(error, OSError) else str(error)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S%z")
