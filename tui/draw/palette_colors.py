"""The colours of every palette, as constants.

The sequential scale interpolates nine anchors of cividis (Nuñez, Anderton, Renslow, "Optimizing colormaps with
consideration for color vision deficiency", PLOS ONE 2018). The diverging scales run from blue to orange, which people
with any common colour vision deficiency can distinguish. On a light background the anchors are ColorBrewer's Blues and
Oranges (Brewer 2003), with the fourth orange darkened for white text; on a dark one they are the same hues from dark to
bright. Class colours are Okabe and Ito's set (2008), lightened or darkened until they are readable as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PALETTES = ("dark", "light", "contrast", "ansi", "mono")
CIVIDIS = ("#00204c", "#00346e", "#3c4a6b", "#5b5f6d", "#757575", "#928c78", "#b0a572", "#d1bf66", "#ffe945")


@dataclass(frozen=True, slots=True)
class PaletteColors:
    """The colours of a palette in full colour.

    Attributes:
        background: ``#rrggbb``, as every colour here.
        foreground: Colour of text.
        negative: Anchors of the diverging scale from 0 to the most negative value.
        positive: Anchors of the diverging scale from 0 to the most positive value.
        classes: One colour for each of ten classes.
        nan: Style of NaN as Rich writes it.
        styles: Styles by key as Rich writes them.
    """

    background: str
    foreground: str
    negative: tuple[str, ...]
    positive: tuple[str, ...]
    classes: tuple[str, ...]
    nan: str
    styles: Mapping[str, str]


PALETTE_COLORS: Mapping[str, PaletteColors] = MappingProxyType(
    {
        "dark": PaletteColors(
            background="#121212",
            foreground="#e0e0e0",
            negative=("#1b1b1d", "#0f3557", "#17639f", "#4aa3e8", "#8cc8f5"),
            positive=("#1b1b1d", "#4d2b08", "#99500a", "#e8851a", "#fdb462"),
            classes=(
                "#56b4e9", "#e69f00", "#2bbf93", "#f0e442", "#cc79a7",
                "#ee6a32", "#8f9bff", "#c0c0c0", "#a8d45c", "#f5b8cb",
            ),
            nan="bold #ffffff on #c4006a",
            styles={
                "dim": "#8f8f8f", "title": "bold #ffffff", "accent": "#7cc4f5", "border": "#808080",
                "forward": "#56b4e9", "loss": "#d98cc0", "backward": "#f0a030", "update": "#3fcf9f",
                "selected": "bold #000000 on #ffe066", "current": "bold underline #ffe066",
                "good": "#3fcf9f", "warn": "#f5c542", "bad": "bold #ff7f6e", "blank": "#808080",
                "train": "#56b4e9", "test": "#f0a030",
            },
        ),
        "light": PaletteColors(
            background="#ffffff",
            foreground="#1a1a1a",
            negative=("#f7f7f7", "#c6dbef", "#6baed6", "#2171b5", "#08306b"),
            positive=("#f7f7f7", "#fdd0a2", "#fd8d3c", "#c94a02", "#7f2704"),
            classes=(
                "#0072b2", "#a65e00", "#007a58", "#7a6a00", "#a8417c",
                "#c04000", "#4b3fb3", "#555555", "#4d7300", "#8a2b3b",
            ),
            nan="bold #ffffff on #b3005f",
            styles={
                "dim": "#666666", "title": "bold #000000", "accent": "#005f9e", "border": "#767676",
                "forward": "#0066a6", "loss": "#983b75", "backward": "#a35200", "update": "#00704f",
                "selected": "bold #000000 on #ffd633", "current": "bold underline #005f9e",
                "good": "#00704f", "warn": "#7a5c00", "bad": "bold #b3261e", "blank": "#767676",
                "train": "#0066a6", "test": "#a35200",
            },
        ),
        "contrast": PaletteColors(
            background="#000000",
            foreground="#ffffff",
            negative=("#000000", "#003a70", "#0a6ec8", "#56b4ff", "#b8e0ff"),
            positive=("#000000", "#5c3000", "#b26000", "#ff9a1f", "#ffd9a0"),
            classes=(
                "#66c2ff", "#ffb000", "#33e0ac", "#fff05a", "#ff9ed2",
                "#ff8550", "#b0b8ff", "#e0e0e0", "#c0f070", "#ffd0dd",
            ),
            nan="bold #ffffff on #d0007a",
            styles={
                "dim": "#c0c0c0", "title": "bold #ffffff", "accent": "#8fd3ff", "border": "#ffffff",
                "forward": "#66c2ff", "loss": "#ff9ed2", "backward": "#ffb000", "update": "#33e0ac",
                "selected": "bold #000000 on #ffff00", "current": "bold underline #ffff00",
                "good": "#33e0ac", "warn": "#fff05a", "bad": "bold #ff9a8a", "blank": "#a0a0a0",
                "train": "#66c2ff", "test": "#ffb000",
            },
        ),
    }
)  # fmt: skip

ANSI_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "text": "default", "dim": "dim default", "title": "bold default", "accent": "bold cyan",
        "border": "default", "forward": "bold blue", "loss": "bold magenta", "backward": "bold yellow",
        "update": "bold green", "selected": "bold reverse",
        "current": "bold underline default", "good": "green", "warn": "bold yellow", "bad": "bold red",
        "blank": "dim default", "train": "cyan", "test": "yellow",
        "class0": "blue", "class1": "yellow", "class2": "green", "class3": "magenta", "class4": "cyan",
        "class5": "red", "class6": "bright_blue", "class7": "default", "class8": "bright_green",
        "class9": "bright_magenta",
    }
)  # fmt: skip

# Steps of the scales: each style is for fractions up to its bound.
ANSI_DIVERGING = (
    (-0.6, "bright_white on blue"), (-0.15, "black on cyan"), (0.15, "default"),
    (0.6, "black on yellow"), (1.0, "bright_white on red"),
)  # fmt: skip
ANSI_DIVERGING_FG = (
    (-0.6, "bold blue"), (-0.15, "cyan"), (0.15, "dim default"), (0.6, "yellow"), (1.0, "bold red"),
)  # fmt: skip
ANSI_SEQUENTIAL = (
    (0.1, "default"), (0.4, "bright_white on blue"), (0.7, "black on cyan"), (1.0, "black on yellow"),
)  # fmt: skip
ANSI_NAN = "bold bright_white on magenta"

MONO_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "text": "none", "dim": "dim", "title": "bold", "accent": "bold", "border": "dim",
        "forward": "bold", "loss": "bold", "backward": "bold", "update": "bold",
        "selected": "bold reverse", "current": "bold underline", "good": "none", "warn": "underline",
        "bad": "bold reverse", "blank": "dim", "train": "bold", "test": "none",
        **{f"class{k}": "bold" if k % 2 else "none" for k in range(10)},
    }
)  # fmt: skip

MONO_DIVERGING = ((-0.6, "bold"), (-0.15, "none"), (0.15, "dim"), (0.6, "none"), (1.0, "bold"))
MONO_SEQUENTIAL = ((0.2, "dim"), (0.7, "none"), (1.0, "bold"))
MONO_NAN = "bold reverse"
