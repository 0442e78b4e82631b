"""Tests of decision regions and surfaces: colours and markers at their points, a legend, and any values in any size."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.regions import (
    NO_OUTPUTS,
    draw_regions,
    draw_surface,
    fit_extent,
    region_point_at,
    region_points,
    region_shape,
)
from tests.tui.draw._drawing import (
    ANY_PALETTE,
    ASCII,
    DARK,
    RANDOM,
    SIZE,
    any_names,
    any_values,
    assert_size,
    cells,
    lines,
)

SQUARE = (-1.0, 1.0, -1.0, 1.0)


def test_regions_ask_for_the_middles_of_their_cells_from_the_top() -> None:
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


def test_the_most_likely_class_takes_the_cell_and_the_legend_names_it() -> None:
    shape = region_shape(20, 8, ASCII)
    outputs = np.tile([0.2, 0.7, 0.1], (shape[0] * shape[1], 1))
    text = lines(draw_regions(outputs, np.zeros((0, 2)), [], ASCII, 20, 8, SQUARE, names=("a", "b", "c")))
    assert text[0] == "1" * 20
    assert text[-1].split() == ["o", "a", "^", "b", "#", "c"]


def test_a_zero_line_is_drawn_where_its_values_change_their_sign() -> None:
    points = region_points(SQUARE, 21, 7, ASCII)
    strips = draw_regions(
        np.zeros(len(points)), np.zeros((0, 2)), [], ASCII, 21, 7, SQUARE, line=points[:, 0], line_name="h"
    )
    assert {(x, char) for (x, y), (char, _) in cells(strips).items() if y < 6 and char != " "} == {(10, "|")}
    assert lines(strips)[-1].split() == ["\\", "h"]


def test_an_extent_contains_its_points_even_when_they_are_all_equal() -> None:
    assert fit_extent([[0.0, 0.0], [10.0, 1.0]]) == (-1.0, 11.0, -0.1, 1.1)
    low, high, *_ = fit_extent([[2.0, 3.0]])
    assert low < 2.0 < high
    assert fit_extent([[np.nan, 1.0]]) == SQUARE


def test_a_surface_has_a_scale() -> None:
    outputs = region_points(SQUARE, 30, 8, DARK)[:, 0] * 2
    text = lines(draw_surface(outputs, np.zeros((1, 2)), [-2.0], DARK, 30, 8, SQUARE))
    assert text[-1].startswith("−2.00") and "+2.00" in text[-1]
    assert "●" in "".join(text[:-1])


def test_a_sentence_replaces_missing_outputs() -> None:
    for palette in (DARK, ASCII):
        for strips in (
            draw_regions(np.zeros((0, 0)), np.zeros((0, 2)), [], palette, 30, 3, SQUARE),
            draw_surface(np.zeros((0, 0)), np.zeros((0, 2)), [], palette, 30, 3, SQUARE),
        ):
            assert_size(strips, palette, 30, 3)
            assert lines(strips)[1].strip() == str(NO_OUTPUTS)


@settings(max_examples=120, deadline=None)
@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM, is_surface=st.booleans())
def test_the_highlighted_point_is_found_at_its_cell_for_any_values_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator, is_surface: bool
) -> None:
    classes, count = int(rng.integers(1, 12)), int(rng.integers(1, 30))
    points, size = any_values(rng, count, 2), len(region_points(SQUARE, width, height, palette))
    if is_surface:
        outputs, targets = any_values(rng, size, 1), any_values(rng, count)
        strips = draw_surface(outputs, points, targets, palette, width, height, SQUARE, cursor=0)
    else:
        labels, test, wrong = rng.integers(0, classes, count), rng.random(count) < 0.5, rng.random(count) < 0.5
        strips = draw_regions(
            any_values(rng, size, classes), points, labels, palette, width, height, SQUARE, cursor=0,
            test=test, wrong=wrong, names=any_names(rng, classes),
        )  # fmt: skip
    assert_size(strips, palette, width, height)
    if not palette.has_color:  # NaN then looks like the highlighted point
        return
    highlighted = [cell for cell, (_, style) in cells(strips).items() if style == palette.style("selected")]
    is_inside = bool((np.abs(points[0]) <= 1).all())
    assert len(highlighted) <= int(is_inside)
    for x, y in highlighted:
        assert region_point_at(points[:1], SQUARE, width, height, x, y) == 0
    if not is_surface:  # if a surface has several points in a cell, the last one covers the others
        assert len(highlighted) == int(is_inside)
