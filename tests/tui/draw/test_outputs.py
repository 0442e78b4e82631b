"""Decision regions, probabilities, confusion matrices, tables and images as text, in any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.tui.draw.fitted import FittedCurve, draw_fitted_curve
from nn_tui.tui.draw.images import draw_image, draw_images, image_at, pixel_at
from nn_tui.tui.draw.outputs import draw_confusion, draw_probabilities, draw_table
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.draw.regions import draw_regions, draw_surface, fit_extent, region_points, region_shape

DARK = get_palette("dark")
ASCII = get_palette("mono", ascii=True)
SQUARE = (-1.0, 1.0, -1.0, 1.0)


def lines(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def assert_size(strips: list[Strip], p: Palette, width: int, height: int) -> None:
    assert len(strips) == height
    for strip in strips:
        assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
        assert all(segment.style is not None for segment in strip)
        assert not p.glyphs.is_ascii or strip.text.isascii()


def test_regions_ask_for_the_middles_of_their_patches_from_the_top() -> None:
    assert region_shape(4, 3, DARK) == (6, 4)
    assert region_shape(4, 3, ASCII) == (3, 4)
    points = region_points(SQUARE, 2, 1, DARK)
    assert points.tolist() == [[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]]


def test_regions_in_ascii_exactly() -> None:
    outputs = (region_points(SQUARE, 5, 3, ASCII)[:, 0] + 1) / 2
    points = np.array([[-0.9, 0.0], [0.9, 0.9], [0.9, -0.9], [5.0, 5.0]])
    strips = draw_regions(
        outputs, points, [0, 1, 1, 1], ASCII, 5, 3, SQUARE, test=[False, False, True, False], wrong=[True] + [False] * 3
    )
    assert lines(strips) == [
        " .:*^",
        "X.:*#",
        " .:*x",
    ]


def test_two_classes_meet_in_half_blocks() -> None:
    outputs = (region_points(SQUARE, 3, 1, DARK)[:, 1] > 0).astype(float)
    strips = draw_regions(outputs, np.zeros((0, 2)), [], DARK, 3, 1, SQUARE)
    (segment,) = strips[0]
    assert segment.text == "▀▀▀"
    assert segment.style is not None
    assert segment.style.color != segment.style.bgcolor


def test_the_most_likely_class_takes_the_patch_and_the_legend_names_it() -> None:
    shape = region_shape(20, 8, ASCII)
    outputs = np.tile([0.2, 0.7, 0.1], (shape[0] * shape[1], 1))
    text = lines(draw_regions(outputs, np.zeros((0, 2)), [], ASCII, 20, 8, SQUARE, names=("a", "b", "c")))
    assert text[0] == "1" * 20
    assert text[-1].split() == ["o", "a", "^", "b", "#", "c"]


def test_an_extent_holds_its_points_even_when_they_are_all_one() -> None:
    assert fit_extent([[0.0, 0.0], [10.0, 1.0]]) == (-1.0, 11.0, -0.1, 1.1)
    low, high, *_ = fit_extent([[2.0, 3.0]])
    assert low < 2.0 < high
    assert fit_extent([[np.nan, 1.0]]) == SQUARE


def test_a_surface_has_a_scale() -> None:
    outputs = region_points(SQUARE, 30, 8, DARK)[:, 0] * 2
    text = lines(draw_surface(outputs, np.zeros((1, 2)), [-2.0], DARK, 30, 8, SQUARE))
    assert text[-1].startswith("−2.00") and "+2.00" in text[-1]
    assert "●" in "".join(text[:-1])


def test_a_curve_names_the_network_and_the_points() -> None:
    x = np.linspace(0, 1, 20)
    points, targets, is_test = np.array([0.5, 0.9]), np.array([0.2, 0.9]), np.array([False, True])
    text = lines(draw_fitted_curve(FittedCurve(x, x**2, points, targets, is_test), DARK, 50, 12))
    assert "network" in text[0] and "● train" in text[0] and "○ test" in text[0]


def test_probabilities_exactly() -> None:
    strips = draw_probabilities(("cat", "dog"), np.array([0.25, 0.75]), np.array([1.0, 0.0]), ASCII, 24, 3, digits=2)
    assert lines(strips) == [
        "cat ===.......... 0.25 <",
        "dog ==========... 0.75  ",
        "                        ",
    ]


def test_a_number_wanted_is_printed_beside_the_output() -> None:
    text = lines(draw_probabilities(("y",), np.array([0.61]), np.array([0.99]), DARK, 30, 1))[0]
    assert text.endswith("0.61 ◂ 0.99")


def test_the_target_is_shown_when_not_every_class_fits() -> None:
    outputs = np.linspace(0.0, 0.19, 10)
    text = lines(draw_probabilities([f"c{k}" for k in range(10)], outputs, np.eye(10)[0], DARK, 30, 3))
    assert [line.split()[0] for line in text] == ["c0", "c8", "c9"]


def test_classes_without_a_row_are_counted() -> None:
    names, outputs = [f"c{k}" for k in range(10)], np.linspace(0.0, 0.19, 10)
    text = lines(draw_probabilities(names, outputs, np.eye(10)[0], DARK, 30, 6))
    assert [line.split()[0] for line in text[:-1]] == ["c0", "c6", "c7", "c8", "c9"]
    assert text[-1].strip() == "5 more"
    assert "more" not in "".join(lines(draw_probabilities(names, outputs, np.eye(10)[0], DARK, 30, 10)))


def test_confusion_exactly() -> None:
    matrix = np.array([[8, 2], [0, 10]])
    assert lines(draw_confusion(matrix, ("no", "yes"), ASCII, 24, 4)) == [
        "      no  yes  total    ",
        "no |   8    2 |   10    ",
        "yes|   .   10 |   10    ",
        "18 of 20 right          ",
    ]


def test_confusion_says_how_many_classes_it_shows() -> None:
    text = lines(draw_confusion(np.eye(10, dtype=int) * 20, [str(k) for k in range(10)], DARK, 18, 6))
    assert "200 of 200" in text[-1]


def test_truth_table_exactly() -> None:
    x = np.array([[0.0, 0.0], [0.0, 1.0]])
    strips = draw_table(
        ("x1", "x2"), x, ("y",), np.array([[0.0], [1.0]]), np.array([[0.1], [0.25]]), ASCII, 34, 3, cursor=1
    )
    assert lines(strips) == [
        "  x1  x2  target     y  error     ",
        "   0   0       0  0.10  +0.10     ",
        ">  0   1       1  0.25  -0.75     ",
    ]


def test_a_table_without_outputs_is_blank_there_and_keeps_the_cursor_in_view() -> None:
    x = np.arange(50.0)[:, None]
    text = lines(draw_table(("x",), x, ("y",), x, None, DARK, 40, 6, cursor=30))
    assert any(line.startswith("▸") and "30" in line for line in text)
    assert "·" in text[2] and text[-1].strip() == "more: 28 above, 18 below"


def test_an_image_has_square_pixels() -> None:
    image = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert lines(draw_image(image, ASCII, 8, 2)) == ["    ##  ", "  ##    "]


def test_signs_survive_without_colour() -> None:
    text = lines(draw_image(np.array([[-1.0, 0.0, 1.0]]), ASCII, 6, 1, scale="diverging"))
    assert text == ["==  ##"]


def test_images_that_do_not_fit_are_counted() -> None:
    images = [np.ones((8, 8))] * 40
    assert "1 to 6 of 40" in lines(draw_images(images, DARK, 30, 10))[-1]
    names = [f"u{k}" for k in range(40)]
    text = "".join(lines(draw_images(images, DARK, 30, 11, names=names, selected=20)))
    assert "u20" in text and "19 to 24 of 40" in text and "u0 " not in text
    assert "more" not in "".join(lines(draw_images(images[:4], DARK, 60, 20)))


SIZE = {"width": st.integers(1, 70), "height": st.integers(1, 24), "seed": st.integers(0, 10_000)}


@settings(max_examples=120, deadline=None)
@given(**SIZE, name=st.sampled_from(PALETTES), ascii_only=st.booleans())
def test_anything_in_any_size(width: int, height: int, seed: int, name: str, ascii_only: bool) -> None:
    rng = np.random.default_rng(seed)
    p = get_palette(name, ascii=ascii_only)
    k, n = int(rng.integers(1, 12)), int(rng.integers(1, 30))

    def wild(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        values = rng.normal(size=shape)
        values[rng.random(shape) < 0.2] = rng.choice([np.nan, np.inf, -np.inf, 1e300, -1e-300, 0.0])
        return values

    names = [f"이름 {i}"[: int(rng.integers(1, 8))] for i in range(k)]
    grid = len(region_points(SQUARE, width, height, p))
    labels, test, wrong = rng.integers(0, k, n), rng.random(n) < 0.5, rng.random(n) < 0.5
    drawings = [
        draw_regions(wild(grid, k), wild(n, 2), labels, p, width, height, SQUARE, test=test, wrong=wrong, names=names),
        draw_surface(wild(grid, 1), wild(n, 2), wild(n), p, width, height, SQUARE, cursor=0),
        draw_fitted_curve(FittedCurve(np.sort(wild(n)), wild(n), wild(n), wild(n), test, wild(n)), p, width, height),
        draw_probabilities(names, wild(k), wild(k), p, width, height, digits=int(rng.integers(0, 9))),
        draw_probabilities(names, wild(k), None, p, width, height, digits=None),
        draw_confusion(rng.integers(0, 10 ** int(rng.integers(1, 6)), (k, k)), names, p, width, height),
        draw_table(names, wild(n, k), names, wild(n, k), wild(n, k), p, width, height, cursor=n - 1),
        draw_image(wild(k, n), p, width, height),
        draw_images([wild(k, n)] * k, p, width, height, names=names),
    ]
    for strips in drawings:
        assert_size(strips, p, width, height)


@pytest.mark.parametrize("p", [DARK, ASCII])
def test_no_data_is_a_hint_not_an_error(p: Palette) -> None:
    nothing = np.zeros((0, 0))
    for strips in (
        draw_probabilities((), np.zeros(0), None, p, 30, 3),
        draw_confusion(nothing.astype(int), (), p, 30, 3),
        draw_regions(nothing, np.zeros((0, 2)), [], p, 30, 3, SQUARE),
        draw_image(nothing, p, 30, 3),
        draw_images([], p, 30, 3),
    ):
        assert_size(strips, p, 30, 3)


@pytest.mark.parametrize("p", [DARK, ASCII], ids=["half blocks", "ascii"])
@pytest.mark.parametrize(("width", "height"), [(27, 13), (8, 4), (16, 8), (60, 20), (11, 3)])
def test_a_pixel_is_found_where_it_is_drawn(p: Palette, width: int, height: int) -> None:
    shape = (6, 5)
    blank = draw_image(np.zeros(shape), p, width, height, limit=1.0)
    blank_cells = [list(strip.crop(x, x + 1)) for strip in blank for x in range(width)]
    for pixel in ((0, 0), (2, 4), (5, 3)):
        values = np.zeros(shape)
        values[pixel] = 1.0
        drawn = [list(strip.crop(x, x + 1)) for strip in draw_image(values, p, width, height, limit=1.0)
                 for x in range(width)]  # fmt: skip
        for k, (one, other) in enumerate(zip(drawn, blank_cells, strict=True)):
            found = pixel_at(shape, p, width, height, k % width, k // width)
            if one != other:
                assert found is not None and found[1] == pixel[1]
                assert found[0] == pixel[0] or (p is DARK and found[0] < pixel[0]), "the upper one of two in a cell"
            else:
                assert found != pixel


@pytest.mark.parametrize("p", [DARK, ASCII], ids=["half blocks", "ascii"])
@pytest.mark.parametrize(("width", "height", "selected"), [(40, 20, 0), (27, 12, 6), (80, 9, 3), (12, 5, 4)])
def test_an_image_of_several_is_found_where_it_is_drawn(p: Palette, width: int, height: int, selected: int) -> None:
    shape, count = (4, 4), 7
    names = [str(k) * 2 for k in range(count)]

    def cells(which: int | None) -> list[object]:
        images = [np.full(shape, 1.0 if k == which else 0.0) for k in range(count)]
        drawn = draw_images(images, p, width, height, limit=1.0, names=names, selected=selected, counted=False)
        return [list(strip.crop(x, x + 1)) for strip in drawn for x in range(width)]

    blank = cells(None)
    for which in range(count):
        lit = {k for k, (one, other) in enumerate(zip(cells(which), blank, strict=True)) if one != other}
        found = {
            k: at
            for k in range(width * height)
            if (at := image_at(count, shape, p, width, height, k % width, k // width, selected=selected))
        }
        assert {k for k, at in found.items() if at[0] == which and at[1] is not None} == lit
        named = [k for k, at in found.items() if at == (which, None)]
        assert bool(named) == bool(lit) or height < 2
