"""Tests of palettes: readable and different colours, no colour at all, and ASCII characters."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import partial

import numpy as np
import pytest
from rich.cells import cell_len
from rich.color import Color, ColorSystem, ColorType
from rich.style import Style

from nn_tui.core.display.color_math import contrast_ratio
from nn_tui.core.display.number_scale import LEVELS, ColorScale, NumberScale, levels
from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.draw.palette_colors import PALETTES

FULL_COLOR = ("dark", "light", "contrast")
KEYS = (
    *("text", "dim", "title", "accent", "border", "blank", "selected", "current"),
    *("forward", "loss", "backward", "update", "good", "warn", "bad", "train", "test"),
    *(f"class{k}" for k in range(10)),
)
SINGLE = [f.name for f in fields(Glyphs) if f.name not in ("is_ascii", "shades", "bars", "classes")]
SINGLE = SINGLE[: SINGLE.index("full") + 1]


def _hex(color: Color | None) -> str:
    assert color is not None
    return color.get_truecolor().hex


def _ramps(palette: Palette) -> list[Style]:
    return [*palette.diverging_ramp, *palette.sequential_ramp]


@pytest.mark.parametrize("name", PALETTES)
def test_every_key_has_a_style(name: str) -> None:
    palette = get_palette(name)
    assert set(palette.styles) == set(KEYS)
    assert all(isinstance(palette.style(key), Style) for key in KEYS)
    with pytest.raises(KeyError):
        palette.style("nope")


@pytest.mark.parametrize("name", FULL_COLOR)
def test_numbers_can_be_read_on_every_level(name: str) -> None:
    for style in _ramps(get_palette(name)):
        assert contrast_ratio(_hex(style.color), _hex(style.bgcolor)) >= 4.5


@pytest.mark.parametrize("name", FULL_COLOR)
def test_numbers_can_be_read_on_every_level_in_256_colors(name: str) -> None:
    for style in _ramps(get_palette(name)):
        assert style.color and style.bgcolor
        foreground, background = (c.downgrade(ColorSystem.EIGHT_BIT) for c in (style.color, style.bgcolor))
        assert contrast_ratio(_hex(foreground), _hex(background)) >= 4.5


@pytest.mark.parametrize("name", FULL_COLOR)
def test_text_can_be_read_on_the_background(name: str) -> None:
    palette = get_palette(name)
    for key in KEYS:
        style = palette.style(key)
        background = _hex(style.bgcolor) if style.bgcolor else palette.background
        min_contrast = 3.0 if key in ("border", "blank") else 4.5
        assert contrast_ratio(_hex(style.color), background) >= min_contrast, key


@pytest.mark.parametrize("name", FULL_COLOR)
def test_diverging_goes_blue_to_orange_around_the_background(name: str) -> None:
    palette = get_palette(name)
    blue, orange, zero = (_hex(palette.diverging(t).bgcolor) for t in (-0.7, 0.7, 0.0))
    assert int(blue[5:], 16) > int(blue[1:3], 16)
    assert int(orange[1:3], 16) > int(orange[5:], 16)
    assert contrast_ratio(zero, palette.background) < 1.2
    steps = [contrast_ratio(_hex(s.bgcolor), zero) for s in palette.diverging_ramp[LEVELS - 1 : -1]]
    assert steps == sorted(steps)


@pytest.mark.parametrize("name", FULL_COLOR)
def test_the_weakest_lines_are_visible(name: str) -> None:
    palette = get_palette(name)
    ratios = [contrast_ratio(_hex(style.color), palette.background) for style in palette.diverging_fg_ramp[:-1]]
    assert min(ratios) >= 3.0
    assert {_hex(style.bgcolor) for style in palette.diverging_fg_ramp[:-1]} == {palette.background}


def test_sequential_gets_lighter_from_zero_to_one() -> None:
    ratios = [contrast_ratio(_hex(s.bgcolor), "#000000") for s in get_palette("dark").sequential_ramp[:-1]]
    assert ratios == sorted(ratios)
    assert len(set(ratios)) == LEVELS


@pytest.mark.parametrize("name", PALETTES)
def test_out_of_range_is_clamped_and_nan_differs_from_every_number(name: str) -> None:
    palette = get_palette(name)
    assert palette.diverging(7.0) == palette.diverging(math.inf) == palette.diverging(1.0)
    assert palette.diverging(-math.inf) == palette.diverging(-1.0)
    assert palette.sequential(-3.0) == palette.sequential(0.0)
    lines = partial(palette.number_fg, scale=NumberScale("diverging", 1.0))
    for scale in (palette.diverging, lines, palette.sequential):
        assert scale(math.nan) not in [scale(t) for t in (-1.0, 0.0, 0.5, 1.0)]


@pytest.mark.parametrize("scale", ["diverging", "sequential"])
def test_levels_agree_with_the_single_value(scale: ColorScale) -> None:
    palette = get_palette("dark")
    values = np.array([[-3.0, -1.0, -0.3, 0.0], [0.2, 1.0, np.inf, np.nan]])
    style_of = palette.diverging if scale == "diverging" else palette.sequential
    ramp = palette.ramp(scale)
    number_scale = NumberScale(scale, 2.0)
    indices = levels(values, number_scale)
    assert indices.shape == values.shape
    for value, level in zip(values.flat, indices.flat, strict=True):
        assert ramp[level] == style_of(value / 2.0) == palette.number(value, number_scale)


@pytest.mark.parametrize("limit", [0.0, -1.0, math.inf, math.nan])
def test_a_scale_without_a_limit_is_neutral(limit: float) -> None:
    assert levels(np.array([-5.0, 0.0, 5.0]), NumberScale("diverging", limit)).tolist() == [LEVELS - 1] * 3


def test_mono_has_no_color_and_still_tells_sizes_apart() -> None:
    palette = get_palette("mono")
    styles = [*palette.styles.values(), *_ramps(palette), *palette.diverging_fg_ramp]
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert len({palette.diverging(t) for t in (0.0, 0.5, 1.0, math.nan)}) == 4
    assert not palette.has_color
    assert palette.style("selected").reverse


def test_ansi_uses_the_terminals_own_sixteen_colors() -> None:
    palette = get_palette("ansi")
    styles = [*palette.styles.values(), *_ramps(palette), *palette.diverging_fg_ramp]
    used = [color for style in styles for color in (style.color, style.bgcolor) if color]
    assert {color.type for color in used} <= {ColorType.STANDARD, ColorType.DEFAULT}
    for style in styles:
        # On a background of its own, text must not depend on the terminal's.
        assert style.bgcolor is None or (style.color and not style.color.is_default)


def test_a_palette_is_cached() -> None:
    assert get_palette("dark") is get_palette("dark")
    with pytest.raises(KeyError):
        get_palette("sepia")


def test_ascii_is_ascii() -> None:
    assert get_palette("dark", ascii=True).glyphs is ASCII
    assert all(getattr(ASCII, f.name).isascii() for f in fields(ASCII) if f.name != "is_ascii")
    assert ASCII.sub(12) == "12"
    assert UNICODE.sub(12) == "₁₂"


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_lines_and_marks_take_one_cell(glyphs: Glyphs) -> None:
    assert [name for name in SINGLE if cell_len(getattr(glyphs, name)) != 1] == []
    assert all(cell_len(char) == 1 for char in glyphs.shades + glyphs.bars + glyphs.classes)
    assert len(glyphs.bars) == 9
    assert len(glyphs.shades) == 5
    assert len(set(glyphs.classes)) == 10


def test_a_gradient_and_a_step_have_different_names_in_ascii() -> None:
    assert len({ASCII.partial + "W", ASCII.step + "W", ASCII.delta}) == 3


@pytest.mark.parametrize("name", PALETTES)
def test_no_style_is_underlined(name: str) -> None:
    """An underlined word or space in a table looks like the line above a sum."""
    palette = get_palette(name)
    assert not any(style.underline for style in (*palette.styles.values(), *_ramps(palette)))
