"""The functions that an expression can apply, by name, and how they are computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf, pi, sqrt
from typing import Any

import numpy as np

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "ln": np.log,
    "log1p": np.log1p,
    "abs": np.abs,
    "sign": np.sign,
    "cos": np.cos,
    "tanh": np.tanh,
    "max": np.maximum,
    "clip": np.clip,
    "step": lambda z: np.heaviside(z, 1.0),
    "floor": np.floor,
    "normal_cdf": lambda z: 0.5 * (1.0 + erf(z / sqrt(2.0))),
    "normal_density": lambda z: np.exp(-0.5 * z**2) / sqrt(2.0 * pi),
}


def compute(function: Callable[..., Any], values: Sequence[float] | None) -> float | None:
    """Apply a function of NumPy, which gives infinities and NaN where Python would raise an error.

    Args:
        function: The function.
        values: Its arguments; None if one is still to come, which gives None.
    """
    if values is None:
        return None
    with np.errstate(all="ignore"):
        return float(function(*values))
