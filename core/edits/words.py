"""Reading the words and numbers of a change, or rejecting them with a sentence that shows how to write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.preset.typed_numbers import not_finite_problem, parse_number, parse_rows
from nn_tui.core.spec import Matrix
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message

# int() alone would also take 1_0 and digits of other scripts.
INTEGER = re.compile(r"[+-]?[0-9]+")


def to_float(name: str, text: str) -> float:
    """Return a number or a fraction; infinities and NaN too, which a later check rejects with a message of its own."""
    number = parse_number(text)
    if number is None:
        raise value_error(name, text, message("a number"), "0.5")
    if math.isinf(number) and "inf" not in text.lower():
        raise InputError("not_finite", not_finite_problem(text), path=(name,), value=text)
    return number


def to_rows(name: str, text: str, kind: Message, example: str) -> Matrix:
    """Return the rows of a matrix; ``kind`` is what the value must be, and ``example`` a valid one."""
    if not text:
        raise value_error(name, "", kind, example)
    with locate_errors(path=(name,)):
        return parse_rows(text)


def to_int(name: str, text: str, kind: Message | None = None, example: str = "6") -> int:
    """Return a whole number; ``kind`` says what the value must be, None for "a whole number"."""
    if not INTEGER.fullmatch(text):
        raise value_error(name, text, kind or message("a whole number"), example)
    return int(text)


def value_error(name: str, text: str, kind: Message, example: str) -> InputError:
    """Return the error for a value that is missing or is not of the ``kind``; the caller raises it.

    Args:
        name: The name of the setting as it is typed.
        text: The value as it was typed; "" if it is missing.
        kind: What the value must be, as a noun with its article.
        example: A valid value.
    """
    shown = f"{name} = {example}"
    if not text:
        problem = message("the new value is missing; write {kind}, for example {example}.", kind=kind, example=shown)
        return InputError("missing", problem, path=(name,))
    problem = message(
        "{value} is not {kind}; write for example {example}.", value=quote(text), kind=kind, example=shown
    )
    return InputError("wrong_type", problem, path=(name,), value=text)


def to_layer(name: str, text: str, example: str) -> int:
    """Return the index of a layer from its number."""
    if not text:
        problem = message("the number of the layer is missing; write for example {example}.", example=example)
        raise InputError("missing", problem, path=(name,))
    return int(text) - 1


def to_options(name: str, texts: list[str], example: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of each ``key=value``."""
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            problem = message(
                "{text} is not an option; write for example {example}.", text=quote(text), example=example
            )
            raise InputError("syntax", problem, path=(name,), value=text)
        yield key, value


def to_switch(name: str, text: str, example: str) -> bool:
    """Return True for ``on`` and False for ``off``."""
    if text not in ("on", "true", "yes", "off", "false", "no"):
        raise value_error(name, text, message("on or off"), example)
    return text in ("on", "true", "yes")
