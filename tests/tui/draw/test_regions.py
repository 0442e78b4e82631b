"""Tests of decision regions and surfaces: colours and markers at their points, axes, and any values in any size."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.spec import Array
from nn_tui.tui.draw.legend import draw_legend
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import PlanePlot, fit_plot
from nn_tui.tui.draw.regions import (
    NO_OUTPUTS,
    PlanePoints,
    class_items,
    draw_regions,
    draw_surface,
    surface_items,
)
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_values, assert_size, cells, lines

SQUARE = (-1.0, 1.0, -1.0, 1.0)
SHADES = NumberScale("sequential", 1.0)
NO_POINTS = PlanePoints(np.zeros((0, 2)), [])


def square(palette: Palette, width: int, height: int) -> PlanePlot:
    return fit_plot(SQUARE, ("x1", "x2"), palette, width, height)


def test_regions_in_ascii_exactly() -> None:
    plot = square(ASCII, 6, 3)
    outputs = (plot.points()[:, 0] + 1) / 2
    points = np.array([[-0.9, 0.0], [0.9, 0.9], [0.9, -0.9], [5.0, 5.0]])
    data = PlanePoints(points, [0, 1, 1, 1], test=[False, False, True, False], wrong=[True] + [False] * 3)
    strips = draw_regions(plot, outputs, data, ASCII, 6, 3, scale=SHADES)
    assert lines(strips) == [
        " .::*^",
        "X.::*#",
        " .::*x",
    ]


def test_two_classes_meet_in_half_blocks() -> None:
    plot = square(DARK, 2, 1)
    outputs = (plot.points()[:, 1] > 0).astype(float)
    strips = draw_regions(plot, outputs, NO_POINTS, DARK, 2, 1, scale=SHADES)
    (segment,) = strips[0]
    assert segment.text == "▀▀"
    assert segment.style is not None
    assert segment.style.color != segment.style.bgcolor


def test_a_single_output_has_the_colours_of_its_scale_and_an_undecided_region_is_visible() -> None:
    plot = square(DARK, 20, 8)
    for scale in (SHADES, NumberScale("diverging", 2.0)):
        for value in (0.02, 0.5, 0.9):
            outputs = np.full(len(plot.points()), value)
            style = cells(draw_regions(plot, outputs, NO_POINTS, DARK, 20, 8, scale=scale))[plot.area.offset][1]
            assert style is not None and style.bgcolor == DARK.number(value, scale).bgcolor
            assert value != 0.5 or style.bgcolor != DARK.style("text").bgcolor


def test_the_most_likely_class_takes_the_cell_and_the_legend_names_it() -> None:
    plot = square(ASCII, 20, 8)
    outputs = np.tile([0.2, 0.7, 0.1], (len(plot.points()), 1))
    text = lines(draw_regions(plot, outputs, NO_POINTS, ASCII, 20, 8, scale=SHADES))
    assert "1" * plot.area.width in text[0]
    items = class_items(("a", "b", "c"), ASCII, is_single=False, has_test=True)
    (legend,) = lines(draw_legend(items, ASCII, 40, 1))
    assert legend.split() == ["o", "a", "^", "b", "#", "c", "X", "wrong", ".x", "test"]


def test_a_surface_has_a_scale() -> None:
    plot = square(DARK, 30, 8)
    outputs = plot.points()[:, 0] * 2
    data = PlanePoints(np.zeros((1, 2)), [-2.0])
    scale = NumberScale("diverging", 2.25)
    text = lines(draw_surface(plot, outputs, data, DARK, 30, 8, scale=scale))
    assert "●" in "".join(text)
    (legend,) = lines(draw_legend(surface_items("ŷ", "target", scale, DARK), DARK, 40, 1))
    assert legend.startswith("ŷ −2.25") and "+2.25" in legend and legend.rstrip().endswith("● target")


def test_a_sentence_replaces_missing_outputs() -> None:
    for palette in (DARK, ASCII):
        plot = square(palette, 30, 3)
        for strips in (
            draw_regions(plot, np.zeros((0, 0)), NO_POINTS, palette, 30, 3, scale=SHADES),
            draw_surface(plot, np.zeros((0, 0)), NO_POINTS, palette, 30, 3, scale=NumberScale("diverging", 1.0)),
        ):
            assert_size(strips, palette, 30, 3)
            assert lines(strips)[1].strip() == str(NO_OUTPUTS)


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM, is_surface=st.booleans())
def test_the_highlighted_point_is_found_at_its_cell_for_any_values_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator, is_surface: bool
) -> None:
    classes, count = int(rng.integers(1, 12)), int(rng.integers(1, 30))
    plot = square(palette, width, height)
    points, size = any_values(rng, count, 2), len(plot.points())
    if is_surface:
        outputs, targets = any_values(rng, size, 1), any_values(rng, count)
        data = PlanePoints(points, targets, cursor=0)
        scale = NumberScale("diverging", 2.0)
        strips = draw_surface(plot, outputs, data, palette, width, height, scale=scale)
    else:
        labels, test, wrong = rng.integers(0, classes, count), rng.random(count) < 0.5, rng.random(count) < 0.5
        data = PlanePoints(points, labels, test=test, wrong=wrong, cursor=0)
        line: Array | None = any_values(rng, size) if rng.random() < 0.5 else None
        strips = draw_regions(
            plot, any_values(rng, size, classes), data, palette, width, height, scale=SHADES, line=line
        )
    assert_size(strips, palette, width, height)
    if not palette.has_color:  # NaN then looks like the highlighted point
        return
    highlighted = [cell for cell, (_, style) in cells(strips).items() if style == palette.style("selected")]
    is_inside = bool((np.abs(points[0]) <= 1).all())
    assert len(highlighted) <= int(is_inside)
    for x, y in highlighted:
        assert plot.nearest(points[:1], x, y) == 0
    if not is_surface:  # if a surface has several points in a cell, the last one covers the others
        assert len(highlighted) == int(is_inside)
