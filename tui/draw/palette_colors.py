"""The names of the palettes, and the styles of sixteen colours and of none, as constants."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nn_tui.core.display.colors import CLASS_COLOR_COUNT

PALETTES = ("dark", "light", "contrast", "ansi", "mono")

# In sixteen colours, fills and lines are numbers: cold below 0, warm above 0, green if they cannot be negative.
ANSI_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "text": "default", "dim": "dim default", "title": "bold default", "accent": "bold default",
        "border": "default", "forward": "bold default", "loss": "bold default", "backward": "bold default",
        "update": "bold default", "selected": "bold reverse",
        "current": "bold default", "good": "bold default", "warn": "magenta", "bad": "bold magenta",
        "blank": "dim default", "train": "default", "test": "magenta",
        "class0": "magenta", "class1": "yellow", "class2": "green", "class3": "cyan", "class4": "default",
        "class5": "red", "class6": "blue", "class7": "bright_yellow", "class8": "bright_green",
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
ANSI_SEQUENTIAL = ((0.15, "default"), (0.6, "bold green"), (1.0, "black on green"))
ANSI_SEQUENTIAL_FG = ((0.15, "dim default"), (0.6, "green"), (1.0, "bold green"))
ANSI_NAN = "bold bright_white on magenta"

MONO_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "text": "none", "dim": "dim", "title": "bold", "accent": "bold", "border": "dim",
        "forward": "bold", "loss": "bold", "backward": "bold", "update": "bold",
        "selected": "bold reverse", "current": "bold", "good": "none", "warn": "bold",
        "bad": "bold reverse", "blank": "dim", "train": "bold", "test": "none",
        **{f"class{k}": "bold" if k % 2 else "none" for k in range(CLASS_COLOR_COUNT)},
    }
)  # fmt: skip

MONO_DIVERGING = ((-0.6, "bold"), (-0.15, "none"), (0.15, "dim"), (0.6, "none"), (1.0, "bold"))
MONO_SEQUENTIAL = ((0.2, "dim"), (0.7, "none"), (1.0, "bold"))
MONO_NAN = "bold reverse"
