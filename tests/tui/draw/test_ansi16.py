"""Sixteen colours: what a terminal makes of every palette can be read, and tells the signs apart."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Ground

from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import Palette, contrast_ratio, get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from tests._app import experiment

FULL_COLOR = ("dark", "light", "contrast")
XTERM = (  # the defaults of xterm, from its manual's resources color0 to color15
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip


def shown(colors: Palette, style: Style) -> Style:
    """A style as it leaves the app for a terminal of sixteen colours."""
    app = NNTui(experiment("xor"), colors)
    app.console = Console(color_system="standard", force_terminal=True)
    segments = [Segment("x", style)]
    for each in app.get_line_filters():
        segments = each.apply(segments, Ground.parse("black"))
    assert segments[0].style is not None
    return segments[0].style


def numbers(style: Style) -> list[int]:
    """Ink and ground, by number; both colours are named where there is a ground of its own."""
    found: list[int] = []
    for color in (style.color, style.bgcolor):
        assert isinstance(color, Color)
        number = color.downgrade(ColorSystem.STANDARD).number
        assert number is not None
        found.append(number)
    return found


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_can_be_read_in_sixteen_colors(name: str) -> None:
    chosen = get_palette(name)
    named = [(key, style) for key, style in chosen.styles.items()]
    ramps = {"both": chosen.diverging_ramp, "lines": chosen.diverging_fg_ramp, "one": chosen.sequential_ramp}
    named += [(f"{ramp} {level}", style) for ramp, styles in ramps.items() for level, style in enumerate(styles)]
    least = 4.5 if name == "contrast" else 3.0
    seen = {style: key for key, style in named if style.bgcolor is not None}  # else on the terminal's own
    for style, key in seen.items():
        result = shown(chosen, style)
        ink, ground = numbers(result)
        assert ground < 8 or ground == 15, "consoles have no bright grounds"
        # Many terminals show bold text in the brighter colour of a pair.
        for each in {ink, ink | 8} if result.bold else {ink}:
            assert contrast_ratio(XTERM[each], XTERM[ground]) >= least, (key, each, ground)


@pytest.mark.parametrize("name", FULL_COLOR)
def test_the_signs_stay_apart_in_sixteen_colors(name: str) -> None:
    chosen = get_palette(name)
    for t in (0.6, 0.8, 1.0):
        minus, plus = (numbers(shown(chosen, chosen.diverging(sign * t)))[1] for sign in (-1, 1))
        assert minus != plus, t


def test_a_picture_keeps_its_two_colors() -> None:
    chosen = get_palette("dark")
    blue, orange = chosen.diverging(-0.6).bgcolor, chosen.diverging(-0.7).bgcolor
    ink, ground = numbers(shown(chosen, Style(color=blue, bgcolor=orange)))
    assert ink % 8 == ground, "as near to each other as they were"


@pytest.mark.parametrize("system", ["truecolor", "256"])
def test_more_colors_are_left_as_they_are(system: str) -> None:
    app = NNTui(experiment("xor"), get_palette("dark"))
    app.console = Console(color_system="standard", force_terminal=True)
    few = len(app.get_line_filters())
    app.console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]
    assert len(app.get_line_filters()) == few - 1
