"""Every character and every colour that the program prints, as values chosen once at the start.

Colour maps: the sequential one interpolates nine anchors of cividis (Nuñez, Anderton, Renslow, "Optimizing
colormaps with consideration for color vision deficiency", PLOS ONE 2018). The diverging ones run from blue to
orange, a pair that all common colour vision deficiencies keep apart: on light the anchors are ColorBrewer's
Blues and Oranges (Brewer 2003), on dark the same hues from dark to bright. Class colours start from Okabe
and Ito's set (2008), lightened or darkened until they can be read as text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style

from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs

__all__ = ["ASCII", "LEVELS", "PALETTES", "UNICODE", "Glyphs", "Palette", "contrast_ratio", "palette"]

LEVELS = 32
"""Steps of one half of the diverging scale, and of the sequential scale."""

_CIVIDIS = ("#00204c", "#00346e", "#3c4a6b", "#5b5f6d", "#757575", "#928c78", "#b0a572", "#d1bf66", "#ffe945")
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


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _interpolate(anchors: Sequence[str], count: int) -> list[str]:
    """``count`` colours evenly along the polyline through ``anchors``, both ends included."""
    points = [[int(a[i : i + 2], 16) for i in (1, 3, 5)] for a in anchors]
    spans = list(pairwise(points))
    out = []
    for k in range(count):
        place = k / (count - 1) * len(spans)
        index = min(int(place), len(spans) - 1)
        start, end = spans[index]
        part = place - index
        out.append("#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(start, end, strict=True)))
    return out


def _as_256(color: str) -> str:
    """The colour that a 256-colour terminal shows instead."""
    triplet = ColorTriplet(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))
    return Color.from_triplet(triplet).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def _readable_on(background: str) -> Style:
    """Black or white text, whichever stays readable in true colour and in 256 colours."""
    reduced = _as_256(background)
    best = max(
        ("#ffffff", "#000000"),
        key=lambda ink: min(contrast_ratio(ink, background), contrast_ratio(ink, reduced)),
    )
    return Style.parse(f"{best} on {background}")


def _legible(color: str, background: str, ratio: float) -> str:
    """``color`` moved towards white or black until its contrast on ``background`` is at least ``ratio``."""
    goal = "#ffffff" if _luminance(background) < 0.18 else "#000000"
    return next(c for c in _interpolate((color, goal), 65) if contrast_ratio(c, background) >= ratio)


@dataclass(frozen=True, slots=True)
class _Theme:
    """What a full-colour palette is made from; ``keys`` are rich style definitions."""

    background: str
    foreground: str
    negative: tuple[str, ...]
    positive: tuple[str, ...]
    classes: tuple[str, ...]
    nan: str
    keys: Mapping[str, str]


_THEMES: Mapping[str, _Theme] = MappingProxyType(
    {
        "dark": _Theme(
            background="#121212",
            foreground="#e0e0e0",
            negative=("#1b1b1d", "#0f3557", "#17639f", "#4aa3e8", "#8cc8f5"),
            positive=("#1b1b1d", "#4d2b08", "#99500a", "#e8851a", "#fdb462"),
            classes=(
                "#56b4e9", "#e69f00", "#2bbf93", "#f0e442", "#cc79a7",
                "#ee6a32", "#8f9bff", "#c0c0c0", "#a8d45c", "#f5b8cb",
            ),
            nan="bold #ffffff on #c4006a",
            keys={
                "dim": "#8f8f8f", "title": "bold #ffffff", "accent": "#7cc4f5", "border": "#808080",
                "forward": "#56b4e9", "loss": "#d98cc0", "backward": "#f0a030", "update": "#3fcf9f",
                "selected": "bold #000000 on #ffe066", "current": "bold underline #ffe066",
                "good": "#3fcf9f", "warn": "#f5c542", "bad": "bold #ff7f6e", "blank": "#808080",
                "train": "#56b4e9", "test": "#f0a030",
            },
        ),
        "light": _Theme(
            background="#ffffff",
            foreground="#1a1a1a",
            negative=("#f7f7f7", "#c6dbef", "#6baed6", "#2171b5", "#08306b"),
            positive=("#f7f7f7", "#fdd0a2", "#fd8d3c", "#c94a02", "#7f2704"),
            classes=(
                "#0072b2", "#a65e00", "#007a58", "#7a6a00", "#a8417c",
                "#c04000", "#4b3fb3", "#555555", "#4d7300", "#8a2b3b",
            ),
            nan="bold #ffffff on #b3005f",
            keys={
                "dim": "#666666", "title": "bold #000000", "accent": "#005f9e", "border": "#767676",
                "forward": "#0066a6", "loss": "#983b75", "backward": "#a35200", "update": "#00704f",
                "selected": "bold #000000 on #ffd633", "current": "bold underline #005f9e",
                "good": "#00704f", "warn": "#7a5c00", "bad": "bold #b3261e", "blank": "#767676",
                "train": "#0066a6", "test": "#a35200",
            },
        ),
        "contrast": _Theme(
            background="#000000",
            foreground="#ffffff",
            negative=("#000000", "#003a70", "#0a6ec8", "#56b4ff", "#b8e0ff"),
            positive=("#000000", "#5c3000", "#b86400", "#ff9a1f", "#ffd9a0"),
            classes=(
                "#66c2ff", "#ffb000", "#33e0ac", "#fff05a", "#ff9ed2",
                "#ff8550", "#b0b8ff", "#e0e0e0", "#c0f070", "#ffd0dd",
            ),
            nan="bold #ffffff on #d0007a",
            keys={
                "dim": "#c0c0c0", "title": "bold #ffffff", "accent": "#8fd3ff", "border": "#ffffff",
                "forward": "#66c2ff", "loss": "#ff9ed2", "backward": "#ffb000", "update": "#33e0ac",
                "selected": "bold #000000 on #ffff00", "current": "bold underline #ffff00",
                "good": "#33e0ac", "warn": "#fff05a", "bad": "bold #ff9a8a", "blank": "#a0a0a0",
                "train": "#66c2ff", "test": "#ffb000",
            },
        ),
    }
)  # fmt: skip

_ANSI_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "text": "default", "dim": "dim default", "title": "bold default", "accent": "bold cyan",
        "border": "default", "forward": "bold blue", "loss": "bold magenta", "backward": "bold yellow",
        "update": "bold green", "selected": "bold black on bright_yellow",
        "current": "bold underline default", "good": "green", "warn": "bold yellow", "bad": "bold red",
        "blank": "dim default", "train": "cyan", "test": "yellow",
        "class0": "blue", "class1": "yellow", "class2": "green", "class3": "magenta", "class4": "cyan",
        "class5": "red", "class6": "bright_blue", "class7": "default", "class8": "bright_green",
        "class9": "bright_magenta",
    }
)  # fmt: skip

_MONO_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "text": "none", "dim": "dim", "title": "bold", "accent": "bold", "border": "dim",
        "forward": "bold", "loss": "bold", "backward": "bold", "update": "bold",
        "selected": "bold reverse", "current": "bold underline", "good": "none", "warn": "underline",
        "bad": "bold reverse", "blank": "dim", "train": "bold", "test": "none",
        **{f"class{k}": "bold" if k % 2 else "none" for k in range(10)},
    }
)  # fmt: skip


def _full_color(name: str, theme: _Theme, glyphs: Glyphs) -> Palette:
    nan = Style.parse(theme.nan)
    colors = [*reversed(_interpolate(theme.negative, LEVELS)), *_interpolate(theme.positive, LEVELS)[1:]]
    keys = {"text": theme.foreground, **{f"class{k}": c for k, c in enumerate(theme.classes)}, **theme.keys}
    return Palette(
        name=name,
        glyphs=glyphs,
        background=theme.background,
        foreground=theme.foreground,
        styles=MappingProxyType({key: Style.parse(text) for key, text in keys.items()}),
        diverging_ramp=(*map(_readable_on, colors), nan),
        # A line next to nothing must still be seen to be there: 1.8:1, and the strongest stand out.
        diverging_fg_ramp=(*(Style.parse(_legible(c, theme.background, 1.8)) for c in colors), nan),
        sequential_ramp=(*map(_readable_on, _interpolate(_CIVIDIS, LEVELS)), nan),
    )


def _stepped(styles: Sequence[tuple[float, str]], first: int, nan: str) -> _Half:
    """A ramp of few steps: each level takes the first style whose upper bound it does not exceed."""
    places = [k / (LEVELS - 1) for k in range(first, LEVELS)]
    chosen = [next(text for bound, text in styles if place <= bound) for place in places]
    return tuple(Style.parse(text) for text in (*chosen, nan))


def _ansi(glyphs: Glyphs) -> Palette:
    """Sixteen colours, whatever the terminal makes of them: text on a colour names both."""
    strong, weak = ("bright_white on blue", "black on cyan"), ("black on yellow", "bright_white on red")
    cells = (*zip((-0.6, -0.15), strong, strict=True), (0.15, "default"), *zip((0.6, 1.0), weak, strict=True))
    lines = ((-0.6, "bold blue"), (-0.15, "cyan"), (0.15, "dim default"), (0.6, "yellow"), (1.0, "bold red"))
    steps = ((0.1, "default"), (0.4, strong[0]), (0.7, strong[1]), (1.0, "black on yellow"))
    nan = "bold bright_white on magenta"
    return Palette(
        name="ansi",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in _ANSI_KEYS.items()}),
        diverging_ramp=_stepped(cells, 1 - LEVELS, nan),
        diverging_fg_ramp=_stepped(lines, 1 - LEVELS, nan),
        sequential_ramp=_stepped(steps, 0, nan),
    )


def _mono(glyphs: Glyphs) -> Palette:
    """No colour: dim, plain and bold carry the size, underline the negative sign, reverse what is lost."""
    cells = (
        (-0.6, "bold underline"), (-0.15, "underline"), (0.15, "dim"), (0.6, "none"), (1.0, "bold")
    )  # fmt: skip
    lines = ((-0.6, "bold"), (-0.15, "none"), (0.15, "dim"), (0.6, "none"), (1.0, "bold"))
    return Palette(
        name="mono",
        glyphs=glyphs,
        background="default",
        foreground="default",
        styles=MappingProxyType({key: Style.parse(text) for key, text in _MONO_KEYS.items()}),
        diverging_ramp=_stepped(cells, 1 - LEVELS, "bold reverse"),
        diverging_fg_ramp=_stepped(lines, 1 - LEVELS, "bold reverse"),
        sequential_ramp=_stepped(((0.2, "dim"), (0.7, "none"), (1.0, "bold")), 0, "bold reverse"),
    )


PALETTES = ("dark", "light", "contrast", "ansi", "mono")


@cache
def palette(name: str, *, ascii: bool = False) -> Palette:
    """The palette of that name from PALETTES, with ASCII characters on request; KeyError for another name."""
    glyphs = ASCII if ascii else UNICODE
    if name == "ansi":
        return _ansi(glyphs)
    if name == "mono":
        return _mono(glyphs)
    return _full_color(name, _THEMES[name], glyphs)
