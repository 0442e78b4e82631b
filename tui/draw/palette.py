"""Every colour that the program prints, by meaning. A palette is chosen once at the start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from nn_tui.tui.draw.palette_colors import (
    ANSI_DIVERGING,
    ANSI_DIVERGING_FG,
    ANSI_NAN,
    ANSI_SEQUENTIAL,
    ANSI_STYLES,
    CIVIDIS,
    MONO_DIVERGING,
    MONO_NAN,
    MONO_SEQUENTIAL,
    MONO_STYLES,
    PALETTE_COLORS,
    PaletteColors,
)

ColorScale = Literal["diverging", "sequential"]

LEVELS = 32
"""Levels of the sequential scale, and of each half of the diverging scale."""

_TEXT_CONTRAST = 4.5  # WCAG 2.1 for text
_LINE_CONTRAST = 1.8  # a line near zero must be visible, and strong ones stand out
_DARK_LUMINANCE = 0.18  # text on a darker background is white

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
    """

    name: str
    glyphs: Glyphs
    background: str
    foreground: str
    styles: Mapping[str, Style] = field(repr=False)
    diverging_ramp: _Ramp = field(repr=False)
    diverging_fg_ramp: _Ramp = field(repr=False)
    sequential_ramp: _Ramp = field(repr=False)

    @property
    def has_color(self) -> bool:
        """Whether colours carry meaning; otherwise characters and text attributes do."""
        return self.name != "mono"

    @property
    def has_half_blocks(self) -> bool:
        """Whether a cell can show two colours, one above the other."""
        return self.has_color and not self.glyphs.is_ascii

    def style(self, key: str) -> Style:
        """Return the style with that key; KeyError if there is none."""
        return self.styles[key]

    def diverging(self, fraction: float) -> Style:
        """Return the background and a readable foreground for a fraction from −1 to 1, clamped, or NaN."""
        return self.diverging_ramp[_diverging_level(fraction)]

    def diverging_fg(self, fraction: float) -> Style:
        """Return the colour of :meth:`diverging` as a foreground, for lines and marks."""
        return self.diverging_fg_ramp[_diverging_level(fraction)]

    def sequential(self, fraction: float) -> Style:
        """Return the background and a readable foreground for a fraction from 0 to 1, clamped, or NaN."""
        if math.isnan(fraction):
            return self.sequential_ramp[LEVELS]
        return self.sequential_ramp[round(min(1.0, max(0.0, fraction)) * (LEVELS - 1))]

    def ramp(self, scale: ColorScale) -> _Ramp:
        """Return the styles that :func:`levels` indexes."""
        return self.diverging_ramp if scale == "diverging" else self.sequential_ramp


def levels(values: Array, limit: float, scale: ColorScale) -> NDArray[np.intp]:
    """Return the index of each value in ``Palette.ramp(scale)``.

    Args:
        values: Values of any shape.
        limit: The value with full colour; 0 or a value that is not finite gives every value the colour of 0.
        scale: The colour scale.

    Returns:
        Indices of the same shape.
    """
    divisor = limit if limit > 0 and math.isfinite(limit) else math.inf
    with np.errstate(invalid="ignore", over="ignore"):
        fractions = np.asarray(values, dtype=np.float64) / divisor
    low, offset, nan_index = (-1.0, LEVELS - 1, 2 * LEVELS - 1) if scale == "diverging" else (0.0, 0, LEVELS)
    fractions = np.where(np.isinf(values), np.sign(values), fractions)
    is_nan = np.isnan(fractions)
    scaled = np.clip(np.where(is_nan, 0.0, fractions), low, 1.0) * (LEVELS - 1)
    return np.where(is_nan, nan_index, np.rint(scaled).astype(np.intp) + offset)


def contrast_ratio(first: str, second: str) -> float:
    """Return WCAG 2.1's contrast of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


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
    diverging = [*reversed(_interpolate(colors.negative, LEVELS)), *_interpolate(colors.positive, LEVELS)[1:]]
    styles = {"text": colors.foreground, **{f"class{k}": c for k, c in enumerate(colors.classes)}, **colors.styles}
    lines = (_legible(color, colors.background, _LINE_CONTRAST) for color in diverging)
    return Palette(
        name=name,
        glyphs=glyphs,
        background=colors.background,
        foreground=colors.foreground,
        # With the background in every style, no line has to be restyled on its way to the screen.
        styles=MappingProxyType({key: background + Style.parse(text) for key, text in styles.items()}),
        diverging_ramp=(*map(_readable_on, diverging), nan),
        diverging_fg_ramp=(*(background + Style.parse(color) for color in lines), nan),
        sequential_ramp=(*map(_readable_on, _interpolate(CIVIDIS, LEVELS)), nan),
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
    )


def _mono_palette(glyphs: Glyphs) -> Palette:
    """Return the palette without colour: text attributes show the size, and the digits show the sign.

    Underlined negative numbers were tried: in a column they look like the line above a sum.
    """
    ramp = _stepped_ramp(MONO_DIVERGING, 1 - LEVELS, MONO_NAN)
    return Palette(
        name="mono",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in MONO_STYLES.items()}),
        diverging_ramp=ramp,
        diverging_fg_ramp=ramp,
        sequential_ramp=_stepped_ramp(MONO_SEQUENTIAL, 0, MONO_NAN),
    )


def _stepped_ramp(steps: Sequence[tuple[float, str]], first_level: int, nan: str) -> _Ramp:
    """Return a ramp of a few styles: each level takes the first style whose upper bound it does not exceed."""
    fractions = [level / (LEVELS - 1) for level in range(first_level, LEVELS)]
    texts = [next(text for bound, text in steps if fraction <= bound) for fraction in fractions]
    return tuple(Style.parse(text) for text in (*texts, nan))


def _diverging_level(fraction: float) -> int:
    if math.isnan(fraction):
        return 2 * LEVELS - 1
    return round(min(1.0, max(-1.0, fraction)) * (LEVELS - 1)) + LEVELS - 1


@lru_cache(maxsize=1024)
def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _interpolate(anchors: Sequence[str], count: int) -> list[str]:
    """Return ``count`` colours at equal distances along the line through ``anchors``, both ends included."""
    spans = list(pairwise(anchors))
    colors = []
    for k in range(count):
        position = k / (count - 1) * len(spans)
        index = min(int(position), len(spans) - 1)
        colors.append(_mix(*spans[index], position - index))
    return colors


def _mix(start: str, end: str, fraction: float) -> str:
    """Return the colour at ``fraction`` of the way from ``start`` to ``end``."""
    channels = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    red, green, blue = (round(a + (b - a) * fraction) for a, b in channels)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _as_256(color: str) -> str:
    """Return the colour that a terminal of 256 colours shows instead."""
    triplet = ColorTriplet(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))
    return Color.from_triplet(triplet).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def _readable_on(background: str) -> Style:
    """Return white or black text on a colour, or on the nearest shade of it that is readable in 256 colours too."""
    for shade in _nearest_shades(background):
        reduced = _as_256(shade)
        for foreground in ("#ffffff", "#000000"):
            if min(contrast_ratio(foreground, shade), contrast_ratio(foreground, reduced)) >= _TEXT_CONTRAST:
                return Style.parse(f"{foreground} on {shade}")
    raise AssertionError("white text is readable on black, so one shade always fits")


def _nearest_shades(color: str) -> Iterator[str]:
    """Yield the colour, then ever darker and lighter shades of it in turn."""
    yield color
    for k in range(1, 65):
        yield _mix(color, "#000000", k / 64)
        yield _mix(color, "#ffffff", k / 64)


def _legible(color: str, background: str, min_contrast: float) -> str:
    """Return ``color`` moved towards white or black until its contrast with ``background`` is large enough."""
    end = "#ffffff" if _luminance(background) < _DARK_LUMINANCE else "#000000"
    shades = (_mix(color, end, k / 64) for k in range(65))
    return next(shade for shade in shades if contrast_ratio(shade, background) >= min_contrast)
