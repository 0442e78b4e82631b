"""Reading TOML files and parsing their text; what is wrong is an InputError with its line and column."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.preset.dotted_keys import MAX_PARTS, find_long_key
from nn_tui.core.table.file_names import DOCUMENT_ENDING
from nn_tui.core.text import path_from_home, printable, quote, shorten_path
from nn_tui.core.translation import Message, message

MAX_BYTES = 8 * 2**20  # of a preset file or a lesson
LESSON_KIND = "lesson"
"""The value of the key ``kind`` that tells a lesson from a preset."""
_MAX_REASON = 200  # characters of what tomllib says


def read_toml_text(path: Path, kind: Message) -> str:
    """Return the text of a TOML file.

    Args:
        path: The file.
        kind: What it should be, for messages: ``message("a preset")``.

    Raises:
        InputError: The file cannot be read, is too large, or is not UTF-8 text.
    """
    file, shown_path = shorten_path(printable(path.name)), shorten_path(path_from_home(path))
    if _exists(path) and not (path.is_file() or path.is_dir()):  # reading a pipe would wait for input
        problem = message("it is not a regular file; {kind} is one.", kind=kind)
        raise InputError("unreadable", problem, file=shown_path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem, file=shown_path) from None
    except ValueError:  # the name contains NUL
        raise InputError(
            "unreadable", message("the name contains a NUL character, which no file name may have."), file=shown_path
        ) from None
    if len(raw) > MAX_BYTES:
        problem = message("it is larger than the {max} MiB that {kind} may have.", max=MAX_BYTES // 2**20, kind=kind)
        raise InputError("too_large", problem, file=file)
    if raw.startswith(b"PK\x03\x04"):  # as a ZIP archive does
        name = quote(f"{path.stem}{DOCUMENT_ENDING}")
        problem = message("it is a document, and not {kind}; rename it to {name}.", kind=kind, name=name)
        raise InputError("unreadable", problem, file=file)
    try:
        # TOML is UTF-8, but some editors write a byte order mark first.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = message("this is not UTF-8 text; save the file as UTF-8.")
        raise InputError("unreadable", problem, file=file, line=line) from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # the name is too long for the file system, or contains NUL
        return False


def parse_toml(source: str) -> dict[str, Any]:
    """Return the table in TOML text.

    Raises:
        InputError: With the code ``syntax`` for text that is not TOML, and ``too_large`` for a dotted key with too many
            parts, a number with too many digits, and values that are nested too deeply.
    """
    if (position := find_long_key(source)) is not None:
        line = source.count("\n", 0, position) + 1
        problem = message("a dotted key may have {max} parts at most.", max=MAX_PARTS)
        raise InputError("too_large", problem, line=line)
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        reason, line, column = _split_toml_error(error)
        shown = printable(reason)[:_MAX_REASON]
        if not line:
            problem = message("this is not valid TOML, at the end of the file: {reason}.", reason=shown)
            raise InputError("syntax", problem) from None
        problem = message("this is not valid TOML: {reason}.", reason=shown)
        raise InputError("syntax", problem, line=line, column=column) from None
    except RecursionError:
        raise InputError("too_large", message("values are nested too deeply.")) from None
    except ValueError:  # int() refuses numbers of more than 4,300 digits
        raise InputError("too_large", message("a number has too many digits.")) from None


def _split_toml_error(error: tomllib.TOMLDecodeError) -> tuple[str, int, int]:
    """Return the reason, the line and the column of an error of tomllib; the line is 0 at the end of the text.

    Python 3.14 has them as attributes. Older versions have only a text, which is one of
    ``REASON (at line LINE, column COLUMN)`` and ``REASON (at end of document)``.
    """
    if sys.version_info >= (3, 14):
        is_end = error.pos >= len(error.doc)
        return (error.msg, 0, 0) if is_end else (error.msg, error.lineno, error.colno)
    reason, _, place = str(error).removesuffix(")").rpartition(" (at ")
    line, _, column = place.removeprefix("line ").partition(", column ")
    return reason, int(line) if line.isdigit() else 0, int(column) if column.isdigit() else 0
