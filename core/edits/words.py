"""Reading the words and numbers of a change, or rejecting them with a sentence that shows how to write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nn_tui.core.data.csv_header import NUMBER
from nn_tui.core.errors import InputError
from nn_tui.core.text import quote

# int() alone would also take 1_0 and digits of other scripts.
INTEGER = re.compile(r"[+-]?[0-9]+")


def to_float(name: str, text: str) -> float:
    """Return a number; infinities and NaN too, which a later check rejects with a message of its own."""
    if not NUMBER.fullmatch(text) and text.lower().lstrip("+-") not in ("nan", "inf", "infinity"):
        raise value_error(name, text, "a number", "0.5")
    return float(text)


def to_int(name: str, text: str, kind: str = "a whole number", example: str = "6") -> int:
    """Return a whole number."""
    if not INTEGER.fullmatch(text):
        raise value_error(name, text, kind, example)
    return int(text)


def value_error(name: str, text: str, kind: str, example: str) -> InputError:
    """Return the error for a value that is missing or is not of the ``kind``; the caller raises it."""
    if not text:
        return InputError(f"{name}: the new value is missing; write {kind}, as in {name} = {example}.")
    return InputError(f"{name}: {quote(text)} is not {kind}; write for example {name} = {example}.")


def to_layer(name: str, text: str, example: str) -> int:
    """Return the index of a layer from its number."""
    if not text:
        raise InputError(f"{name}: say in which layer, as in {example}.")
    return int(text) - 1


def to_name(text: str) -> str:
    """Return a name as the program writes it, with underscores."""
    return text.replace("-", "_").replace(" ", "_")


def split_words(text: str) -> list[str]:
    """Split a text into words and ``option=value``."""
    return re.sub(r"\s*=\s*", "=", text).split()


def to_options(name: str, texts: list[str], example: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of each ``key=value``."""
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"{name}: {quote(text)} is no option; write for example {example}.")
        yield key, value


def to_switch(name: str, text: str, example: str) -> bool:
    """Return True for ``on`` and False for ``off``."""
    if text not in ("on", "true", "yes", "off", "false", "no"):
        raise value_error(name, text, "on or off", example)
    return text in ("on", "true", "yes")
