"""Activations, losses and the error function: definitions, extremes, slopes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.nn.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.nn.calls import make
from nn_tui.core.nn.erf import erf
from nn_tui.core.nn.losses import LOSSES, scale, step
from nn_tui.core.spec import Array
from tests._reference import numbers, targets

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
    "softplus": lambda z: z if z > 20 else math.log1p(math.exp(z)),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_definitions(name: str) -> None:
    expected = np.array([DEFINITIONS[name](z) for z in Z.ravel().tolist()])
    assert np.abs(value(name, Z).ravel() - expected).max() <= 1e-12


def test_every_activation_has_a_definition_here() -> None:
    assert set(DEFINITIONS) | {"softmax"} == set(ACTIVATIONS)


def test_erf_is_that_of_the_standard_library() -> None:
    x = np.concatenate([np.linspace(-7.0, 7.0, 20001), [0.46875, 4.0, 5.93, 6.0, -0.46875, 1e-300, 800.0, -1e300]])
    expected = np.array([math.erf(each) for each in x.tolist()])
    assert np.abs(erf(x) - expected).max() <= 5e-16
    nonzero = expected != 0.0
    assert (np.abs(erf(x) - expected)[nonzero] / np.abs(expected[nonzero])).max() <= 1e-15


def test_erf_of_the_ends() -> None:
    assert erf(np.array([math.inf, -math.inf, 0.0])).tolist() == [1.0, -1.0, 0.0]
    assert np.isnan(erf(np.array([math.nan]))).all()


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


def terms(loss: str, z: Array, y: Array) -> Array:
    out = np.full_like(z, np.nan)
    activation = (LOSSES[loss].outputs or ("identity",))[0]
    with np.errstate(all="ignore"):
        LOSSES[loss].terms(z, value(activation, z), y, out)
    return out


EXTREMES = np.array([[800.0], [800.0], [-800.0], [-800.0], [0.0]])


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("binary_cross_entropy", [0.0, 800.0, 0.0, 800.0, math.log(2.0)]),
        ("perceptron", [0.0, 800.0, 0.0, 800.0, 0.0]),
        ("half_squared_error", [319200.5, 320000.0, 320000.0, 320800.5, 0.0]),
        ("huber", [798.5, 799.5, 799.5, 800.5, 0.0]),
        ("mean_absolute_error", [799.0, 800.0, 800.0, 801.0, 0.0]),
        ("mean_squared_error", [638401.0, 640000.0, 640000.0, 641601.0, 0.0]),
    ],
)
def test_extreme_logits(loss: str, expected: list[float]) -> None:
    y = np.array([[1.0], [0.0], [0.0], [1.0], [0.0]])
    assert terms(loss, EXTREMES, y).ravel() == pytest.approx(expected, rel=1e-15, abs=1e-300)


def test_cross_entropy_of_extreme_logits() -> None:
    z = np.array([[800.0, -800.0], [-800.0, 800.0], [800.0, 800.0], [-800.0, -800.0]])
    y = np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    total = terms("cross_entropy", z, y).sum(axis=1)
    assert total == pytest.approx([0.0, 1600.0, math.log(2.0), math.log(2.0)], rel=1e-15)


def test_cross_entropy_of_logits_whose_difference_is_no_number_is_what_the_page_of_limits_says() -> None:
    largest = float(np.finfo(np.float64).max)
    right, wrong = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    for z, of_right, of_wrong in (
        (np.array([[largest / 2, -largest / 2]]), 0.0, largest),
        (np.array([[1e308, -1e308]]), math.nan, math.inf),
    ):
        total = [float(terms("cross_entropy", z, y).sum()) for y in (right, wrong)]
        assert total == pytest.approx([of_right, of_wrong], rel=1e-15, nan_ok=True)
    page = " ".join((Path(__file__).parents[3] / "docs" / "limits.md").read_text(encoding="utf-8").split())
    assert "cross-entropy of logits farther apart than the largest 64-bit number (1.8 · 10³⁰⁸) is NaN" in page


def test_cross_entropy_keeps_the_tail_that_a_rounded_probability_loses() -> None:
    z = np.array([[0.0, -60.0], [40.0, 0.0]])
    y = np.array([[0.0, 1.0], [0.0, 1.0]])
    assert terms("cross_entropy", z, y).sum(axis=1) == pytest.approx([60.0, 40.0], rel=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_of_the_terms(name: str) -> None:
    loss = LOSSES[name]
    activation = (loss.outputs or ("tanh",))[0]
    z, h = numbers(5, 6, 3), 1e-6
    y = targets(name, 6, 3, 7)
    a, gradient = value(activation, z), np.empty((6, 3))
    loss.gradient(z, a, y, gradient)
    if name == "cross_entropy":
        expected = -y / a  # its terms are computed from z, so a alone cannot be moved
    elif name in ("binary_cross_entropy", "perceptron"):
        by_z = (terms(name, z + h, y) - terms(name, z - h, y)) / (2 * h)
        expected = by_z / (a * (1.0 - a)) if name == "binary_cross_entropy" else by_z
    else:
        above, below = np.empty((6, 3)), np.empty((6, 3))
        loss.terms(z, a + h, y, above)
        loss.terms(z, a - h, y, below)
        expected = (above - below) / (2 * h)
    assert gradient == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_scales() -> None:
    for loss in LOSSES.values():
        assert scale(loss, "sum", 4, 3) == 1.0
        assert scale(loss, "mean", 4, 3) == (1.0 / 12.0 if loss.per_output else 0.25)
    assert {loss.name for loss in LOSSES.values() if loss.per_output} == {
        "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy",
    }  # fmt: skip


def test_the_step_is_one_at_zero() -> None:
    assert step(np.array([-0.1, -0.0, 0.0, 0.1])).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert np.isnan(step(np.array([math.nan]))).all()


def test_a_and_the_terms_together_are_what_they_are_alone() -> None:
    loss = LOSSES["cross_entropy"]
    assert loss.with_value_calls is not None
    z, y = 3.0 * numbers(8, 5, 3), targets("cross_entropy", 5, 3, 9)
    a, together, alone = np.empty((5, 3)), np.empty((5, 3)), np.empty((5, 3))
    make(loss.with_value_calls(z, y, a, together))
    loss.terms(z, a, y, alone)
    assert np.array_equal(together, alone)
    assert np.array_equal(a, value("softmax", z))


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.with_gradient_calls])
def test_the_terms_and_their_derivative_together_are_what_they_are_alone(name: str) -> None:
    loss = LOSSES[name]
    assert loss.with_gradient_calls is not None
    a, y = numbers(8, 5, 3), targets(name, 5, 3, 9)
    terms, da, alone, slopes = (np.empty((5, 3)) for _ in range(4))
    make(loss.with_gradient_calls(a, y, terms, da))
    loss.terms(a, a, y, alone)
    loss.gradient(a, a, y, slopes)
    assert np.array_equal(terms, alone) and np.array_equal(da, slopes)


def test_binary_cross_entropy_keeps_its_digits_where_a_sure_answer_is_right() -> None:
    z = np.array([[-40.0], [-15.0], [15.0], [20.0], [36.0], [40.0]])
    y = (z > 0.0).astype(np.float64)
    terms = np.empty_like(z)
    LOSSES["binary_cross_entropy"].terms(z, 1.0 / (1.0 + np.exp(-z)), y, terms)
    np.testing.assert_allclose(terms, np.log1p(np.exp(-np.abs(z))), rtol=1e-14)


def test_the_chain_of_a_sure_right_answer_is_its_limit() -> None:
    a, y = np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])
    out = np.empty_like(a)
    with np.errstate(all="ignore"):
        LOSSES["binary_cross_entropy"].gradient(np.array([[40.0], [-800.0]]), a, y, out)
    np.testing.assert_array_equal(out, [[-1.0], [1.0]])
