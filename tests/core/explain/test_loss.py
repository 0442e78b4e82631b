"""Tests of explanations of the loss: its reduction, and the parts of the outputs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.equations import Listed
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, TrainingSpec
from nn_tui.tui.session.session import new_session
from tests._app import experiment
from tests._explanations import (
    addresses_of,
    build,
    first_pass,
    formula_and_lines,
    words_of,
)


@pytest.mark.parametrize(
    ("activation", "loss", "reduction", "text"),
    [
        ("sigmoid", "half_squared_error", "mean", "times 1/2: the mean over the batch"),
        ("sigmoid", "binary_cross_entropy", "mean", "times 1/4: the mean over the batch and its outputs"),
        ("identity", "huber", "sum", "summed over the batch"),
    ],
)
def test_the_loss_says_how_it_is_reduced(activation: str, loss: str, reduction: str, text: str) -> None:
    engine, trace = first_pass(activation, loss, reduction)
    assert line_text(explain(engine, trace, Ref("loss")).formula).endswith(f"   ({text})")


def test_with_one_hot_targets_the_loss_lists_the_output_that_contributes() -> None:
    engine, trace = first_pass("softmax", "cross_entropy")
    explanation = explain(engine, trace, Ref("loss", sample=1))
    assert "L[2] = − × ln() = " in words_of(explanation) and "L[1]" not in words_of(explanation)
    assert "the output with y = 0 adds nothing" in words_of(explanation)
    term = Ref("term", 0, 1, 0, 1)
    assert (value_of(engine, trace, term), term) in addresses_of(explanation)


def test_the_loss_of_a_sample_is_an_equation() -> None:
    _, lines = formula_and_lines(experiment("xor"), Ref("loss", sample=2))
    assert lines.startswith("sample 3: L[1] = ½ × (0.613534 − 1)² = 0.074678\nsample 1: 1/4 × 0.125 = 0.03125\n")
    _, lines = formula_and_lines(experiment("mazur"), Ref("loss"))
    assert lines.splitlines() == [
        "L[1] = ½ × (0.751365 − 0.01)² = 0.274811;  L[2] = ½ × (0.772928 − 0.99)² = 0.02356",
        "L = 0.274811 + 0.02356 = 0.298371",
    ]


def test_a_single_sample_needs_no_reduction() -> None:
    one = build(((2.0,),), ((1.0,),), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert formula_and_lines(one, Ref("loss"))[0] == "loss of one sample = ½ Σₖ (ŷₖ − yₖ)²"
    assert formula_and_lines(one, Ref("term"))[0] == "the loss of sample 1: L[1] = ½·(ŷ − y)²"
    assert "(1 input)" in formula_and_lines(one, Ref("z"))[0]
    two = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert "times 1/2: the mean over the batch" in formula_and_lines(two, Ref("loss"))[0]
    summed = replace(two, training=TrainingSpec(reduction="sum"))
    assert "summed over the batch" in formula_and_lines(summed, Ref("loss"))[0]


def test_the_loss_calls_an_output_by_its_class() -> None:
    for preset, unit, name in (
        ("digits", 3, "class 3"),
        ("iris", 0, "class setosa"),
    ):
        session = new_session(experiment(preset))
        sample = int(session.trace.y[:, unit].argmax())
        found = explain(session.engine, session.trace, Ref("loss", sample=sample))
        assert any(f" {name}: L[{unit + 1}] = −1 × ln(" in line_text(line) for line in found.lines), preset


@pytest.mark.parametrize("z", [-800.0, -40.0, -20.0, -1e-9, 0.7, 20.5, 40.0, 800.0])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_line_of_a_term_computes_the_number_of_the_code(loss: str, z: float) -> None:
    """The part of one output, its formula and its computation, also where ŷ is rounded to 0 or 1."""
    layer = LayerSpec(2, (LOSSES[loss].outputs or ("identity",))[0], weights=((z,), (0.25,)))
    run = Run.start(build(((1.0,),), ((0.0, 1.0),), (layer,), TrainingSpec(loss=loss)))
    trace = run.trace(1)
    for unit in range(2):
        explanation = explain(run.engine, trace, Ref("term", 0, unit))
        body = explanation.lines[-1].body
        equation = body.items[-1] if isinstance(body, Listed) else body
        *_, computation, result = equation.children
        assert result.value == explanation.value == trace.terms[0, unit]
        assert computation.value == pytest.approx(result.value, rel=1e-12, abs=1e-15)
    run.release(trace)


def test_a_part_of_the_loss_has_a_formula_of_its_own() -> None:
    engine, trace = first_pass("softmax", "cross_entropy")
    formula = line_text(explain(engine, trace, Ref("term", 0, 1)).formula)
    assert formula == "output 2's part of the loss of sample 1, before averaging over the batch: L[2] = −y·ln(ŷ)"
