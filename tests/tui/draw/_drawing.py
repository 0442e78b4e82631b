"""Helpers for the tests of drawings: palettes, random values, and drawings as text and as cells."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.draw.palette_colors import PALETTES

DARK = get_palette("dark")
ASCII = get_palette("mono", ascii=True)

SIZE = {"width": st.integers(1, 70), "height": st.integers(1, 24)}
ANY_PALETTE = st.builds(get_palette, st.sampled_from(PALETTES), ascii=st.booleans())
RANDOM = st.integers(0, 10_000).map(np.random.default_rng)


def lines(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def cells(strips: list[Strip]) -> dict[tuple[int, int], tuple[str, Style | None]]:
    """Return the character and the style of each cell, by (column, line)."""
    found: dict[tuple[int, int], tuple[str, Style | None]] = {}
    for y, strip in enumerate(strips):
        x = 0
        for text, style, _ in strip:
            for char in text:
                found[x, y] = (char, style)
                x += cell_len(char)
    return found


def assert_size(strips: list[Strip], palette: Palette, width: int, height: int) -> None:
    assert len(strips) == height
    for strip in strips:
        assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
        assert all(segment.style is not None for segment in strip)
        assert not palette.glyphs.is_ascii or strip.text.isascii()


def any_values(rng: np.random.Generator, *shape: int) -> Array:
    """Return normal numbers, a fifth of them replaced by 0 or by infinite, NaN, very large or very small ones."""
    values = rng.normal(size=shape)
    values[rng.random(shape) < 0.2] = rng.choice([np.nan, np.inf, -np.inf, 1e300, -1e-300, 0.0])
    return values


def any_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return names of one to seven characters, some of which are two cells wide."""
    return [f"이름 {k}"[: int(rng.integers(1, 8))] for k in range(count)]
