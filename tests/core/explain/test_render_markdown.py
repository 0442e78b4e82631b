"""Tests of explanations as Markdown."""

from __future__ import annotations

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_markdown import explanation_markdown
from nn_tui.core.expression.explanation import BODY, Explanation, mark_explanation
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run


def gradient() -> Explanation:
    run = Run.start(open_experiment("mazur"))
    return explain(run.engine, run.trace(1), Ref("dw", 1))


def test_an_explanation_is_a_paragraph_and_a_list() -> None:
    assert explanation_markdown(gradient()) == (
        "∂L/∂w₂\\[1,1\\] = δ₂\\[1\\]·a₁\\[1\\]\n"
        "\n"
        "- ∂L/∂a · ∂a/∂z · ∂z/∂w = 0.741365 × 0.186816 × 0.59327 = 0.082167\n"
        "- ∂L/∂w₂\\[1,1\\] = 0.138499 × 0.59327 = 0.082167\n"
    )


def test_a_blank_is_a_gap_and_a_highlight_is_bold() -> None:
    marked = mark_explanation(mark_explanation(gradient(), (2, BODY, 1), "highlight"), (2, BODY, 2), "blank")
    line = explanation_markdown(marked).splitlines()[3]
    assert line == "- ∂L/∂w₂\\[1,1\\] = **0.138499 × 0.59327** = \\_\\_\\_\\_"
