"""Parsing TOML text; what is wrong with it is an InputError with its line and column."""

from __future__ import annotations

import sys
import tomllib
from typing import Any

from nn_tui.core.errors import InputError
from nn_tui.core.preset.dotted_keys import MAX_PARTS, find_long_key
from nn_tui.core.text import printable
from nn_tui.core.translation import message

_MAX_REASON = 200  # characters of what tomllib says


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
