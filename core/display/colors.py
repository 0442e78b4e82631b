"""The colours of numbers, classes and texts, as constants.

Blue, orange and bluish green belong to numbers. Numbers with a sign run from blue to orange, and numbers that cannot be
negative are bluish green; people with any common colour vision deficiency can distinguish these three (Okabe and Ito
2008). On a light background the anchors are ColorBrewer's Blues, Oranges and BuGn (Brewer 2003), darkened at the end
for white text; on a dark one they are the same hues from dark to bright. Text, messages and marks have other hues, or
none: red is a problem, and the phases are violet, pink, yellow and green. The first six classes have other hues too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CLASS_COLOR_COUNT = 10
"""Number of colours of classes; with more classes the colours repeat."""


@dataclass(frozen=True, slots=True)
class PaletteColors:
    """The colours of a palette in full colour.

    Attributes:
        background: ``#rrggbb``, as every colour here.
        foreground: Colour of text.
        negative: Anchors of the diverging scale from 0 to the most negative value.
        positive: Anchors of the diverging scale from 0 to the most positive value.
        nonnegative: Anchors of the sequential scale from 0 on.
        classes: The colours of classes, ``CLASS_COLOR_COUNT`` of them.
        nan: Style of NaN as Rich writes it.
        styles: Styles by key as Rich writes them.
    """

    background: str
    foreground: str
    negative: tuple[str, ...]
    positive: tuple[str, ...]
    nonnegative: tuple[str, ...]
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
            nonnegative=("#1b1b1d", "#0c3f35", "#13735e", "#2fb394", "#9cf0d6"),
            classes=(
                "#b8a6ff", "#f0e442", "#f08cc0", "#7ddc5f", "#c0c0c0",
                "#ff7f6e", "#56b4e9", "#e69f00", "#2bbf93", "#f5c8d4",
            ),
            nan="bold #ffffff on #c4006a",
            styles={
                "dim": "#8f8f8f", "title": "bold #ffffff", "accent": "bold #ffffff", "border": "#808080",
                "forward": "#b8a6ff", "loss": "#f08cc0", "backward": "#e6d44a", "update": "#7ddc5f",
                "selected": "bold #000000 on #ffffff", "current": "bold #ffffff",
                "good": "bold #e0e0e0", "warn": "#ff9f93", "bad": "bold #ff6f5e", "blank": "#808080",
                "train": "#e0e0e0", "test": "#b8a6ff",
            },
        ),
        "light": PaletteColors(
            background="#ffffff",
            foreground="#1a1a1a",
            negative=("#f7f7f7", "#c6dbef", "#6baed6", "#2171b5", "#08306b"),
            positive=("#f7f7f7", "#fdd0a2", "#fd8d3c", "#c94a02", "#7f2704"),
            nonnegative=("#f7f7f7", "#c3e9df", "#66c2a4", "#1d8468", "#00442f"),
            classes=(
                "#5b3fc4", "#7a6a00", "#a8417c", "#2f7a1f", "#555555",
                "#b3261e", "#0072b2", "#a65e00", "#007a58", "#8a2b3b",
            ),
            nan="bold #ffffff on #b3005f",
            styles={
                "dim": "#666666", "title": "bold #000000", "accent": "bold #000000", "border": "#767676",
                "forward": "#5b3fc4", "loss": "#a02c6d", "backward": "#756400", "update": "#2f7a1f",
                "selected": "bold #ffffff on #000000", "current": "bold #000000",
                "good": "bold #1a1a1a", "warn": "#b3261e", "bad": "bold #b3261e", "blank": "#767676",
                "train": "#1a1a1a", "test": "#5b3fc4",
            },
        ),
        "contrast": PaletteColors(
            background="#000000",
            foreground="#ffffff",
            negative=("#000000", "#003a70", "#0a6ec8", "#56b4ff", "#b8e0ff"),
            positive=("#000000", "#5c3000", "#b26000", "#ff9a1f", "#ffd9a0"),
            nonnegative=("#0d0d0d", "#00453a", "#00806a", "#22cfa8", "#b8ffea"),
            classes=(
                "#c4b5ff", "#fff05a", "#ff9ed2", "#8ff070", "#e0e0e0",
                "#ff9a8a", "#66c2ff", "#ffb000", "#33e0ac", "#ffd0dd",
            ),
            nan="bold #ffffff on #d0007a",
            styles={
                "dim": "#c0c0c0", "title": "bold #ffffff", "accent": "bold #ffffff", "border": "#ffffff",
                "forward": "#c4b5ff", "loss": "#ff9ed2", "backward": "#fff05a", "update": "#8ff070",
                "selected": "bold #000000 on #ffffff", "current": "bold #ffffff",
                "good": "bold #ffffff", "warn": "#ffb0a3", "bad": "bold #ff9a8a", "blank": "#a0a0a0",
                "train": "#ffffff", "test": "#c4b5ff",
            },
        ),
    }
)  # fmt: skip
