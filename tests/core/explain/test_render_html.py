"""Tests of explanations as HTML: the text has the value of the tree, the markup is complete, all text is escaped."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_html import explanation_html, node_html
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.expression.equations import mark_node, written_nodes
from nn_tui.core.expression.functions import Apply, exp, sqrt
from nn_tui.core.expression.nodes import Node, Num, Quotient, SumOver, Symbol, Words, literal
from nn_tui.core.nn.symbols import Y_HAT, symbol
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message
from tests._trees import TREES

Z = Symbol("z")


def html(node: Node) -> str:
    return node_html(node, number_text())


@given(TREES)
def test_the_text_of_a_computation_has_its_value(tree: Node) -> None:
    assume(all(node.value is not None and math.isfinite(node.value) for _, node in written_nodes(tree)))
    text = (
        node_html(tree, number_text(None))
        .replace("−", "-")
        .replace("×", "*")
        .replace("<sup>", "**(")
        .replace("</sup>", ")")
    )
    plain = re.sub(r"</?strong>", "", text)
    assert eval(plain) == pytest.approx(tree.value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Symbol("w", subscript="2", indices=("1", "3"), is_primed=True), "<i>w</i>′<sub>2</sub>[1,3]"),
        (Y_HAT - Symbol("y"), "<i>ŷ</i> − <i>y</i>"),
        (1 / (1 + exp(-Z)), "1 / (1 + <i>e</i><sup>−<i>z</i></sup>)"),
        (SumOver("k", exp(symbol("zₖ"))), "Σ<sub>k</sub> <i>e</i><sup><i>z</i><sub>k</sub></sup>"),
        (Num(-2.0) ** 2, "(−2)<sup>2</sup>"),
        (Apply("sigmoid", (Num(0.5),)), "sigmoid(0.5)"),
        (mark_node(Num(1.0) * Num(2.0), (1,), "blank"), '1 × <span class="blank">__________</span>'),
        (mark_node(Num(1.0) * Num(2.0), (1,), "highlight"), "1 × <strong>2</strong>"),
        (Words(message("{name}: {value}", name='<b>"&', value=literal(3))), "&lt;b&gt;&quot;&amp;: 3"),
    ],
)
def test_formulas_read_as_in_a_book(node: Node, text: str) -> None:
    assert html(node) == text


def test_a_root_has_a_bar_over_all_of_its_radicand() -> None:
    root = ElementTree.fromstring(f"<p>{html(Quotient(Num(1.0), sqrt(Z + 1)))}</p>").find("span")
    assert root is not None and "".join(root.itertext()) == "z + 1" and root.get("class") == "root"


@pytest.mark.parametrize("preset", ["ravine-adam", "iris", "xor-perceptron"])
def test_every_explanation_is_complete_markup(preset: str) -> None:
    run = Run.start(open_experiment(preset))
    trace = run.trace(1)
    last = len(trace.z) - 1
    for ref in (Ref("z"), Ref("a", last), Ref("loss"), Ref("term"), Ref("da", last), Ref("dz", last), Ref("dw"),
                QuantityKey("w", after=True).at(0)):  # fmt: skip
        markup = explanation_html(explain(run.engine, trace, ref)).replace("&ensp;", " ")
        ElementTree.fromstring(f"<div>{markup}</div>")
