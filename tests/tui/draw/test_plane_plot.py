"""Tests of a rectangle of the plane in a drawing: its proportions, its axes and the cells of its points."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.display.extent import MAX_RATIO, Extent, fit_extent
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plane_plot import draw_axes, fit_plot
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_values, assert_size, lines

SQUARE = (-1.0, 1.0, -1.0, 1.0)
NAMES = ("x1", "x2")


def axes(extent: Extent, width: int, height: int, names: tuple[str, str] = NAMES) -> list[str]:
    """Draw the axes of a plot as text."""
    canvas = Canvas(width, height, DARK)
    draw_axes(canvas, fit_plot(extent, names, DARK, width, height), DARK)
    return lines(canvas.strips())


def test_the_points_are_the_middles_of_the_patches_from_the_top() -> None:
    assert fit_plot(SQUARE, NAMES, DARK, 4, 3).shape == (4, 4)
    assert fit_plot(SQUARE, NAMES, ASCII, 4, 3).shape == (2, 4)
    points = fit_plot(SQUARE, NAMES, DARK, 2, 1).points()
    assert points.tolist() == [[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]]


@settings(deadline=None)
@given(width=st.integers(20, 200), height=st.integers(6, 60), range_x=st.floats(0.1, 1000), ratio=st.floats(0.3, 3.3))
def test_one_unit_of_either_input_has_the_same_length_on_the_screen(
    width: int, height: int, range_x: float, ratio: float
) -> None:
    area = fit_plot((0.0, range_x, 0.0, range_x * ratio), NAMES, DARK, width, height).area
    assert abs(area.width - 2 * area.height / ratio) <= 0.5 + 1e-9, "to half a cell; a cell is twice as high as wide"


def test_inputs_of_very_different_ranges_have_scales_of_their_own() -> None:
    area = fit_plot((0.0, MAX_RATIO * 1.01, 0.0, 1.0), NAMES, DARK, 40, 20).area
    assert area.height == 19 and area.right == 40


def test_the_axes_have_names_and_end_values() -> None:
    text = axes((-0.3, 1.3, -1.0, 0.6), 27, 12)
    assert text[0].split() == ["0.6"]
    assert text[10].split() == ["−1"]
    assert text[5].split() == ["x2"]
    assert text[11].split() == ["−0.3", "x1", "1.3"]


def test_a_long_name_of_the_y_axis_stands_above_the_picture() -> None:
    text = axes((0.0, 8.0, 0.0, 8.0), 27, 12, ("petal length", "petal width"))
    assert text[0].split() == ["petal", "width"]
    assert text[-1].split() == ["0", "petal", "length", "8"]
    assert text[1].split() == ["8"]


def test_an_extent_contains_its_points_and_has_short_ends() -> None:
    assert fit_extent([[0.0, 0.0], [10.0, 1.0]]) == (-1.0, 11.0, -0.1, 1.1)
    assert fit_extent([[0.0, 0.0], [1.0, 1.0]], 0.25) == (-0.3, 1.3, -0.3, 1.3)
    low, high, *_ = fit_extent([[2.0, 3.0]])
    assert low < 2.0 < high
    assert fit_extent([[np.nan, 1.0]]) == SQUARE


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_any_points_lie_in_their_plot(width: int, height: int, palette: Palette, rng: np.random.Generator) -> None:
    points = any_values(rng, 6, 2) * 10.0 ** rng.integers(-9, 9)
    extent = fit_extent(points)
    plot = fit_plot(extent, NAMES, palette, width, height)
    canvas = Canvas(width, height, palette)
    draw_axes(canvas, plot, palette)
    assert_size(canvas.strips(), palette, width, height)
    assert plot.area.width >= 1 and plot.area.height >= 1
    assert plot.area.right <= width and plot.area.bottom + int(plot.has_axes) <= height
    for k, point in enumerate(points):
        if np.isfinite(points[k]).all() and np.abs(points[k]).max() < 1e300:
            cell = plot.cell_of(point)
            assert cell is not None and plot.area.contains(*cell)
            assert plot.nearest(points[[k]], *cell) == 0
