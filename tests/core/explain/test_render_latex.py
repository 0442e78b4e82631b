"""Tests of explanations as LaTeX: the text has the value of the tree, and all text is escaped."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_latex import explanation_latex, node_latex
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.expression.equations import Equation, Listed, mark_node, written_nodes
from nn_tui.core.expression.functions import Apply, exp, sqrt
from nn_tui.core.expression.nodes import Node, Num, SumOver, Symbol, Words, literal
from nn_tui.core.nn.symbols import Y_HAT, symbol
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message
from tests._trees import TREES

Z = Symbol("z")


def latex(node: Node) -> str:
    return node_latex(node, number_text())


@given(TREES)
def test_the_text_of_a_computation_has_its_value(tree: Node) -> None:
    assume(all(node.value is not None and math.isfinite(node.value) for _, node in written_nodes(tree)))
    text = (
        node_latex(tree, number_text(None))
        .strip("$")
        .replace(r"\mathbf", "")
        .replace(r"\times ", "*")
        .replace("^{", "**{")
    )
    plain = text.replace(r"\frac", "").replace("}{", ")/(").replace("{", "(").replace("}", ")")
    assert eval(plain) == pytest.approx(tree.value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Symbol("w", subscript="2", indices=("1", "3"), is_primed=True), "$w'_{2}[1,3]$"),
        (Y_HAT - Symbol("y"), r"$\hat{y} - y$"),
        (1 / (1 + exp(-Z)), r"$\frac{1}{1 + e^{-z}}$"),
        (sqrt(Z + 1), r"$\sqrt{z + 1}$"),
        (SumOver("k", exp(symbol("zₖ"))), r"$\sum _{k} e^{z_{k}}$"),
        (Apply("leaky_relu", (Num(-0.5),)), r"$\mathrm{leaky\_relu}(-0.5)$"),
        (Equation((Z, Num(3.5e-5))), r"$z = 3.5\mathrm{e}{-05}$"),
        (Listed((Equation((Z, Num(1.0))), Equation((Z, Num(2.0))))), r"$z = 1;  \quad z = 2$"),
        (mark_node(Num(1.0) * Num(2.0), (1,), "blank"), r"$1 \times  \underline{\hspace{4em}}$"),
        (mark_node(Num(1.0) * Num(2.0), (1,), "highlight"), r"$1 \times  \mathbf{2}$"),
        (
            Words(message("{name}: {value} of η", name=r"50% & \a_b^{$#~", value=literal(3))),
            r"50\% \& \textbackslash{}a\_b\textasciicircum{}\{\$\#\textasciitilde{}: $3$ of $\eta$",
        ),
        (1 / Words(message("sum")), r"$\frac{1}{\mbox{sum}}$"),
    ],
)
def test_formulas_read_as_in_a_book(node: Node, text: str) -> None:
    assert latex(node) == text


@pytest.mark.parametrize("preset", ["ravine-adam", "iris", "xor-perceptron"])
def test_every_explanation_has_pairs_of_signs_and_is_ascii(preset: str) -> None:
    run = Run.start(open_experiment(preset))
    trace = run.trace(1)
    last = len(trace.z) - 1
    for ref in (Ref("z"), Ref("a", last), Ref("loss"), Ref("term"), Ref("da", last), Ref("dz", last), Ref("dw"),
                QuantityKey("w", after=True).at(0)):  # fmt: skip
        text = explanation_latex(explain(run.engine, trace, ref))
        assert text.isascii(), text
        bare = re.sub(r"\\[{}$]", "", text)
        assert bare.count("{") == bare.count("}") and bare.count("$") % 2 == 0
