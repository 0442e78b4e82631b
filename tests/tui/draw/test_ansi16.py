"""Check that every palette is readable in sixteen colours, with different colours for the two signs."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor

from nn_tui.core.display.color_math import contrast_ratio
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from tests._app import experiment

FULL_COLOR = ("dark", "light", "contrast")
XTERM = (  # the defaults of xterm, from its manual's resources color0 to color15
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip


def shown(palette: Palette, style: Style) -> Style:
    """Return a style as the app sends it to a terminal with sixteen colours."""
    app = NNTui(experiment("xor"), palette)
    app.console = Console(color_system="standard", force_terminal=True)
    segments = [Segment("x", style)]
    for line_filter in app.get_line_filters():
        segments = line_filter.apply(segments, TextualColor.parse("black"))
    assert segments[0].style is not None
    return segments[0].style


def numbers(style: Style) -> list[int]:
    """Return the numbers of the foreground and the background of a style that has both."""
    found: list[int] = []
    for color in (style.color, style.bgcolor):
        assert isinstance(color, Color)
        number = color.downgrade(ColorSystem.STANDARD).number
        assert number is not None
        found.append(number)
    return found


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_can_be_read_in_sixteen_colors(name: str) -> None:
    palette = get_palette(name)
    named = [(key, style) for key, style in palette.styles.items()]
    ramps = {"both": palette.diverging_ramp, "lines": palette.diverging_fg_ramp, "one": palette.sequential_ramp}
    named += [(f"{ramp} {level}", style) for ramp, styles in ramps.items() for level, style in enumerate(styles)]
    min_contrast = 4.5 if name == "contrast" else 3.0
    seen = {style: key for key, style in named if style.bgcolor is not None}  # without one, it is the terminal's own
    for style, key in seen.items():
        result = shown(palette, style)
        foreground, background = numbers(result)
        assert background < 8 or background == 15, "consoles have no bright backgrounds"
        # Many terminals show bold text in the bright form of a colour.
        for number in {foreground, foreground | 8} if result.bold else {foreground}:
            assert contrast_ratio(XTERM[number], XTERM[background]) >= min_contrast, (key, number, background)


@pytest.mark.parametrize("name", FULL_COLOR)
def test_the_signs_stay_apart_in_sixteen_colors(name: str) -> None:
    palette = get_palette(name)
    for t in (0.6, 0.8, 1.0):
        minus, plus = (numbers(shown(palette, palette.diverging(sign * t)))[1] for sign in (-1, 1))
        assert minus != plus, t


@pytest.mark.parametrize("name", FULL_COLOR)
def test_numbers_that_cannot_be_negative_look_like_neither_sign_in_sixteen_colors(name: str) -> None:
    palette = get_palette(name)
    for t in (0.4, 0.6, 0.8, 1.0):
        green = numbers(shown(palette, palette.sequential(t)))[1]
        assert green not in {numbers(shown(palette, palette.diverging(sign * t)))[1] for sign in (-1, 1)}, t


def test_a_picture_keeps_its_two_colors() -> None:
    palette = get_palette("dark")
    lighter, darker = palette.diverging(-0.6).bgcolor, palette.diverging(-0.7).bgcolor
    foreground, background = numbers(shown(palette, Style(color=lighter, bgcolor=darker)))
    assert foreground % 8 == background, "similar colours stay similar"


@pytest.mark.parametrize("system", ["truecolor", "256"])
def test_more_colors_are_left_as_they_are(system: str) -> None:
    app = NNTui(experiment("xor"), get_palette("dark"))
    app.console = Console(color_system="standard", force_terminal=True)
    count_in_sixteen = len(app.get_line_filters())
    app.console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]
    assert len(app.get_line_filters()) == count_in_sixteen - 1
