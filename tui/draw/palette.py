"""Every colour that the program prints, by meaning. A palette is chosen once at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from rich.style import Style

from nn_tui.core.display.color_math import interpolate, legible
from nn_tui.core.display.colors import PALETTE_COLORS, PaletteColors
from nn_tui.core.display.number_scale import LEVELS, ColorScale, NumberScale, level_of
from nn_tui.tui.draw.color_math import readable_on
from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from nn_tui.tui.draw.palette_colors import (
    ANSI_DIVERGING,
    ANSI_DIVERGING_FG,
    ANSI_NAN,
    ANSI_SEQUENTIAL,
    ANSI_SEQUENTIAL_FG,
    ANSI_STYLES,
    MONO_DIVERGING,
    MONO_NAN,
    MONO_SEQUENTIAL,
    MONO_STYLES,
)

_SIGNED_CHARACTERS = "=- +#"  # from the most negative to the most positive value
_LINE_CONTRAST = 3.0  # WCAG 2.1 for what is no text: a line near zero must be visible too

_Ramp = tuple[Style, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by meaning. A value's colour is one of a few levels, so that only a few dozen styles exist.

    Attributes:
        name: One of ``PALETTES``.
        glyphs: The characters to draw with.
        background: ``#rrggbb``, or ``default`` for the terminal's own.
        foreground: As ``background``.
        styles: Styles by key, such as ``text`` or ``selected``.
        diverging_ramp: 2·LEVELS − 1 styles from the most negative to the most positive level, then that of NaN.
        diverging_fg_ramp: The same with the colour as foreground, for lines and marks.
        sequential_ramp: LEVELS styles from 0 to 1, then that of NaN.
        sequential_fg_ramp: The same with the colour as foreground.
    """

    name: str
    glyphs: Glyphs
    background: str
    foreground: str
    styles: Mapping[str, Style] = field(repr=False)
    diverging_ramp: _Ramp = field(repr=False)
    diverging_fg_ramp: _Ramp = field(repr=False)
    sequential_ramp: _Ramp = field(repr=False)
    sequential_fg_ramp: _Ramp = field(repr=False)

    @property
    def has_color(self) -> bool:
        """Whether colours carry meaning; otherwise characters and text attributes do."""
        return self.name != "mono"

    @property
    def has_half_blocks(self) -> bool:
        """Whether a cell can show two colours of a picture, one above the other.

        Sixteen colours have too few shades of each hue; as without colours, characters show them.
        """
        return self.has_color and not self.glyphs.is_ascii and self.background != "default"

    def style(self, key: str) -> Style:
        """Return the style with that key; KeyError if there is none."""
        return self.styles[key]

    def diverging(self, fraction: float) -> Style:
        """Return the background and a readable foreground for a fraction from −1 to 1, clamped, or NaN."""
        return self.number(fraction, NumberScale("diverging", 1.0))

    def sequential(self, fraction: float) -> Style:
        """Return the background and a readable foreground for a fraction from 0 to 1, clamped, or NaN."""
        return self.number(fraction, NumberScale("sequential", 1.0))

    def number(self, value: float, scale: NumberScale) -> Style:
        """Return the background of a number, and a foreground that is readable on it."""
        return self.ramp(scale.kind)[level_of(value, scale)]

    def number_fg(self, value: float, scale: NumberScale) -> Style:
        """Return the colour of :meth:`number` as a foreground, for lines and marks."""
        return self.fg_ramp(scale.kind)[level_of(value, scale)]

    def ramp(self, kind: ColorScale) -> _Ramp:
        """Return the styles of numbers that :func:`levels` indexes."""
        return self.diverging_ramp if kind == "diverging" else self.sequential_ramp

    def fg_ramp(self, kind: ColorScale) -> _Ramp:
        """Return the styles of lines and marks that :func:`levels` indexes."""
        return self.diverging_fg_ramp if kind == "diverging" else self.sequential_fg_ramp

    def picture_character(self, level: int, kind: ColorScale) -> str:
        """Return the character of a picture's cell without a background: a shade, or the sign on a diverging scale."""
        if level >= (2 * LEVELS - 1 if kind == "diverging" else LEVELS):
            return "?"
        if kind == "diverging":
            return _SIGNED_CHARACTERS[round(level / (2 * LEVELS - 2) * (len(_SIGNED_CHARACTERS) - 1))]
        return self.glyphs.shade(level / (LEVELS - 1))

    def picture_ramp(self, kind: ColorScale) -> _Ramp:
        """Return the styles of a picture's cells: backgrounds, or foregrounds of the characters that show the size."""
        return self.ramp(kind) if self.has_half_blocks else self.fg_ramp(kind)


@cache
def get_palette(name: str, *, ascii: bool = False) -> Palette:
    """Return the palette with that name, always the same object.

    Args:
        name: One of ``PALETTES``.
        ascii: Whether to draw in ASCII only.

    Raises:
        KeyError: There is no palette with that name.
    """
    glyphs = ASCII if ascii else UNICODE
    if name == "ansi":
        return _ansi_palette(glyphs)
    if name == "mono":
        return _mono_palette(glyphs)
    return _full_color_palette(name, PALETTE_COLORS[name], glyphs)


def _full_color_palette(name: str, colors: PaletteColors, glyphs: Glyphs) -> Palette:
    nan, background = Style.parse(colors.nan), Style.parse(f"on {colors.background}")
    diverging = [*reversed(interpolate(colors.negative, LEVELS)), *interpolate(colors.positive, LEVELS)[1:]]
    styles = {"text": colors.foreground, **{f"class{k}": c for k, c in enumerate(colors.classes)}, **colors.styles}
    sequential = interpolate(colors.nonnegative, LEVELS)

    def lines(ramp: Sequence[str]) -> _Ramp:
        visible = (legible(color, colors.background, _LINE_CONTRAST) for color in ramp)
        return (*(background + Style.parse(color) for color in visible), nan)

    return Palette(
        name=name,
        glyphs=glyphs,
        background=colors.background,
        foreground=colors.foreground,
        # With the background in every style, no line has to be restyled on its way to the screen.
        styles=MappingProxyType({key: background + Style.parse(text) for key, text in styles.items()}),
        diverging_ramp=(*map(readable_on, diverging), nan),
        diverging_fg_ramp=lines(diverging),
        sequential_ramp=(*map(readable_on, sequential), nan),
        sequential_fg_ramp=lines(sequential),
    )


def _ansi_palette(glyphs: Glyphs) -> Palette:
    """Return the palette of the terminal's own sixteen colours; text on a colour names both colours."""
    return Palette(
        name="ansi",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in ANSI_STYLES.items()}),
        diverging_ramp=_stepped_ramp(ANSI_DIVERGING, 1 - LEVELS, ANSI_NAN),
        diverging_fg_ramp=_stepped_ramp(ANSI_DIVERGING_FG, 1 - LEVELS, ANSI_NAN),
        sequential_ramp=_stepped_ramp(ANSI_SEQUENTIAL, 0, ANSI_NAN),
        sequential_fg_ramp=_stepped_ramp(ANSI_SEQUENTIAL_FG, 0, ANSI_NAN),
    )


def _mono_palette(glyphs: Glyphs) -> Palette:
    """Return the palette without colour: text attributes show the size, and the digits show the sign.

    Underlined negative numbers were tried: in a column they look like the line above a sum.
    """
    diverging = _stepped_ramp(MONO_DIVERGING, 1 - LEVELS, MONO_NAN)
    sequential = _stepped_ramp(MONO_SEQUENTIAL, 0, MONO_NAN)
    return Palette(
        name="mono",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in MONO_STYLES.items()}),
        diverging_ramp=diverging,
        diverging_fg_ramp=diverging,
        sequential_ramp=sequential,
        sequential_fg_ramp=sequential,
    )


def _stepped_ramp(steps: Sequence[tuple[float, str]], first_level: int, nan: str) -> _Ramp:
    """Return a ramp of a few styles: each level takes the first style whose upper bound it does not exceed."""
    fractions = [level / (LEVELS - 1) for level in range(first_level, LEVELS)]
    texts = [next(text for bound, text in steps if fraction <= bound) for fraction in fractions]
    return tuple(Style.parse(text) for text in (*texts, nan))
