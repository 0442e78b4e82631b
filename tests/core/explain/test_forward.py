"""Tests of explanations of the forward pass."""

from __future__ import annotations

import pytest

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.explanation import written_numbers
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, TrainingSpec
from tests._explanations import (
    HIDDEN,
    build,
    formula_and_lines,
    words_of,
)
from tests._salaries import salaries


def test_a_long_sum_writes_its_largest_terms_and_joins_the_rest() -> None:
    row = tuple(float(n) for n in range(1, 31))
    layers = (LayerSpec(1, weights=((1.0,) * 30,), bias=(0.0,)),)
    run = Run.start(build((row,), ((0.0,),), layers, TrainingSpec()))
    explanation = explain(run.engine, run.trace(1), Ref("z"))
    shown = [number.value for _, number in written_numbers(explanation)]
    (line,) = explanation.lines
    assert "19 smaller terms together" in words_of(explain(run.engine, run.trace(1), Ref("z")))
    # Twelve inputs from 19 to 30 with their weights of 1, then the rest and the sum.
    assert shown[1:24:2] == list(row[18:])
    assert shown[-1] == sum(row) and line_text(line).endswith(": 171 = 465")


def test_a_slope_with_cases_shows_its_value_and_its_cases() -> None:
    layers = (LayerSpec(1, "relu", weights=((1.0,),)), LayerSpec(1, "identity", weights=((1.0,),)))
    net = build(((1.0,),), ((0.0,),), layers, TrainingSpec())
    assert formula_and_lines(net, Ref("a"))[1].endswith("slope there: ∂a/∂z = 1   (1 if z > 0, else 0)")
    assert formula_and_lines(net, Ref("a", 1))[1].endswith("slope there: ∂a/∂z = 1")


@pytest.mark.parametrize("activation", HIDDEN)
def test_the_slope_is_written_as_a_derivative_whatever_the_activation(activation: str) -> None:
    net = build(((1.0,),), ((0.5,),), (LayerSpec(2, activation), LayerSpec(1, "identity")), TrainingSpec())
    assert "∂a/∂z = " in formula_and_lines(net, Ref("a"))[1]
    assert formula_and_lines(net, Ref("slope"))[0].startswith("∂a/∂z₁[1] = ")
    assert formula_and_lines(net, Ref("dz"))[0].startswith("δ₁[1] = ∂L/∂a · ∂a/∂z ")
    quantities: tuple[Quantity, ...] = ("a", "slope", "dz", "dw")
    for quantity in quantities:
        assert "σ" not in "".join(formula_and_lines(net, Ref(quantity)))


def test_a_formula_does_not_say_the_same_twice() -> None:
    net = build(((1.0,),), ((0.5,),), (LayerSpec(1, "tanh"),), TrainingSpec())
    assert formula_and_lines(net, Ref("a"))[0] == "ŷ[1] = a₁[1] = tanh(z₁[1])"


def test_a_standardised_prediction_says_how_to_get_it_in_the_units_of_the_data() -> None:
    experiment = salaries()
    mean, deviation = (float(values[0]) for values in (experiment.data.y_mean, experiment.data.y_scale))
    formula = formula_and_lines(experiment, Ref("a", 1))[0]
    assert formula.endswith(f"(in the units of the data: ŷ·{deviation:.6g} + {mean:.6g})")
    assert "units" not in formula_and_lines(experiment, Ref("a", 0))[0]
    assert "units" not in formula_and_lines(salaries(standardize_target=False), Ref("a", 1))[0]
