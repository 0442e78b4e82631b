"""The colours of a figure: those of a palette of the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from nn_tui.core.display.color_math import TEXT_CONTRAST, contrast_ratio, interpolate, legible, mix
from nn_tui.core.display.colors import CLASS_COLOR_COUNT, PALETTE_COLORS
from nn_tui.core.display.number_scale import LEVELS, ColorScale, NumberScale, level_of

THEMES = tuple(PALETTE_COLORS)
"""The palettes of figures."""

_PALE = 0.55  # the strength of the colours of areas, which take much ink
_LINE_CONTRAST = 3.0  # WCAG 2.1 for what is no text


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a figure, as ``#rrggbb``.

    Attributes:
        background: The background.
        text: The text.
        dim: The text that is less important.
        border: Frames and axes.
        grid: Thin lines behind curves.
        test: What belongs to the test part.
        nan: The background of NaN.
        classes: The colours of classes.
        diverging: The colours of numbers with a sign, by level.
        sequential: The colours of numbers that cannot be negative, by level.
    """

    background: str
    text: str
    dim: str
    border: str
    grid: str
    test: str
    nan: str
    classes: tuple[str, ...]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]

    def fill(self, value: float, scale: NumberScale) -> str:
        """Return the background of a number."""
        ramp = self.ramp(scale.kind)
        level = level_of(value, scale)
        return ramp[level] if level < len(ramp) else self.nan

    def line(self, value: float, scale: NumberScale) -> str:
        """Return the colour of a number for lines and marks, which are visible near zero too."""
        return legible(self.fill(value, scale), self.background, _LINE_CONTRAST)

    def ramp(self, kind: ColorScale) -> tuple[str, ...]:
        """Return the colours of a scale from its lowest to its highest number."""
        return self.diverging if kind == "diverging" else self.sequential

    def paler(self) -> Theme:
        """Return the theme with paler colours of numbers, for large areas."""
        ramps = (
            tuple(mix(self.background, color, _PALE) for color in ramp) for ramp in (self.diverging, self.sequential)
        )
        diverging, sequential = ramps
        return replace(self, diverging=diverging, sequential=sequential)

    def class_color(self, label: int) -> str:
        """Return the colour of a class."""
        return self.classes[label % CLASS_COLOR_COUNT]

    def class_area(self, label: int, strength: float) -> str:
        """Return the colour of a class's region: paler for less ``strength``, from 0 to 1."""
        return mix(self.background, self.class_color(label), strength)


def text_on(fill: str) -> str:
    """Return black or white, whichever is easier to read on a colour."""
    is_black = contrast_ratio("#000000", fill) >= contrast_ratio("#ffffff", fill)
    black = contrast_ratio("#1a1a1a", fill) >= TEXT_CONTRAST
    return ("#1a1a1a" if black else "#000000") if is_black else "#ffffff"


@cache
def theme_of(name: str) -> Theme:
    """Return the colours of a palette.

    Args:
        name: One of :data:`THEMES`.

    Raises:
        KeyError: There is no such palette.
    """
    colors = PALETTE_COLORS[name]
    styles = {key: next(word for word in text.split() if word[0] == "#") for key, text in colors.styles.items()}
    diverging = [*reversed(interpolate(colors.negative, LEVELS)), *interpolate(colors.positive, LEVELS)[1:]]
    return Theme(
        background=colors.background,
        text=colors.foreground,
        dim=styles["dim"],
        border=styles["border"],
        grid=mix(colors.background, styles["border"], 0.25),
        test=styles["test"],
        nan=colors.nan.split()[-1],
        classes=colors.classes,
        diverging=tuple(diverging),
        sequential=tuple(interpolate(colors.nonnegative, LEVELS)),
    )
