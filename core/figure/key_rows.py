"""The keys of a figure: marks with their meaning, side by side in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.core.figure import svg
from nn_tui.core.figure.theme import Theme

ROW_HEIGHT = 20.0
SWATCH_WIDTH, SWATCH_HEIGHT = 20.0, 15.0

_MARK_GAP, _KEY_GAP = 6.0, 16.0
_MAX_WORDS = 200.0


@dataclass(frozen=True, slots=True)
class Key:
    """A mark and its meaning.

    Attributes:
        words: The meaning.
        items: The elements of the mark; its left end in the middle of its height is at (0, 0).
        width: The width of the mark.
    """

    words: str
    items: tuple[str, ...] = ()
    width: float = 12.0


def draw_keys(keys: Sequence[Key], theme: Theme, left: float, right: float, y: float) -> tuple[list[str], float, float]:
    """Return keys in rows between two positions, of which the first has its middle at ``y``.

    Returns:
        The elements, the position behind the last key, and the middle of the last row.
    """
    items, x = [], left
    for key in keys:
        words = svg.shorten(key.words, min(_MAX_WORDS, right - left - key.width - _MARK_GAP))
        start = key.width + _MARK_GAP if key.items else 0.0
        width = start + svg.text_width(words)
        if x > left and x + width > right:
            x, y = left, y + ROW_HEIGHT
        if key.items:
            items.append(svg.group(key.items, transform=f"translate({svg.number(x)} {svg.number(y)})"))
        items.append(svg.text(x + start, y + 4, words, fill=theme.text, class_="legend"))
        x += width + _KEY_GAP
    return items, x, y


def line_key(words: str, color: str, width: float, dashes: str | None = None) -> Key:
    """Return the key of a line."""
    line = svg.element("line", x1=0.0, y1=0.0, x2=24.0, y2=0.0, stroke=color, stroke_width=width,
                       stroke_dasharray=dashes)  # fmt: skip
    return Key(words, (line,), 24.0)


def area_key(words: str, fill: str, border: str, mark: str) -> Key:
    """Return the key of an area with a mark in it."""
    area = svg.element(
        "rect", class_="key-area", x=0.0, y=-SWATCH_HEIGHT / 2, width=SWATCH_WIDTH, height=SWATCH_HEIGHT, fill=fill,
        stroke=border, stroke_width=0.6,
    )  # fmt: skip
    return Key(words, (area, mark), SWATCH_WIDTH)
