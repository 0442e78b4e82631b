"""Tests of the polygons around numbers over a grid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_tui.core.figure.contours import Line, boundaries, regions, simplified


def area(loop: Line) -> float:
    """Return the area within a closed line, negative for a hole."""
    assert loop[0] == loop[-1]
    x, y = np.array(loop).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2


def test_a_disc_has_the_area_of_a_disc_and_its_complement_is_a_square_with_a_hole() -> None:
    side = np.linspace(-2, 2, 81)
    x, y = np.meshgrid(side, side)
    (disc,) = regions(2.25 - x**2 - y**2, side, side)
    assert area(disc) == pytest.approx(2.25 * math.pi, rel=1e-3)
    areas = sorted(map(area, regions(x**2 + y**2 - 2.25, side, side)))
    assert areas == pytest.approx([-2.25 * math.pi, 16], rel=1e-3)


@pytest.mark.parametrize("seed", range(10))
def test_the_regions_of_random_numbers_and_of_their_negatives_fill_the_rectangle(seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal((9, 11))
    xs, ys = np.arange(11.0), np.arange(9.0)
    total = sum(area(loop) for part in (values, -values) for loop in regions(values=part, xs=xs, ys=ys))
    assert total == pytest.approx(80)


def test_one_region_everywhere_is_the_rectangle_and_none_is_nothing() -> None:
    side = np.arange(5.0)
    assert [area(loop) for loop in regions(np.ones((5, 5)), side, side)] == [16]
    assert regions(-np.ones((5, 5)), side, side) == [] == boundaries(np.ones((5, 5)), side, side)


def test_a_line_lies_where_the_numbers_are_zero() -> None:
    side = np.linspace(0, 1, 7)
    x, y = np.meshgrid(side, side)
    (line,) = boundaries(x - 2 * y + 0.3, side, side)
    assert [a - 2 * b for a, b in line] == pytest.approx([-0.3] * len(line))
    assert {min(line)[0], max(line)[0]} == {0.0, 1.0}


def test_a_simplified_line_has_few_points_and_goes_the_same_way() -> None:
    turn = np.linspace(0, 2 * np.pi, 401)
    circle = 100 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    few = simplified(circle, 0.1)
    assert 20 < len(few) < 140 and few[0].tolist() == pytest.approx(few[-1].tolist())
    assert area([*map(tuple, few[:-1].tolist()), (100.0, 0.0)]) == pytest.approx(np.pi * 1e4, rel=5e-3)
    straight = np.stack([np.arange(9.0), np.zeros(9)], axis=1)
    assert simplified(straight, 0.1).tolist() == [[0, 0], [8, 0]]
