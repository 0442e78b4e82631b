"""The full-colour palettes on a terminal of sixteen colours.

Such a terminal replaces the foreground and the background of a cell by the nearest of its colours, each without regard
to the other, so that text can become unreadable. The filter here chooses pairs of colours that can be read.
"""

from __future__ import annotations

from functools import cache, lru_cache

from rich.color import Color, ColorSystem
from rich.palette import Palette as RichPalette
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.filter import LineFilter

from nn_tui.core.display.color_math import contrast_ratio
from nn_tui.core.display.number_scale import LEVELS
from nn_tui.tui.draw.palette import get_palette

XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""The sixteen colours as xterm shows them by default."""

_BLACK, _GREEN, _GREY, _DARK_GREY, _WHITE = 0, 2, 7, 8, 15
_BRIGHT = 8  # added to the number of a colour, gives its bright form
_HUES = (1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14)
_MIN_GREEN, _MIN_BRIGHT_GREEN = 0.25, 0.65  # of the sequential scale
_MIN_SATURATION = 64  # difference of 255 between the channels from which a colour is no grey


def min_contrast(name: str) -> float:
    """Return the minimum contrast of text in the palette of that name."""
    return 4.5 if name == "contrast" else 3.0


@lru_cache(maxsize=4096)
def to_ansi16(style: Style, name: str) -> Style:
    """Return a style in sixteen colours.

    Text gets a foreground that is readable on its background. A cell of a picture keeps the nearest two colours.

    Args:
        style: A style of the palette.
        name: The name of the palette.
    """
    if style.color is None or style.bgcolor is None or style.color.is_default or style.bgcolor.is_default:
        return style
    palette = get_palette(name)
    color_hex, background_hex = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
    is_text = background_hex == palette.background or color_hex in ("#000000", "#ffffff", palette.foreground)
    foreground, background = _nearest(style.color, name), _nearest(style.bgcolor, name)
    if _DARK_GREY <= background < _WHITE:
        background -= _BRIGHT  # many consoles have no bright backgrounds
    if not is_text:
        return style + _ansi_style(foreground, background)
    for bold in dict.fromkeys((bool(style.bold), False)):
        for number in (foreground, foreground ^ _BRIGHT):
            if _contrast(number, background, bold) >= min_contrast(name):
                return style + _ansi_style(number, background) + Style(bold=bold)
    best = max((_BLACK, _WHITE), key=lambda number: _contrast(number, background, bold=False))
    return style + _ansi_style(best, background) + Style(bold=False)


def _contrast(foreground: int, background: int, bold: bool) -> float:
    """Return the contrast of two colours by number; many terminals show bold text in the bright form of a colour."""
    numbers = {foreground, foreground | _BRIGHT} if bold else {foreground}
    return min(contrast_ratio(XTERM[number], XTERM[background]) for number in numbers)


def _ansi_style(foreground: int, background: int) -> Style:
    return Style(color=Color.from_ansi(foreground), bgcolor=Color.from_ansi(background))


@cache
def _greens(name: str) -> dict[str, int]:
    """Return the numbers of the colours of numbers that cannot be negative; cyan, which is nearer, is below 0."""
    palette = get_palette(name)
    found: dict[str, int] = {}
    fills = [style.bgcolor for style in palette.sequential_ramp[:LEVELS]]
    lines = [style.color for style in palette.sequential_fg_ramp[:LEVELS]]
    for level, color in (*enumerate(fills), *enumerate(lines)):
        if color is not None and level >= LEVELS * _MIN_GREEN:
            found[color.get_truecolor().hex] = _GREEN + _BRIGHT * (level >= LEVELS * _MIN_BRIGHT_GREEN)
    return found


def _nearest(color: Color, name: str) -> int:
    """Return the number of the nearest colour; a pale colour becomes no grey, so that blue and orange differ."""
    if color.number is not None and color.number < len(XTERM):
        return color.number
    green = _greens(name).get(color.get_truecolor().hex)
    if green is not None:
        return green
    channels = color.get_truecolor()
    number = color.downgrade(ColorSystem.STANDARD).number or _BLACK
    if number in (_GREY, _DARK_GREY, _WHITE) and max(channels) - min(channels) >= _MIN_SATURATION:
        return _HUES[RichPalette([_channels(XTERM[hue]) for hue in _HUES]).match(channels)]
    return number


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


class Ansi16Filter(LineFilter):
    """A filter that shows every line in sixteen colours."""

    def __init__(self, name: str) -> None:
        """Create the filter for the palette of that name."""
        super().__init__()
        self._name = name

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:
        """Return the segments in sixteen colours."""
        return [
            Segment(text, to_ansi16(style, self._name) if style else style, control)
            for text, style, control in segments
        ]


@cache
def ansi16_filter(name: str) -> Ansi16Filter:
    """Return the filter for the full-colour palette of that name, always the same object."""
    return Ansi16Filter(name)
