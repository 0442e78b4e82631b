"""The texts of lessons: numbers of the state in place of ``{NAME}``, and their lines on a terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, east_asian_width

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.formula import Formula, parse_formula
from nn_tui.core.lesson.limits import DEFAULT_TEXT_DIGITS, MAX_TEXT_DIGITS
from nn_tui.core.lesson.run_figures import PassCursor, figure
from nn_tui.core.practice.rounding import answer_text, is_printed_exactly
from nn_tui.core.text import parse_int, plain_number, quote
from nn_tui.core.translation import message

_FIELD = re.compile(r"\{([^{}]*)\}")
_MAX_WHOLE = 1e6  # whole numbers below it are written without an exponent


def check_fields(text: str) -> None:
    """Raise InputError unless the braces of a text are pairs around a formula, perhaps with digits behind it."""
    for field in _FIELD.findall(text):
        _parse_field(field)
    if re.search(r"[{}]", _FIELD.sub("", text)):
        problem = message(
            "{text} has a brace without its partner; braces are only for numbers, as in {{loss}}.", text=quote(text)
        )
        raise InputError("syntax", problem, value=text)


def fields_of(text: str) -> tuple[Formula, ...]:
    """Return the formulas in a text, in their order."""
    return tuple(_parse_field(field)[0] for field in _FIELD.findall(text))


def fill(text: str, at: PassCursor, *, must_be_known: bool = True) -> str:
    """Return a text with the numbers of a state in place of ``{FORMULA}`` or ``{FORMULA:DIGITS}``.

    A formula may be just a name, as in ``{loss}``.

    Args:
        text: The text.
        at: The cursor in a pass.
        must_be_known: Whether a number that the pass has not computed at the cursor is an error.

    Raises:
        InputError: There is no such number, or it is not computed.
    """

    def number(match: re.Match[str]) -> str:
        formula, digits = _parse_field(match[1])
        return number_text(formula_value(formula, at, must_be_known=must_be_known), digits)

    return _FIELD.sub(number, text)


def formula_value(formula: Formula, at: PassCursor, *, must_be_known: bool = True) -> float:
    """Return the value of a formula at a cursor in a pass; the arguments and errors are those of :func:`fill`."""
    return formula.value(lambda name: figure(name, at, must_be_known=must_be_known))


def number_text(value: float, digits: int = DEFAULT_TEXT_DIGITS) -> str:
    """Write a number with significant digits: ``0.5`` if it is exactly that, ``0.5000`` if it is rounded to it."""
    if abs(value) < _MAX_WHOLE and value == round(value):
        return plain_number(value, None)
    if is_printed_exactly(value, digits):
        return plain_number(value, digits)
    return answer_text(value, digits).replace("-", "−")


@lru_cache(maxsize=1024)
def _parse_field(field: str) -> tuple[Formula, int]:
    """Return the formula and the significant digits of a field."""
    text, colon, digits_text = field.partition(":")
    digits = parse_int(digits_text, 1, MAX_TEXT_DIGITS) if colon else DEFAULT_TEXT_DIGITS
    if not text.strip() or digits is None:
        problem = message(
            "{field} is not a number of the state; write its name, as in {{z1[2]}}, or {{z1[2]:3}} for three digits.",
            field=quote(field),
        )
        raise InputError("syntax", problem, value=field)
    return parse_formula(text), digits


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
