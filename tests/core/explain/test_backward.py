"""Tests of explanations of gradients."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, TrainingSpec
from tests._explanations import build, first_pass, formula_and_lines, words_of


def test_a_fused_pair_shows_the_short_form_and_the_chain_rule() -> None:
    engine, trace = first_pass("sigmoid", "binary_cross_entropy")
    explanation = explain(engine, trace, Ref("dz"))
    assert "(ŷ − y)" in line_text(explanation.formula)
    assert "∂L/∂a · ∂a/∂z" in words_of(explanation)
    engine, trace = first_pass("softmax", "cross_entropy")
    assert "Jacobian" in words_of(explain(engine, trace, Ref("dz")))


def test_a_chain_without_a_value_is_not_called_equal() -> None:
    layer = LayerSpec(1, "sigmoid", weights=((1000.0,),))
    sure = build(((1.0,),), ((0.0,),), (layer,), TrainingSpec(loss="binary_cross_entropy"))
    _, lines = formula_and_lines(sure, Ref("dz"))
    assert (
        "δ₁[1] = 1 − 0 = 1" in lines and "no value here, because ŷ is rounded to 0 or 1: ∂L/∂a · ∂a/∂z = ∞ × 0" in lines
    )
    _, lines = formula_and_lines(sure, Ref("dw"))
    assert lines == "∂L/∂w₁[1,1] = 1 × 1 = 1"
    calm = replace(sure, layers=(replace(layer, weights=((1.0,),)),))
    assert "The chain rule gives the same result" in formula_and_lines(calm, Ref("dz"))[1]
    assert formula_and_lines(calm, Ref("dw"))[1].startswith("∂L/∂a · ∂a/∂z · ∂z/∂w = ")


def test_the_perceptron_is_explained_by_z_and_has_no_limits() -> None:
    layer = LayerSpec(1, "identity", weights=((-0.5,),), bias=(0.25,))
    perceptron = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (layer,), TrainingSpec(loss="perceptron"))
    _, lines = formula_and_lines(perceptron, Ref("da"))
    assert "limit" not in lines
    assert "step(−0.75) − 1 = −1;  ∂L/∂a₁[1] = 1/2 × (−1) = −0.5" in lines
    formula, lines = formula_and_lines(perceptron, Ref("dz"))
    assert formula.startswith("δ₁[1] = 1/2·(step(z) − y) ") and lines == "δ₁[1] = 1/2 × (step(−0.75) − 1) = −0.5"
    assert "L[1] = (step(−0.75) − 1) × (−0.75) = 0.75" in formula_and_lines(perceptron, Ref("term"))[1]
    assert (
        "sample 1: L[1] = (step(−0.75) − 1) × (−0.75) = 0.75\nsample 1: 1/2 × 0.75 = 0.375\n"
        in formula_and_lines(perceptron, Ref("loss"))[1]
    )


def test_the_gradient_of_the_loss_times_its_scale_is_exactly_the_number_shown() -> None:
    inputs, targets = ((0.3,), (0.7,), (-0.2,)), ((0.1,), (0.2,), (0.7,))
    net = build(inputs, targets, (LayerSpec(1, "sigmoid"),), TrainingSpec(loss="mean_squared_error"))
    run = Run.start(net)
    trace = run.trace(1)
    for sample in range(3):
        explanation = explain(run.engine, trace, Ref("da", sample=sample))
        (term,) = explanation.terms
        assert term.node.children[0].value == 2.0 * (trace.a[0][sample, 0] - trace.y[sample, 0])
        assert term.node.value == explanation.value == trace.da[0][sample, 0]
    run.release(trace)


def test_the_term_of_the_selected_sample_is_always_written_out() -> None:
    rows = tuple((float(n),) for n in range(1, 31))
    layers = (LayerSpec(1, weights=((1.0,),), bias=(0.0,)),)
    run = Run.start(build(rows, ((0.0,),) * 30, layers, TrainingSpec()))
    trace = run.trace(1)
    assert "sample 1: " not in words_of(explain(run.engine, trace, Ref("dw", sample=9)))
    assert "sample 1: " in words_of(explain(run.engine, trace, Ref("dw", sample=0)))


@pytest.mark.parametrize(("l1", "l2"), [(0.01, 0.0), (0.0, 0.1), (0.01, 0.1)])
def test_the_formula_of_a_gradient_has_the_derivative_of_the_penalty(l1: float, l2: float) -> None:
    training = TrainingSpec(l1=l1, l2=l2)
    net = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (LayerSpec(1, weights=((0.5,),)),), training)
    formula, lines = formula_and_lines(net, Ref("dw"))
    assert ("l1·sign(w₁[1,1])" in formula) == ("0.01 × sign(0.5) = 0.01" in lines) == bool(l1)
    assert ("l2·w₁[1,1]" in formula) == ("0.1 × 0.5 = 0.05" in lines) == bool(l2)


@pytest.mark.parametrize("name", ["mazur", "neuron", "and"])
def test_a_single_sample_is_not_summed_over(name: str) -> None:
    experiment = open_experiment(name)
    for key in ("dw", "db"):
        formula, lines = formula_and_lines(experiment, Ref(key, len(experiment.layers) - 1))
        assert "Σ" not in formula and "sum" not in lines and "sample" not in lines
    assert formula_and_lines(experiment, Ref("db", len(experiment.layers) - 1))[1].count(" = ") == 1, "said once"


def test_the_chain_of_a_hidden_weight_shows_where_its_first_factor_comes_from() -> None:
    _, lines = formula_and_lines(open_experiment("mazur"), Ref("dw", 0))
    assert lines.splitlines() == [
        "∂L/∂a · ∂a/∂z · ∂z/∂w = 0.0363503 × 0.241301 × 0.05 = 0.000438568",
        "∂L/∂a = Σₖ δ₂·w₂ = 0.138499 × 0.4 + (−0.0380982) × 0.5 = 0.0363503",
        "∂L/∂w₁[1,1] = 0.00877135 × 0.05 = 0.000438568",
    ]
    assert "∂L/∂a = Σₖ δ₂·w₂ = " not in formula_and_lines(open_experiment("mazur"), Ref("dw", 1))[1]
    (line,) = [
        line for line in formula_and_lines(open_experiment("digits"), Ref("dw", 0))[1].splitlines() if "Σₖ" in line
    ]
    assert line.startswith("sample 1: ∂L/∂a = Σₖ δ₂·w₂ = ") and "7 smaller terms together: " in line


def test_the_factor_of_the_mean_is_no_part_of_a_heading() -> None:
    for ref in (Ref("dw", 1), Ref("db", 0), Ref("da", 1)):
        formula, lines = formula_and_lines(open_experiment("xor"), ref)
        assert "mean" not in formula and "1/4" in lines.splitlines()[-1] and "mean" in lines.splitlines()[-1]


def test_the_perceptron_says_what_step_of_0_is() -> None:
    for ref in (Ref("dz"), Ref("da")):
        _, lines = formula_and_lines(open_experiment("and"), ref)
        assert "= step(0) − 0 = 1" in lines and "step(0) = 1, because step(z) is 1 if z ≥ 0, else 0." in lines
    layer = LayerSpec(1, "identity", weights=((-0.5,),))
    other = build(((2.0,),), ((1.0,),), (layer,), TrainingSpec(loss="perceptron"))
    assert "because" not in formula_and_lines(other, Ref("dz"))[1]
