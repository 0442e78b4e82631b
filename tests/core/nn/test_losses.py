"""Losses: terms, derivatives, extreme numbers, the reduction and the penalty."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.nn.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.nn.losses import LOSSES, add_penalty_gradient, penalty, scale, step
from nn_tui.core.spec import Array
from tests._reference import numbers, targets


def value(name: str, z: Array) -> Array:
    out = np.full_like(z, np.nan)
    with np.errstate(all="ignore"):
        ACTIVATIONS[name].value(z, out)
    return out


def terms(loss: str, z: Array, y: Array) -> Array:
    activation = (LOSSES[loss].outputs or ("identity",))[0]
    with np.errstate(all="ignore"):
        return LOSSES[loss].terms(z, value(activation, z), y)


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
def test_the_gradient_is_the_derivative_of_the_terms(name: str) -> None:
    loss = LOSSES[name]
    activation = (loss.outputs or ("tanh",))[0]
    z, y, h = numbers(5, 6, 3), targets(name, 6, 3, 7), 1e-6
    a = value(activation, z)
    gradient = loss.gradient(z, a, y)
    if loss.acts_on == "a":
        difference = loss.terms(z, a + h, y) - loss.terms(z, a - h, y)
        assert gradient == pytest.approx(difference / (2 * h), rel=1e-6, abs=1e-8)
        return
    for unit in range(3):  # all outputs of a softmax depend on each z
        step = np.zeros_like(z)
        step[:, unit] = h
        difference = terms(name, z + step, y).sum(axis=1) - terms(name, z - step, y).sum(axis=1)
        assert gradient[:, unit] == pytest.approx(difference / (2 * h), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.chain_gradient])
def test_the_chain_through_the_output_leads_to_the_same_gradient(name: str) -> None:
    loss = LOSSES[name]
    assert loss.chain_gradient is not None and loss.outputs is not None
    z, y = numbers(5, 6, 3), targets(name, 6, 3, 7)
    output = ACTIVATIONS[loss.outputs[0]]
    a, by_a, chain = value(output.name, z), *(np.empty((6, 3)) for _ in range(2))
    by_z = loss.gradient(z, a, y)
    loss.chain_gradient(z, a, y, by_a)
    if output.slope is None:
        softmax_backward(a, by_a, chain)
    else:
        output.slope(z, a, chain)
        chain *= by_a
    assert chain == pytest.approx(by_z, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.logits])
def test_logits_are_where_the_output_has_the_given_probabilities(name: str) -> None:
    loss = LOSSES[name]
    assert loss.logits is not None and loss.outputs is not None
    p = targets("cross_entropy", 4, 3, 1)
    assert value(loss.outputs[0], loss.logits(p)) == pytest.approx(p, rel=1e-14)


def test_scales() -> None:
    for loss in LOSSES.values():
        assert scale(loss, "sum", 4, 3) == 1.0
        assert scale(loss, "mean", 4, 3) == (1.0 / 12.0 if loss.per_output else 0.25)
    assert {loss.name for loss in LOSSES.values() if loss.per_output} == {
        "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy",
    }  # fmt: skip


def test_the_step_is_one_at_zero() -> None:
    z = np.array([-0.1, -0.0, 0.0, 0.1])
    assert step(z, z).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert np.isnan(step(np.array([math.nan]), z)).all()


def test_binary_cross_entropy_keeps_its_digits_where_a_sure_answer_is_right() -> None:
    z = np.array([[-40.0], [-15.0], [15.0], [20.0], [36.0], [40.0]])
    y = (z > 0.0).astype(np.float64)
    terms = LOSSES["binary_cross_entropy"].terms(z, 1.0 / (1.0 + np.exp(-z)), y)
    np.testing.assert_allclose(terms, np.log1p(np.exp(-np.abs(z))), rtol=1e-14)


def test_the_chain_of_a_sure_right_answer_is_its_limit() -> None:
    a, y = np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])
    out = np.empty_like(a)
    chain = LOSSES["binary_cross_entropy"].chain_gradient
    assert chain is not None
    with np.errstate(all="ignore"):
        chain(np.array([[40.0], [-800.0]]), a, y, out)
    np.testing.assert_array_equal(out, [[-1.0], [1.0]])


def test_cross_entropy_is_the_same_from_a_and_from_z() -> None:
    """One probability that has lost its digits makes all terms of the batch come from z."""
    z, y = 3.0 * numbers(8, 5, 3), targets("cross_entropy", 5, 3, 9)
    together = terms("cross_entropy", np.vstack([z, [[800.0, -800.0, 0.0]]]), np.vstack([y, [[1.0, 0.0, 0.0]]]))
    assert terms("cross_entropy", z, y) == pytest.approx(together[:5], rel=1e-14, abs=1e-16)


def test_the_penalty_and_its_gradient() -> None:
    weights = [np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[-4.0, 0.5]])]
    assert penalty(weights, 0.0, 0.0) == 0.0
    assert penalty(weights, 0.1, 0.2) == pytest.approx(0.1 * 10.5 + 0.1 * 30.25)
    dw = np.ones((2, 2))
    add_penalty_gradient(weights[0], 0.1, 0.2, dw)
    assert dw == pytest.approx(np.array([[1.3, 0.5], [1.0, 1.7]]))
