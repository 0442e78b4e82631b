"""Text measured in terminal cells, so that Korean and other wide characters line up too."""

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
        "◂": "<",
        "▾": "v",
        "▴": "^",
        "◆": "*",
        "⋮": ":",
    }
)


def sanitize(text: str) -> str:
    """``text`` on one line, with no character that a terminal would obey instead of print.

    White space becomes a space; control characters (escape sequences start with one), lone surrogates and
    characters that turn the writing direction become "?".
    """
    if text.isprintable():  # none of those is
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
    """``text`` in exactly ``width`` cells: padded, or cut with ``ellipsis`` where it is too long.

    ``right`` aligns to the right. An ellipsis that does not fit itself is left out.
    """
    room = max(0, width)
    size = cell_len(text)
    if size > room:
        mark = ellipsis if cell_len(ellipsis) <= room else ""
        text = crop(text, room - cell_len(mark)) + mark
        size = cell_len(text)
    pad = " " * (room - size)
    return pad + text if right else text + pad


def shorten(text: str, width: int, *, ellipsis: str = "…") -> str:
    """``text`` in at most ``width`` cells, cut in the middle: names of one table mostly differ at their ends."""
    room = width - cell_len(ellipsis)
    if cell_len(text) <= width or room < 4:
        return text if cell_len(text) <= width else crop(text, max(0, room)) + ellipsis * (room >= 0)
    tail = crop(text[::-1], room // 2)[::-1]
    return crop(text, room - cell_len(tail)) + ellipsis + tail


def crop(text: str, width: int) -> str:
    """The longest start of ``text`` that takes at most ``width`` cells."""
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
    """``text`` in lines of at most ``width`` cells, broken at its spaces; one empty line for an empty text.

    Only a word that is longer than a whole line is cut. ``indent`` begins every line if it leaves at least half the
    width and two cells free: a character may be two cells wide.
    """
    width = max(1, width)
    lead = indent if cell_len(indent) <= min(width // 2, width - 2) else ""
    room = width - cell_len(lead)
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while cell_len(word) > room:
            # A wide character in a line of one cell has to go somewhere: never an empty piece.
            part = crop(word, room) or word[0]
            lines.append(part)
            word = word[len(part) :]
        line = word
    if line or not lines:
        lines.append(line)
    return [lead + each for each in lines]


def make_strip(segments: Iterable[Segment], width: int, pad: Style) -> Strip:
    """A line of exactly ``width`` cells: cut at the right, or padded with spaces in the style ``pad``."""
    parts = list(segments)
    missing = width - sum(part.cell_length for part in parts)
    if missing < 0:
        return Strip(parts).crop(0, width)
    if missing:
        parts.append(Segment(" " * missing, pad))
    return Strip(parts, max(0, width))


def text_strip(text: str, width: int, style: Style, *, ellipsis: str = "…") -> Strip:
    """One styled text as a line of exactly ``width`` cells."""
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
