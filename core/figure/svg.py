"""SVG as text: elements, coordinates, and the room that a text takes.

A figure names no font but the generic families, so its texts are as wide as the reader's font makes them. The widths
here are those of a wide font (DejaVu Sans); in others the texts are shorter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from math import ceil, isfinite
from typing import Literal

from nn_tui.core.figure.theme import Theme
from nn_tui.core.text import one_line

Anchor = Literal["start", "middle", "end"]
Attribute = str | float | None

SVG_ENDING = ".svg"
"""The ending of the names of files."""

FONT_SIZE = 12.0
"""The size of most texts, in units of the figure; one unit is a CSS pixel."""

MAX_COORDINATE = 1e6

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THIN, _NARROW, _WIDE = frozenset("iljI.,'|·′ \u00a0"), frozenset("tfr:;![]()"), frozenset("mwMW%@½∂")
_MIN_LAST_LINE = 0.25  # of the width, where a sentence has several lines


def escape(text: object) -> str:
    """Return a text as it is written in XML; characters that XML cannot contain are left out."""
    found = _NOT_IN_XML.sub("", str(text))
    return found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def number(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    if not isfinite(value):
        raise ValueError("a coordinate must be finite")
    text = f"{min(MAX_COORDINATE, max(-MAX_COORDINATE, value)):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *content: str, **attributes: Attribute) -> str:
    """Return an element.

    Args:
        name: Its name.
        content: What is in it, as XML.
        attributes: Its attributes: ``stroke_width`` is stroke-width, and ``class_`` is class. None leaves one out.
    """
    words = [name]
    for key, value in attributes.items():
        if value is not None:
            text = value if isinstance(value, str) else number(value)
            words.append(f'{key.rstrip("_").replace("_", "-")}="{escape(text)}"')
    inside = "".join(content)
    return f"<{' '.join(words)}>{inside}</{name}>" if inside else f"<{' '.join(words)}/>"


def text(
    x: float, y: float, words: object, *, fill: str, size: float = FONT_SIZE, anchor: Anchor = "start",
    class_: str | None = None, weight: str | None = None, transform: str | None = None,
) -> str:  # fmt: skip
    """Return a text.

    Args:
        x: The position of its start, its middle or its end, as ``anchor`` says.
        y: The position of its base line.
        words: The text.
        fill: Its colour.
        size: Its size.
        anchor: What is at ``x``.
        class_: Its class.
        weight: The weight of the font.
        transform: A rotation.
    """
    return element(
        "text", escape(words), class_=class_, x=x, y=y, fill=fill, font_size=None if size == FONT_SIZE else size,
        text_anchor=None if anchor == "start" else anchor, font_weight=weight, transform=transform,
    )  # fmt: skip


def plate(x: float, y: float, words: object, fill: str, *, size: float, anchor: Anchor = "start") -> str:
    """Return a rectangle behind a text, which sets it off from lines and pictures; arguments as for :func:`text`."""
    width = text_width(words, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return element(
        "rect", class_="plate", x=left, y=y - 0.85 * size, width=width, height=1.1 * size, rx=2.0, fill=fill,
        fill_opacity=0.8,
    )  # fmt: skip


def group(content: Iterable[str], **attributes: Attribute) -> str:
    """Return a group of elements, each in a line."""
    return element("g", "\n", *(f"{item}\n" for item in content), **attributes)


def path_data(points: Iterable[tuple[float, float]], *, is_closed: bool = False) -> str:
    """Return the data of a path through points; points that fall on the one before are left out."""
    words: list[str] = []
    last = ""
    for x, y in points:
        word = f"{number(round(x, 1))} {number(round(y, 1))}"
        if word != last:
            words.append(f"{'L' if words else 'M'}{word}")
            last = word
    return "".join(words) + ("Z" if is_closed and words else "")


def text_width(words: object, size: float = FONT_SIZE) -> float:
    """Return how wide a text is at most, in units of the figure."""
    return size * sum(map(_character_width, str(words)))


def _character_width(char: str) -> float:
    """Return the width of a character, in parts of the size of the font."""
    if char in _THIN:
        return 0.36
    if char in _NARROW:
        return 0.4
    if char in _WIDE:
        return 0.98
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char):
        return 0.0
    return 0.72 if char.isupper() else 0.64


def shorten(words: object, width: float, size: float = FONT_SIZE) -> str:
    """Return a text from a file on one line, its middle left out if it would be wider than ``width``."""
    whole = one_line(str(words))
    if text_width(whole, size) <= width:
        return whole
    for kept in range(len(whole) - 1, 0, -1):
        short = f"{whole[: kept - kept // 2]}…{whole[len(whole) - kept // 2 :]}"
        if text_width(short, size) <= width:
            return short
    return "…"


def wrap(words: str, width: float, size: float = FONT_SIZE) -> list[str]:
    """Return the lines of a sentence, which is broken at spaces that are not protected (U+00A0).

    The last line has more than one word, if shorter lines before it allow that.
    """
    lines = _filled_lines(words, width, size)
    narrower, shorter = width, lines
    while len(shorter) == len(lines) > 1:
        if text_width(shorter[-1], size) >= _MIN_LAST_LINE * width:
            return shorter
        narrower -= size
        shorter = _filled_lines(words, narrower, size)
    return lines


def _filled_lines(words: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    for word in filter(None, words.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def document(width: float, height: float, theme: Theme, title: str, description: str, body: Iterable[str]) -> str:
    """Return a whole figure.

    Args:
        width: Its width.
        height: Its height.
        theme: Its colours.
        title: What it is, for screen readers.
        description: What it shows, for screen readers.
        body: Its elements.
    """
    width, height = ceil(width), ceil(height)
    return (
        element(
            "svg", "\n", element("title", escape(title)), "\n", element("desc", escape(description)), "\n",
            element("rect", class_="background", width=width, height=height, fill=theme.background), "\n",
            *(f"{item}\n" for item in body),
            xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(width)} {number(height)}",
            width=width, height=height, role="img", font_family="sans-serif", font_size=FONT_SIZE,
        )
        + "\n"
    )  # fmt: skip
