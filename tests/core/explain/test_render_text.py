"""Tests of explanations as plain text."""

from __future__ import annotations

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import explanation_text, line_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run


def test_an_explanation_is_its_formula_and_its_lines() -> None:
    run = Run.start(open_experiment("mazur"))
    explanation = explain(run.engine, run.trace(1), Ref("dz", 1))
    assert explanation_text(explanation) == (
        "δ₂[1] = ∂L/∂a · ∂a/∂z   (upstream × slope, ∂a/∂z = a·(1 − a))\n  δ₂[1] = 0.741365 × 0.186816 = 0.138499"
    )
    assert explanation_text(explanation, 2, ascii_only=True) == (
        "delta2[1] = dL/da * da/dz   (upstream * slope, da/dz = a*(1 - a))\n  delta2[1] = 0.74 * 0.19 = 0.14"
    )


def test_all_digits_are_written_on_request() -> None:
    run = Run.start(open_experiment("mazur"))
    explanation = explain(run.engine, run.trace(1), Ref("a", 0))
    assert line_text(explanation.lines[0], None) == "sigmoid(0.3775) = 0.5932699921071872"
