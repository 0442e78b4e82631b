"""The texts of lessons: numbers of the state in the place of ``{NAME}``, and their lines on a terminal."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.limits import DEFAULT_TEXT_DIGITS, MAX_TEXT_DIGITS
from nn_tui.core.lesson.run_figures import PassCursor, figure
from nn_tui.core.practice.rounding import answer_text, is_printed_exactly
from nn_tui.core.text import parse_int, plain_number, quote
from nn_tui.core.translation import message

_FIELD = re.compile(r"\{([^{}]*)\}")
_MAX_WHOLE = 1e6  # whole numbers below it are written without an exponent


def check_fields(text: str) -> None:
    """Raise InputError unless the braces of a text are pairs around the name of a number, perhaps with its digits."""
    for field in _FIELD.findall(text):
        _split(field)
    if re.search(r"[{}]", _FIELD.sub("", text)):
        problem = message(
            "{text} has a brace without its partner; braces are only for numbers, as in {{loss}}.", text=quote(text)
        )
        raise InputError("syntax", problem, value=text)


def field_names(text: str) -> tuple[str, ...]:
    """Return the names of the numbers in a text, in their order."""
    return tuple(_split(field)[0] for field in _FIELD.findall(text))


def fill(text: str, at: PassCursor, *, must_be_known: bool = True) -> str:
    """Return a text with the numbers of a state in the place of ``{NAME}`` or ``{NAME:DIGITS}``.

    Args:
        text: The text.
        at: The cursor in a pass.
        must_be_known: Whether a number that the pass has not computed at the cursor is an error.

    Raises:
        InputError: There is no such number, or it is not computed.
    """

    def number(match: re.Match[str]) -> str:
        name, digits = _split(match[1])
        return number_text(figure(name, at, must_be_known=must_be_known), digits)

    return _FIELD.sub(number, text)


def number_text(value: float, digits: int = DEFAULT_TEXT_DIGITS) -> str:
    """Write a number with significant digits: ``0.5`` if it is exactly that, ``0.5000`` if it is rounded to it."""
    is_whole = abs(value) < _MAX_WHOLE and value == round(value)
    if is_whole:
        return plain_number(value, None)
    if is_printed_exactly(value, digits):
        return plain_number(value, digits)
    return answer_text(value, digits).replace("-", "−")


def _split(field: str) -> tuple[str, int]:
    """Return the name and the significant digits of a field."""
    name, colon, digits_text = field.partition(":")
    digits = parse_int(digits_text, 1, MAX_TEXT_DIGITS) if colon else DEFAULT_TEXT_DIGITS
    if not name.strip() or digits is None:
        problem = message(
            "{field} is not a number of the state; write its name, as in {{z1[2]}}, or {{z1[2]:3}} for three digits.",
            field=quote(field),
        )
        raise InputError("syntax", problem, value=field)
    return name.strip(), digits


def line_count(text: str, width: int) -> int:
    """Return the lines that a text takes if it is broken at spaces into lines of ``width`` cells."""
    lines, used = 1, 0
    for word in text.replace("`", "").split():
        size = sum(_cells(char) for char in word)
        if used and used + 1 + size > width:
            lines, used = lines + 1, 0
        used += size + bool(used)
        if used > width:  # a word that is longer than a line is cut
            extra, used = divmod(used - 1, width)
            lines, used = lines + extra, used + 1
    return lines


def _cells(char: str) -> int:
    """Return the cells of a character on a terminal."""
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
