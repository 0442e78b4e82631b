"""Text for the terminal: printable, and measured in cells, of which Korean characters take two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.text import ascii_text

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ASCII_NAMES = str.maketrans(
    {
        "␣": "space",
        "⌫": "backspace",
        "↑": "up",
        "↓": "down",
        "←": "left",
        "▸": ">",
        "▲": "^",
        "●": "o",
        "✕": "X",
        "◂": "<",
        "▾": "v",
        "▴": "^",
        "◆": "*",
        "⋮": ":",
    }
)


def sanitize(text: str) -> str:
    """Return ``text`` on one line, without characters that control the terminal.

    White space becomes a space. Control characters (escape sequences start with one), lone surrogates and characters
    that change the writing direction become "?".
    """
    if text.isprintable():  # it then contains none of these
        return text
    return "".join(_printable(char) for char in text)


def to_display(text: str, ascii_only: bool) -> str:
    """Return ``text`` as it is printed on the screen: on one line and without control characters.

    Args:
        text: Any text, perhaps from a file.
        ascii_only: Whether to spell signs in ASCII (``η`` as ``eta``), drop accents and print "?" for the rest.
    """
    text = sanitize(text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(map(_fold, ascii_text(text.translate(_ASCII_NAMES)))) if ascii_only else text


def fit(text: str, width: int, *, ellipsis: str = "…", right: bool = False) -> str:
    """Return ``text`` in exactly ``width`` cells.

    Args:
        text: The text; it is padded if it is too short, and cut if it is too long.
        width: The width; below 0 it counts as 0.
        ellipsis: Ends a text that is cut, unless it is itself too long.
        right: Whether to align to the right.
    """
    width = max(0, width)
    if cell_len(text) > width:
        ellipsis = ellipsis if cell_len(ellipsis) <= width else ""
        text = crop(text, width - cell_len(ellipsis)) + ellipsis
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def crop(text: str, width: int) -> str:
    """Return the longest start of ``text`` that takes at most ``width`` cells."""
    if cell_len(text) <= width:
        return text
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return text[:index]
    return text


def first_fitting(texts: Iterable[str], width: int) -> str | None:
    """Return the first of ``texts`` that takes at most ``width`` cells; None where none does."""
    return next((text for text in texts if cell_len(text) <= width), None)


def wrap(text: str, width: int, *, indent: str = "") -> list[str]:
    """Break ``text`` at its spaces into lines of at most ``width`` cells.

    Args:
        text: The text; only words longer than a line are cut.
        width: The width; below 1 it counts as 1.
        indent: Begins every line if it leaves at least half the width and two cells, for a wide character.

    Returns:
        The lines; one empty line for an empty text.
    """
    width = max(1, width)
    indent = indent if cell_len(indent) <= min(width // 2, width - 2) else ""
    room = width - cell_len(indent)
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while cell_len(word) > room:
            # A wide character does not fit a line of one cell, but the loop must go on.
            part = crop(word, room) or word[0]
            lines.append(part)
            word = word[len(part) :]
        line = word
    if line or not lines:
        lines.append(line)
    return [indent + line for line in lines]


def make_strip(segments: Iterable[Segment], width: int, pad: Style) -> Strip:
    """Return a line of exactly ``width`` cells: cut at the right, or padded with spaces in the style ``pad``."""
    line = list(segments)
    missing = width - sum(segment.cell_length for segment in line)
    if missing < 0:
        return Strip(line).crop(0, width)
    if missing:
        line.append(Segment(" " * missing, pad))
    return Strip(line, max(0, width))


def text_strip(text: str, width: int, style: Style, *, ellipsis: str = "…") -> Strip:
    """Return a styled text as a line of exactly ``width`` cells, cut or padded as by :func:`fit`."""
    return Strip([Segment(fit(text, width, ellipsis=ellipsis), style)], max(0, width))


def _fold(char: str) -> str:
    """Return a character without its accents: ASCII, or "?" if nothing in ASCII is left of it."""
    if char.isascii():
        return char
    letters = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return letters if letters.isascii() else "?"


def _printable(char: str) -> str:
    if char in "\t\n\r\v\f":
        return " "
    return "?" if char in _BIDI or unicodedata.category(char) in _HIDDEN_CATEGORIES else char
