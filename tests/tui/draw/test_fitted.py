"""Tests of the curve of a function with its data points: its labels, and any values in any size."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from nn_tui.tui.draw.fitted import FittedCurve, curve_point_at, draw_fitted_curve
from nn_tui.tui.draw.palette import Palette
from tests.tui.draw._drawing import ANY_PALETTE, DARK, RANDOM, SIZE, any_values, assert_size, cells, lines


def test_a_curve_names_the_network_and_the_points() -> None:
    x = np.linspace(0, 1, 20)
    points, targets, is_test = np.array([0.5, 0.9]), np.array([0.2, 0.9]), np.array([False, True])
    text = lines(draw_fitted_curve(FittedCurve(x, x**2, points, targets, is_test), DARK, 50, 12))
    assert "network" in text[0] and "● train" in text[0] and "○ test" in text[0]


def test_residuals_join_targets_and_predictions() -> None:
    x = np.linspace(0, 1, 20)
    fit = FittedCurve(x, x, np.array([0.5]), np.array([0.9]), predictions=np.array([0.1]))
    strips = draw_fitted_curve(fit, DARK, 50, 12)
    ((column, _),) = (cell for cell, (char, _) in cells(strips).items() if char == "●" and cell[1])
    assert sum(char == "│" and x == column for (x, _), (char, _) in cells(strips).items()) >= 3


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_every_point_of_any_values_is_found_where_it_is_drawn_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator
) -> None:
    count = int(rng.integers(1, 30))
    x, y, points, targets = (any_values(rng, count) for _ in range(4))
    fit = FittedCurve(np.sort(x), y, points, targets, rng.random(count) < 0.5, any_values(rng, count))
    strips = draw_fitted_curve(fit, palette, width, height)
    assert_size(strips, palette, width, height)
    found = {curve_point_at(fit, palette, width, height, x, y) for x in range(width) for y in range(height)}
    assert (found != {None}) == bool((np.isfinite(points) & np.isfinite(targets)).any())
