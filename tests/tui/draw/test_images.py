"""Tests of images as square pixels: any values in any size, and the pixel at a cell."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.tui.draw.images import draw_image, draw_images, image_at, pixel_at
from nn_tui.tui.draw.palette import Palette, get_palette
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_values, assert_size, cells, lines

SHADES, SIGNED = NumberScale("sequential", 1.0), NumberScale("diverging", 1.0)


def test_an_image_has_square_pixels() -> None:
    image = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert lines(draw_image(image, ASCII, 8, 2, scale=SHADES)) == ["    ##  ", "  ##    "]


def test_signs_survive_without_colour() -> None:
    text = lines(draw_image(np.array([[-1.0, 0.0, 1.0]]), ASCII, 6, 1, scale=SIGNED))
    assert text == ["==  ##"]


def test_a_narrow_drawing_shows_the_images_around_the_selected_one() -> None:
    images, names = [np.ones((8, 8))] * 40, [f"u{k}" for k in range(40)]
    text = "".join(lines(draw_images(images, DARK, 30, 11, names=names, scale=SIGNED, selected=20)))
    assert re.findall(r"u\d+", text) == [f"u{k}" for k in range(18, 24)]
    assert "u39" in "".join(lines(draw_images(images, DARK, 120, 60, names=names, scale=SIGNED)))


def test_a_drawing_without_pixels_is_blank() -> None:
    for palette in (DARK, ASCII):
        blank = [" " * 30] * 3
        assert lines(draw_image(np.zeros((0, 0)), palette, 30, 3, scale=SHADES)) == blank
        assert lines(draw_images([], palette, 30, 3, names=(), scale=SIGNED)) == blank


@given(**SIZE, name=st.sampled_from(["dark", "light", "contrast"]), rng=RANDOM)
def test_the_pixels_of_any_values_fill_the_cells_where_they_are_found_in_any_size(
    width: int, height: int, name: str, rng: np.random.Generator
) -> None:
    palette, (rows, columns) = get_palette(name), rng.integers(1, 30, 2)
    strips = draw_image(any_values(rng, rows, columns), palette, width, height, scale=SHADES)
    assert_size(strips, palette, width, height)
    filled = {cell for cell, (_, style) in cells(strips).items() if style != palette.style("text")}
    assert filled == {cell for cell in cells(strips) if pixel_at((rows, columns), palette, width, height, *cell)}


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_images_of_any_values_have_their_names_above_them_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator
) -> None:
    count, rows, columns = (int(n) for n in rng.integers(1, 12, 3))
    names = [chr(0x41 + k) for k in range(count)]
    images = [any_values(rng, rows, columns) for _ in names]
    strips = draw_images(images, palette, width, height, names=names, scale=SIGNED, selected=count - 1)
    assert_size(strips, palette, width, height)
    for x, y in cells(strips):
        found = image_at(count, (rows, columns), palette, width, height, x, y, selected=count - 1)
        if found is not None and found[1] is None and x == 0:
            assert lines(strips)[y][0] == names[found[0]]


@pytest.mark.parametrize("palette", [DARK, ASCII], ids=["half blocks", "ascii"])
@pytest.mark.parametrize(("width", "height"), [(27, 13), (8, 4), (16, 8), (60, 20), (11, 3)])
def test_a_pixel_is_found_where_it_is_drawn(palette: Palette, width: int, height: int) -> None:
    shape = (6, 5)
    blank = draw_image(np.zeros(shape), palette, width, height, scale=SHADES)
    blank_cells = [list(strip.crop(x, x + 1)) for strip in blank for x in range(width)]
    for pixel in ((0, 0), (2, 4), (5, 3)):
        values = np.zeros(shape)
        values[pixel] = 1.0
        drawn = [list(strip.crop(x, x + 1)) for strip in draw_image(values, palette, width, height, scale=SHADES)
                 for x in range(width)]  # fmt: skip
        for k, (one, other) in enumerate(zip(drawn, blank_cells, strict=True)):
            found = pixel_at(shape, palette, width, height, k % width, k // width)
            if one != other:
                assert found is not None and found[1] == pixel[1]
                assert found[0] == pixel[0] or (palette is DARK and found[0] < pixel[0]), (
                    "the upper one of two in a cell"
                )
            else:
                assert found != pixel


@pytest.mark.parametrize("palette", [DARK, ASCII], ids=["half blocks", "ascii"])
@pytest.mark.parametrize(("width", "height", "selected"), [(40, 20, 0), (27, 12, 6), (80, 9, 3), (12, 5, 4)])
def test_an_image_of_several_is_found_where_it_is_drawn(
    palette: Palette, width: int, height: int, selected: int
) -> None:
    shape, count = (4, 4), 7
    names = [str(k) * 2 for k in range(count)]

    def drawn_cells(which: int | None) -> list[object]:
        images = [np.full(shape, 1.0 if k == which else 0.0) for k in range(count)]
        drawn = draw_images(images, palette, width, height, scale=SIGNED, names=names, selected=selected)
        return [list(strip.crop(x, x + 1)) for strip in drawn for x in range(width)]

    blank = drawn_cells(None)
    for which in range(count):
        lit = {k for k, (one, other) in enumerate(zip(drawn_cells(which), blank, strict=True)) if one != other}
        found = {
            k: at
            for k in range(width * height)
            if (at := image_at(count, shape, palette, width, height, k % width, k // width, selected=selected))
        }
        assert {k for k, at in found.items() if at[0] == which and at[1] is not None} == lit
        named = [k for k, at in found.items() if at == (which, None)]
        assert bool(named) == bool(lit)
