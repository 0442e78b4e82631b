"""The error function, against that of the standard library."""

from __future__ import annotations

import math

import numpy as np

from nn_tui.core.nn.erf import erf


def test_erf_is_that_of_the_standard_library() -> None:
    x = np.concatenate([np.linspace(-7.0, 7.0, 20001), [0.46875, 4.0, 5.93, 6.0, -0.46875, 1e-300, 800.0, -1e300]])
    expected = np.array([math.erf(each) for each in x.tolist()])
    assert np.abs(erf(x) - expected).max() <= 5e-16
    nonzero = expected != 0.0
    assert (np.abs(erf(x) - expected)[nonzero] / np.abs(expected[nonzero])).max() <= 1e-15


def test_erf_of_the_ends() -> None:
    assert erf(np.array([math.inf, -math.inf, 0.0])).tolist() == [1.0, -1.0, 0.0]
    assert np.isnan(erf(np.array([math.nan]))).all()
