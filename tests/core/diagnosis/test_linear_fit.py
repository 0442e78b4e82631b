"""Tests of the best line, with and without a bias, and of the best curve."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.data.targets import Coding
from nn_tui.core.diagnosis.linear_fit import fit_linear, r_squared
from nn_tui.core.spec import Array

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def test_no_line_splits_xor_and_a_curve_does() -> None:
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    targets: dict[Coding, Array] = {"zero_one": y, "plus_minus": 2.0 * y - 1.0, "one_hot": np.hstack([1.0 - y, y])}
    for coding, rows in targets.items():
        fit = fit_linear(X, rows, coding)
        assert fit is not None and fit.line <= 0.75 and fit.curve == 1.0


@pytest.mark.parametrize("targets", [[0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0]])
def test_a_line_that_exists_is_found(targets: list[int]) -> None:
    fit = fit_linear(X, np.array(targets, dtype=float)[:, None], "zero_one")
    assert fit is not None and fit.line == 1.0


def test_a_line_through_zero_needs_no_bias_and_another_does() -> None:
    x = np.linspace(-1.0, 1.0, 30)[:, None]
    through = fit_linear(x, 3.0 * x, "numbers")
    assert through is not None and through.through_zero == pytest.approx(1.0) and through.line == pytest.approx(1.0)
    shifted = fit_linear(x, 3.0 * x + 5.0, "numbers")
    assert shifted is not None and shifted.line == pytest.approx(1.0) and shifted.through_zero < 0.0


def test_a_parabola_needs_a_curve() -> None:
    x = np.linspace(-1.0, 1.0, 30)[:, None]
    fit = fit_linear(x, x**2, "numbers")
    assert fit is not None and fit.line == pytest.approx(0.0, abs=1e-9) and fit.curve == pytest.approx(1.0)


def test_large_or_constant_data_is_not_fitted() -> None:
    assert fit_linear(np.ones((5, 200)), np.arange(5.0)[:, None], "numbers") is None
    assert fit_linear(X, np.ones((4, 1)), "zero_one") is None


def test_r_squared_is_the_mean_over_the_outputs() -> None:
    y = np.array([[1.0, 10.0], [3.0, 30.0]])
    assert r_squared(y, y) == 1.0
    assert r_squared(np.array([[2.0, 10.0], [2.0, 30.0]]), y) == 0.5
    assert np.isnan(r_squared(y, np.ones((2, 2))))
