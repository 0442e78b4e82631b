"""Tests of formulas: their values are those of the functions, and they read as in books."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.explain.render_text import node_text
from nn_tui.core.expression.equations import is_formula
from nn_tui.core.expression.nodes import Num, Symbol
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES

UNIT_BY_UNIT = [name for name, activation in ACTIVATIONS.items() if activation.slope is not None]


@pytest.mark.parametrize("z", [-700.0, -3.2, -0.1, 0.0, 0.7, 2.5, 700.0])
@pytest.mark.parametrize("name", UNIT_BY_UNIT)
def test_the_formula_of_an_activation_has_its_value_and_its_slope(name: str, z: float) -> None:
    activation = ACTIVATIONS[name]
    inputs, outputs, slopes = np.array([[z]]), np.empty((1, 1)), np.empty((1, 1))
    assert activation.slope is not None
    with np.errstate(all="ignore"):
        activation.value(inputs, outputs)
        activation.slope(inputs, outputs, slopes)
    a, slope = float(outputs[0, 0]), float(slopes[0, 0])
    assert activation.formula(Num(z)).value == pytest.approx(a, rel=1e-12, abs=1e-300)
    assert activation.slope_formula(Num(z), Num(a)).value == pytest.approx(slope, rel=1e-12, abs=1e-15)


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
        ("half_squared_error", "½ Σₖ (aₖ − yₖ)²"),
        ("mean_absolute_error", "Σₖ |aₖ − yₖ|"),
        ("huber", "Σₖ (½·d² if |d| < 1, else |d| − ½), d = aₖ − yₖ"),
        ("binary_cross_entropy", "−Σₖ (yₖ·ln(aₖ) + (1 − yₖ)·ln(1 − aₖ))"),
        ("perceptron", "Σₖ (step(zₖ) − yₖ)·zₖ"),
    ],
)
def test_the_formula_of_a_loss_reads_as_in_a_book(name: str, formula: str) -> None:
    assert node_text(LOSSES[name].formula) == formula
    assert is_formula(LOSSES[name].formula)
