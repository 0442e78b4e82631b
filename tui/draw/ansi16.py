"""The full-colour palettes on a terminal of sixteen colours: text that can be read on what is left of them.

A terminal takes the nearest of its colours for ink and ground, each on its own, which may bring them together.
"""

from __future__ import annotations

from functools import cache, lru_cache

from rich.color import Color, ColorSystem
from rich.palette import Palette as Shades
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Ground
from textual.filter import LineFilter

from nn_tui.tui.draw.palette import contrast_ratio, get_palette

XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""The sixteen colours as xterm shows them by default."""
BLACK, WHITE, BRIGHT = 0, 15, 8
_HUES = (1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14)
_GREY = 64  # of 255: what the parts of a grey differ by at most


def min_contrast(name: str) -> float:
    """The ratio that text has at least with the palette of that name."""
    return 4.5 if name == "contrast" else 3.0


def ansi16_contrast(ink: int, ground: int, bold: bool) -> float:
    """The contrast of two of the colours; many terminals show bold text in the brighter one of a pair."""
    inks = {ink, ink | BRIGHT} if bold else {ink}
    return min(contrast_ratio(XTERM[each], XTERM[ground]) for each in inks)


@lru_cache(maxsize=4096)
def to_ansi16(style: Style, name: str) -> Style:
    """``style`` of the palette ``name`` in sixteen colours; its text can be read, a picture keeps its two colours."""
    ink, ground = style.color, style.bgcolor
    if ink is None or ground is None or ink.is_default or ground.is_default:
        return style
    colors = get_palette(name)
    ink_name, ground_name = ink.get_truecolor().hex, ground.get_truecolor().hex
    is_text = ground_name == colors.background or ink_name in ("#000000", "#ffffff", colors.foreground)
    front, back = _nearest(ink), _nearest(ground)
    if BRIGHT <= back < WHITE:
        back -= BRIGHT  # many consoles have no bright grounds
    if not is_text:
        return style + _of(front, back)
    bold = bool(style.bold)
    tries = [(each, heavy) for heavy in dict.fromkeys((bold, False)) for each in (front, front ^ BRIGHT)]
    for each, heavy in tries:
        if ansi16_contrast(each, back, heavy) >= min_contrast(name):
            return style + _of(each, back) + Style(bold=heavy)
    best = max((BLACK, WHITE), key=lambda each: ansi16_contrast(each, back, bold=False))
    return style + _of(best, back) + Style(bold=False)


def _of(ink: int, ground: int) -> Style:
    return Style(color=Color.from_ansi(ink), bgcolor=Color.from_ansi(ground))


def _nearest(color: Color) -> int:
    """The nearest of the sixteen; a pale colour becomes no grey, so that blue and orange stay apart."""
    if color.number is not None and color.number < len(XTERM):
        return color.number
    parts = color.get_truecolor()
    number = color.downgrade(ColorSystem.STANDARD).number or BLACK
    if number in (BLACK + 7, BRIGHT, WHITE) and max(parts) - min(parts) >= _GREY:
        return _HUES[Shades([_parts(XTERM[each]) for each in _HUES]).match(parts)]
    return number


def _parts(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


class Ansi16Filter(LineFilter):
    """Everything on the screen in sixteen colours."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def apply(self, segments: list[Segment], background: Ground) -> list[Segment]:
        """The segments, each in a style that can be read."""
        return [
            Segment(text, to_ansi16(style, self._name) if style else style, control)
            for text, style, control in segments
        ]


@cache
def ansi16_filter(name: str) -> Ansi16Filter:
    """The filter for the full-colour palette of that name; the same one each time."""
    return Ansi16Filter(name)
