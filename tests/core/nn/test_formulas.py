"""Tests of formulas: their values are those of the functions, and they read as in books."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.explain.render_text import node_text
from nn_tui.core.expression.equations import is_formula
from nn_tui.core.expression.nodes import Num, Sum, Symbol, literal
from nn_tui.core.nn.activations import ACTIVATIONS, softmax_backward
from nn_tui.core.nn.formulas import jacobian_entry, penalty, penalty_gradient, softmax_of_logits
from nn_tui.core.nn.losses import LOSSES, add_penalty_gradient
from nn_tui.core.nn.losses import penalty as penalty_of_weights
from tests._explanations import known

UNIT_BY_UNIT = [name for name, activation in ACTIVATIONS.items() if activation.slope is not None]


EASY = (-3.2, -0.1, 0.7, 2.5)
THRESHOLDS = (-1.0, 0.0, 1.0, 19.5, 20.0, 20.5)
EXTREMES = (-800.0, -40.0, -20.0, -1e-9, 1e-9, 40.0, 800.0, -np.inf, np.inf, np.nan)
NUMBERS = (*EASY, *THRESHOLDS, *EXTREMES)


def assert_same(found: float | None, expected: float) -> None:
    """Assert that an expression has the number of the code; infinities and NaN are numbers, too."""
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize("z", NUMBERS)
@pytest.mark.parametrize("name", UNIT_BY_UNIT)
def test_the_formula_of_an_activation_has_its_value_and_its_slope(name: str, z: float) -> None:
    activation = ACTIVATIONS[name]
    inputs, outputs, slopes = np.array([[z]]), np.empty((1, 1)), np.empty((1, 1))
    assert activation.slope is not None
    with np.errstate(all="ignore"):
        activation.value(inputs, outputs)
        activation.slope(inputs, outputs, slopes)
    a = float(outputs[0, 0])
    assert_same(activation.formula(Num(z)).value, a)
    slope = activation.slope_formula(Num(z), Num(a)).value
    assert slope == pytest.approx(float(slopes[0, 0]), rel=1e-12, abs=1e-15, nan_ok=True)


LOGITS = ((0.3, -0.8, 0.1), (20.5, 0.0, -20.0), (800.0, -800.0, 0.0), (-40.0, 40.0, 1e-9), (0.0, np.nan, 1.0))


@pytest.mark.parametrize("logits", LOGITS)
def test_the_formulas_of_softmax_have_the_numbers_of_its_code(logits: tuple[float, ...]) -> None:
    a, deltas = np.empty((1, 3)), np.empty((1, 3))
    with np.errstate(all="ignore"):
        ACTIVATIONS["softmax"].value(np.array([logits]), a)
    outputs = [Num(float(value)) for value in a[0]]
    for unit in range(3):
        assert_same(softmax_of_logits([Num(z) for z in logits], unit).value, float(a[0, unit]))
    for k in range(3):  # δ for a gradient of 1 at output k is column k of the Jacobian
        softmax_backward(a, np.eye(3)[[k]], deltas)
        for unit in range(3):
            entry = jacobian_entry(outputs[unit], literal(k == unit), outputs[k]).value
            assert entry == pytest.approx(float(deltas[0, unit]), rel=1e-12, abs=1e-15, nan_ok=True)


@pytest.mark.parametrize("z", NUMBERS)
@pytest.mark.parametrize("name", LOSSES)
def test_the_formulas_of_a_loss_have_the_numbers_of_its_code(name: str, z: float) -> None:
    loss = LOSSES[name]
    logits = np.array([[z, 0.25, -0.5]])
    a = np.empty_like(logits)
    targets = {"any": (0.3, -1.2), "probabilities": (0.0, 0.4, 1.0), "binary": (0.0, 1.0), "distribution": (0.0, 1.0)}
    for target in targets[loss.targets]:
        y = np.array([[target, 1.0 - target, 0.0]])
        with np.errstate(all="ignore"):
            ACTIVATIONS[(loss.outputs or ("identity",))[0]].value(logits, a)
            terms, gradient = loss.terms(logits, a, y), loss.gradient(logits, a, y)
            if loss.chain_gradient is not None:
                loss.chain_gradient(logits, a, y, gradient)
        for unit in range(3):
            output, goal = Num(float((logits if loss.formula_of == "z" else a)[0, unit])), Num(float(y[0, unit]))
            assert_same(loss.term_gradient(output, goal).value, float(gradient[0, unit]))
            if loss.term_of_logits is not None:
                computed = loss.term_of_logits([Num(float(value)) for value in logits[0]], unit, goal).value
                assert computed == pytest.approx(float(terms[0, unit]), rel=1e-12, abs=1e-15, nan_ok=True)
            if loss.term_of_logits is None or 1e-3 < known(output) < 0.999:  # nearer to 0 or 1, a has lost digits
                assert_same(loss.term(output, goal).value, float(terms[0, unit]))


@pytest.mark.parametrize(("l1", "l2"), [(0.01, 0.1), (0.01, 0.0), (0.0, 0.1)])
@pytest.mark.parametrize("w", [-0.7, 0.0, 1e-9, 800.0, np.inf])
def test_the_formulas_of_the_penalty_have_the_numbers_of_its_code(w: float, l1: float, l2: float) -> None:
    weights, dw = np.array([[w, -2.0]]), np.zeros((1, 2))
    magnitudes, squares = (Num(float(function(weights).sum())) for function in (np.abs, np.square))
    assert_same(penalty(magnitudes, squares, l1, l2).value, penalty_of_weights([weights], l1, l2))
    add_penalty_gradient(weights, l1, l2, dw)
    assert_same(Sum(penalty_gradient(Num(w), l1, l2)).value, float(dw[0, 0]))


@pytest.mark.parametrize(
    ("name", "formula", "slope"),
    [
        ("sigmoid", "1 / (1 + e^−z)", "a·(1 − a)"),
        ("tanh", "tanh(z)", "1 − a²"),
        ("relu", "max(0, z)", "1 if z > 0, else 0"),
        ("gelu", "z·Φ(z)", "Φ(z) + z·φ(z)"),
        ("silu", "z·s, s = 1 / (1 + e^−z)", "s·(1 + z·(1 − s))"),
        ("mish", "z·t, t = tanh(ln(1 + e^z))", "t + z·(1 − t²) / (1 + e^−z)"),
        ("softmax", "e^zᵢ / Σₖ e^zₖ", "aᵢ·(1[i=k] − aₖ)"),
    ],
)
def test_the_formula_of_an_activation_reads_as_in_a_book(name: str, formula: str, slope: str) -> None:
    activation = ACTIVATIONS[name]
    assert node_text(activation.formula(Symbol("z"))) == formula
    assert node_text(activation.slope_formula(Symbol("z"), Symbol("a"))) == slope


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("half_squared_error", "½ Σₖ (ŷₖ − yₖ)²"),
        ("mean_absolute_error", "Σₖ |ŷₖ − yₖ|"),
        ("huber", "Σₖ (½·d² if |d| < 1, else |d| − ½), d = ŷₖ − yₖ"),
        ("binary_cross_entropy", "−Σₖ (yₖ·ln(ŷₖ) + (1 − yₖ)·ln(1 − ŷₖ))"),
        ("perceptron", "Σₖ (step(zₖ) − yₖ)·zₖ"),
    ],
)
def test_the_formula_of_a_loss_reads_as_in_a_book(name: str, formula: str) -> None:
    assert node_text(LOSSES[name].formula) == formula
    assert is_formula(LOSSES[name].formula)
