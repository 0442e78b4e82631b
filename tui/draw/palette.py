"""Every colour that the program prints, by meaning, as one value chosen once at the start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style

from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from nn_tui.tui.draw.palette_colors import ANSI_KEYS, CIVIDIS, MONO_KEYS, PALETTE_COLORS, PaletteColors

LEVELS = 32
"""Steps of one half of the diverging scale, and of the sequential scale."""

_Half = tuple[Style, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by meaning. A value's colour is a level, so that only a few dozen styles ever exist."""

    name: str
    glyphs: Glyphs
    background: str
    foreground: str
    styles: Mapping[str, Style] = field(repr=False)
    diverging_ramp: _Half = field(repr=False)
    """2·LEVELS − 1 styles from most negative to most positive, then the style of NaN."""
    diverging_fg_ramp: _Half = field(repr=False)
    sequential_ramp: _Half = field(repr=False)
    """LEVELS styles from 0 to 1, then the style of NaN."""

    @property
    def has_color(self) -> bool:
        """Whether colour carries meaning here; without it shapes and attributes must."""
        return self.name != "mono"

    def style(self, key: str) -> Style:
        """The style named ``key``; KeyError names an unknown one."""
        return self.styles[key]

    def diverging(self, t: float) -> Style:
        """Background and readable foreground for t in [-1, 1], clamped; NaN has its own."""
        return self.diverging_ramp[_diverging_level(t)]

    def diverging_fg(self, t: float) -> Style:
        """As :meth:`diverging` for lines and marks: foreground only."""
        return self.diverging_fg_ramp[_diverging_level(t)]

    def sequential(self, t: float) -> Style:
        """Background and readable foreground for t in [0, 1], clamped; NaN has its own."""
        if t != t:
            return self.sequential_ramp[LEVELS]
        return self.sequential_ramp[round(min(1.0, max(0.0, t)) * (LEVELS - 1))]

    def ramp(self, scale: str) -> _Half:
        """The styles that :func:`levels` points into, for ``diverging`` or ``sequential``."""
        return self.diverging_ramp if scale == "diverging" else self.sequential_ramp


def levels(values: NDArray[np.float64], limit: float, scale: str) -> NDArray[np.intp]:
    """Each value's place in ``Palette.ramp(scale)``, same shape; ``limit`` takes full colour, 0 none."""
    usable = limit if limit > 0 and math.isfinite(limit) else math.inf
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.asarray(values, dtype=np.float64) / usable
    low, offset, nan = (-1.0, LEVELS - 1, 2 * LEVELS - 1) if scale == "diverging" else (0.0, 0, LEVELS)
    scaled = np.where(np.isinf(values), np.sign(values), scaled)
    lost = np.isnan(scaled)
    whole = np.rint(np.clip(np.where(lost, 0.0, scaled), low, 1.0) * (LEVELS - 1)).astype(np.intp) + offset
    return np.where(lost, nan, whole)


def contrast_ratio(one: str, other: str) -> float:
    """WCAG 2.1's contrast of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _diverging_level(t: float) -> int:
    if t != t:
        return 2 * LEVELS - 1
    return round(min(1.0, max(-1.0, t)) * (LEVELS - 1)) + LEVELS - 1


@lru_cache(maxsize=1024)
def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _interpolate(anchors: Sequence[str], count: int) -> list[str]:
    """``count`` colours evenly along the polyline through ``anchors``, both ends included."""
    spans = list(pairwise(anchors))
    out = []
    for k in range(count):
        place = k / (count - 1) * len(spans)
        index = min(int(place), len(spans) - 1)
        out.append(_mix(*spans[index], place - index))
    return out


def _mix(one: str, other: str, part: float) -> str:
    """The colour that lies ``part`` of the way from one to the other."""
    ends = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    red, green, blue = (round(a + (b - a) * part) for a, b in ends)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _as_256(color: str) -> str:
    """The colour that a 256-colour terminal shows instead."""
    triplet = ColorTriplet(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))
    return Color.from_triplet(triplet).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def _readable_on(background: str) -> Style:
    """Black or white text on a colour, or on its nearest shade where 4.5:1 holds in 256 colours as well."""
    for shade in _nearest_shades(background):
        reduced = _as_256(shade)
        for ink in ("#ffffff", "#000000"):
            if min(contrast_ratio(ink, shade), contrast_ratio(ink, reduced)) >= 4.5:
                return Style.parse(f"{ink} on {shade}")
    raise AssertionError("black carries white text, so that some shade is always found")


def _nearest_shades(color: str) -> Iterator[str]:
    """The colour, then ever darker and lighter ones in turn."""
    yield color
    for k in range(1, 65):
        yield _mix(color, "#000000", k / 64)
        yield _mix(color, "#ffffff", k / 64)


def _legible(color: str, background: str, ratio: float) -> str:
    """``color`` moved towards white or black until its contrast on ``background`` is at least ``ratio``."""
    goal = "#ffffff" if _luminance(background) < 0.18 else "#000000"
    shades = (_mix(color, goal, k / 64) for k in range(65))
    return next(shade for shade in shades if contrast_ratio(shade, background) >= ratio)


def _full_color(name: str, theme: PaletteColors, glyphs: Glyphs) -> Palette:
    nan, paper = Style.parse(theme.nan), Style.parse(f"on {theme.background}")
    colors = [*reversed(_interpolate(theme.negative, LEVELS)), *_interpolate(theme.positive, LEVELS)[1:]]
    keys = {"text": theme.foreground, **{f"class{k}": c for k, c in enumerate(theme.classes)}, **theme.keys}
    return Palette(
        name=name,
        glyphs=glyphs,
        background=theme.background,
        foreground=theme.foreground,
        # With the background in every style no line has to be restyled on its way to the screen.
        styles=MappingProxyType({key: paper + Style.parse(text) for key, text in keys.items()}),
        diverging_ramp=(*map(_readable_on, colors), nan),
        # A line next to nothing must still be seen to be there: 1.8:1, and the strongest stand out.
        diverging_fg_ramp=(*(paper + Style.parse(_legible(c, theme.background, 1.8)) for c in colors), nan),
        sequential_ramp=(*map(_readable_on, _interpolate(CIVIDIS, LEVELS)), nan),
    )


def _stepped(styles: Sequence[tuple[float, str]], first: int, nan: str) -> _Half:
    """A ramp of few steps: each level takes the first style whose upper bound it does not exceed."""
    places = [k / (LEVELS - 1) for k in range(first, LEVELS)]
    chosen = [next(text for bound, text in styles if place <= bound) for place in places]
    return tuple(Style.parse(text) for text in (*chosen, nan))


def _ansi(glyphs: Glyphs) -> Palette:
    """Sixteen colours, whatever the terminal makes of them: text on a colour names both."""
    cells = (
        (-0.6, "bright_white on blue"), (-0.15, "black on cyan"), (0.15, "default"),
        (0.6, "black on yellow"), (1.0, "bright_white on red"),
    )  # fmt: skip
    lines = ((-0.6, "bold blue"), (-0.15, "cyan"), (0.15, "dim default"), (0.6, "yellow"), (1.0, "bold red"))
    steps = (
        (0.1, "default"), (0.4, "bright_white on blue"), (0.7, "black on cyan"), (1.0, "black on yellow")
    )  # fmt: skip
    nan = "bold bright_white on magenta"
    return Palette(
        name="ansi",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in ANSI_KEYS.items()}),
        diverging_ramp=_stepped(cells, 1 - LEVELS, nan),
        diverging_fg_ramp=_stepped(lines, 1 - LEVELS, nan),
        sequential_ramp=_stepped(steps, 0, nan),
    )


def _mono(glyphs: Glyphs) -> Palette:
    """No colour: dim, plain and bold carry the size, reverse what is lost; the digits carry the sign.

    Underlined negative numbers were tried: in a column they read as the line above a sum.
    """
    steps = ((-0.6, "bold"), (-0.15, "none"), (0.15, "dim"), (0.6, "none"), (1.0, "bold"))
    ramp = _stepped(steps, 1 - LEVELS, "bold reverse")
    return Palette(
        name="mono",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in MONO_KEYS.items()}),
        diverging_ramp=ramp,
        diverging_fg_ramp=ramp,
        sequential_ramp=_stepped(((0.2, "dim"), (0.7, "none"), (1.0, "bold")), 0, "bold reverse"),
    )


@cache
def get_palette(name: str, *, ascii: bool = False) -> Palette:
    """The palette of that name from PALETTES, with ASCII characters on request; KeyError for another name."""
    glyphs = ASCII if ascii else UNICODE
    if name == "ansi":
        return _ansi(glyphs)
    if name == "mono":
        return _mono(glyphs)
    return _full_color(name, PALETTE_COLORS[name], glyphs)
