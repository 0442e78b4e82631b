"""Tests of tokens: brackets follow from the tree, and the text of an expression has its value."""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import assume, given

from nn_tui.core.explain.notation import ASCII, UNICODE
from nn_tui.core.explain.render_text import node_text, number_text
from nn_tui.core.explain.token_writer import line_tokens, node_tokens
from nn_tui.core.expression.equations import (
    Cases,
    Equation,
    Listed,
    WithDefinition,
    fold,
    mark_node,
    written_nodes,
)
from nn_tui.core.expression.explanation import BODY, LABEL, NOTE, Line
from nn_tui.core.expression.functions import Apply, absolute, exp, sqrt
from nn_tui.core.expression.nodes import (
    Derivative,
    Node,
    Num,
    Product,
    SumOver,
    Symbol,
    Words,
    literal,
)
from nn_tui.core.nn.symbols import symbol
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message
from tests._trees import TREES

A, Y, Z, G = (Symbol(letter) for letter in "ayzg")


@given(TREES)
def test_the_text_of_a_computation_has_its_value(tree: Node) -> None:
    text = node_text(tree, None).replace("−", "-").replace("×", "*")
    plain = "".join(f"**{unicodedata.normalize('NFKC', char)}" if char in "⁰¹²³" else char for char in text)
    assume(all(node.value is not None and math.isfinite(node.value) for _, node in written_nodes(tree)))
    assert "--" not in plain.replace(" ", "") and "*-" not in plain.replace(" ", "")
    assert eval(plain) == pytest.approx(tree.value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ((A - Y) * (literal(1) / literal(4)), "(a − y)·1/4"),
        (Num(-1.0) * (literal(1) / literal(4)), "−1 × 1/4"),
        (1 / (1 + exp(-Z)), "1 / (1 + e^−z)"),
        (exp(Z) ** 2 * sqrt(Z) ** 2, "(e^z)²·(√z)²"),
        (exp(symbol("zᵢ")) / SumOver("k", exp(symbol("zₖ"))), "e^zᵢ / Σₖ e^zₖ"),
        (-SumOver("k", symbol("yₖ") * absolute(symbol("aₖ"))), "−Σₖ yₖ·|aₖ|"),
        (Symbol("½") * SumOver("k", (A - Y) ** 2), "½ Σₖ (a − y)²"),
        (
            SumOver("j", Symbol("w", indices=("1", "j")) * Symbol("x", indices=("j",))) + Symbol("b"),
            "Σⱼ w[1,j]·x[j] + b",
        ),
        (Product((Derivative(Symbol("L"), A), Derivative(A, Z))), "∂L/∂a · ∂a/∂z"),
        (-Symbol("η") * G / (sqrt(symbol("s′")) + Symbol("ε")), "−η·g / (√s′ + ε)"),
        (Symbol("γ") ** Apply("floor", (Symbol("t") / Symbol("s"),)), "γ^⌊t/s⌋"),
        (symbol("β₁") ** Symbol("t"), "β₁ᵗ"),
        (Cases(Z, Equation((Z, literal(0)), ">"), exp(Z) - 1), "z if z > 0, else e^z − 1"),
        (WithDefinition(Z * Symbol("s"), Equation((Symbol("s"), G))), "z·s, s = g"),
        (Apply("sigmoid", (Num(-0.5),)), "sigmoid(−0.5)"),
        (Num(-2.0) ** 2, "(−2)²"),
        (Num(None, Ref("dz", 1)) * Num(2.0), "δ₂[1] × 2"),
        (Listed((Equation((A, Num(1.0))), Equation((Y, Num(0.0)))), "values"), "a = 1, y = 0"),
        (literal(1e-8), "1e-08"),
    ],
)
def test_formulas_read_as_in_a_book(node: Node, text: str) -> None:
    assert node_text(node) == text
    assert node_text(node, ascii_only=True).isascii()


def test_a_fold_is_one_number_and_a_blank_is_none() -> None:
    node = fold(Num(1.0) + Num(2.0)) * Num(4.0)
    assert node_text(node) == "3 × 4"
    assert node_text(mark_node(node, (1,), "blank")) == "3 × ____"
    assert node_text(fold(Num(None, Ref("a")) + Num(2.0)) * Num(4.0)) == "(a₁[1] + 2) × 4"
    label = Words(message("both: {sum}", sum=Num(3.0)))
    assert node_text(fold(Num(1.0) + Num(2.0), label) + Num(4.0)) == "both: 3 + 4"


def test_tokens_of_a_highlighted_node_are_highlighted() -> None:
    node = mark_node(Num(5.0) - Num(2.0) * Num(3.0), (1,), "highlight")
    tokens = node_tokens(node, number_text())
    assert "".join(token.text for token in tokens) == "5 − 2 × 3"
    assert "".join(token.text for token in tokens if token.is_highlighted) == " − 2 × 3"


def test_numbers_in_words_and_notes_have_paths() -> None:
    words = Words(message("{a} of {b}", a=Num(1.0), b=Num(2.0)))
    line = Line("remark", words, Words(message("label {n}:", n=7)), Num(3.0))
    tokens = line_tokens(line, number_text(), UNICODE, (4,))
    assert "".join(token.text for token in tokens) == "label 7: 1 of 2   (3)"
    numbers = {token.text: token.path for token in tokens if token.kind == "number"}
    assert numbers == {"1": (4, BODY, 0), "2": (4, BODY, 1), "3": (4, NOTE)}
    assert tokens[0].path == (4, LABEL)


def test_ascii_spells_the_signs() -> None:
    node = Equation((Symbol("Δ"), -Symbol("η") * G**2, Num(-2.0) * Num(-3.0)))
    text = "".join(token.text for token in node_tokens(node, number_text(), ASCII))
    assert text == "step = -eta*g^2 = -2 * (-3)"
