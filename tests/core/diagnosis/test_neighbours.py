"""Tests of the score of the nearest neighbour."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.neighbours import neighbour_score


def test_the_nearest_neighbour_knows_noise_from_a_function() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-1.0, 1.0, size=(400, 1))
    clean, noisy = np.sin(3.0 * x), np.sin(3.0 * x) + rng.normal(0.0, 0.5, size=x.shape)
    assert neighbour_score(x, clean, "numbers") == pytest.approx(1.0, abs=0.01)
    expected = 1.0 - 0.25 / noisy.var()
    assert neighbour_score(x, noisy, "numbers") == pytest.approx(expected, abs=0.1)
    labels = (rng.uniform(size=x.shape) < 0.5).astype(float)
    assert neighbour_score(x, labels, "zero_one") == pytest.approx(0.5, abs=0.1)
    assert neighbour_score(x[:10], clean[:10], "numbers") is None
