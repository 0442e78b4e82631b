"""Activation functions: definitions, bounds, slopes and extreme numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from nn_tui.core.nn.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.spec import Array
from tests._reference import numbers

Z = np.concatenate([np.linspace(-9.0, 9.0, 721), [-800.0, 800.0, -40.0, 40.0, 20.5, 19.5, -0.0]]).reshape(-1, 1)


def value(name: str, z: Array) -> Array:
    out = np.full_like(z, np.nan)
    with np.errstate(all="ignore"):
        ACTIVATIONS[name].value(z, out)
    return out


def phi(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


DEFINITIONS: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z)) if z > -700 else 0.0,
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "gelu": lambda z: z * phi(z),
    "silu": lambda z: z / (1.0 + math.exp(-z)) if z > -700 else 0.0,
    "mish": lambda z: z * math.tanh(math.log1p(math.exp(z)) if z < 40 else z),
    "softplus": lambda z: z if z > 20 else math.log1p(math.exp(z)),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_definitions(name: str) -> None:
    expected = np.array([DEFINITIONS[name](z) for z in Z.ravel().tolist()])
    assert np.abs(value(name, Z).ravel() - expected).max() <= 1e-12


def test_every_activation_has_a_definition_here() -> None:
    assert set(DEFINITIONS) | {"softmax"} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_bounds(name: str) -> None:
    activation, a = ACTIVATIONS[name], value(name, Z)
    assert activation.low is None or a.min() >= activation.low
    assert activation.high is None or a.max() <= activation.high


@pytest.mark.parametrize("name", DEFINITIONS)
def test_slopes_away_from_kinks(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert activation.slope is not None
    z = np.linspace(-8.013, 8.017, 500).reshape(-1, 1)
    z = np.concatenate([z, [[30.0], [-30.0]]])
    slope = np.empty_like(z)
    activation.slope(z, value(name, z), slope)
    h = 1e-6
    numeric = (value(name, z + h) - value(name, z - h)) / (2 * h)
    assert np.abs(slope - numeric).max() <= 1e-8


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_slope_is_nan_at_large_finite_numbers(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert activation.slope is not None
    z = np.array([[-1e308], [-800.0], [0.0], [800.0], [1e308]])
    slope = np.empty_like(z)
    with np.errstate(all="ignore"):
        activation.slope(z, value(name, z), slope)
    assert np.isfinite(slope).all()
    assert np.isfinite(value(name, z)).all()


def test_slopes_at_the_kink_are_those_of_torch() -> None:
    zero = np.zeros((1, 1))
    for name, expected in (("relu", 0.0), ("leaky_relu", 0.01), ("elu", 1.0)):
        slope = ACTIVATIONS[name].slope
        assert slope is not None
        out = np.empty((1, 1))
        slope(zero, value(name, zero), out)
        assert out.item() == expected


def test_not_a_number_stays_one() -> None:
    for name in ACTIVATIONS:
        assert np.isnan(value(name, np.array([[math.nan, math.nan]]))).all(), name


def test_softmax_of_extreme_logits() -> None:
    a = value("softmax", np.array([[800.0, -800.0, 0.0], [800.0, 800.0, 800.0], [-800.0, -800.0, -801.0]]))
    assert np.array_equal(a[0], [1.0, 0.0, 0.0])
    assert a[1] == pytest.approx([1 / 3] * 3, rel=1e-15)
    e = math.exp(-1.0)
    assert a[2] == pytest.approx([1 / (2 + e), 1 / (2 + e), e / (2 + e)], rel=1e-14)


def test_softmax_backward_is_its_jacobian() -> None:
    z, da = numbers(1, 4, 3), numbers(2, 4, 3)
    a, dz = value("softmax", z), np.empty((4, 3))
    softmax_backward(a, da, dz)
    for row in range(4):
        jacobian = np.diag(a[row]) - np.outer(a[row], a[row])
        assert dz[row] == pytest.approx(jacobian @ da[row], rel=1e-12, abs=1e-15)
