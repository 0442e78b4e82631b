"""Tests of expressions: operators build trees, and a tree knows its value and its status."""

from __future__ import annotations

import math

import pytest

from nn_tui.core.expression.functions import Apply, absolute, exp, ln, sqrt
from nn_tui.core.expression.nodes import (
    Negative,
    Node,
    Num,
    Product,
    Quotient,
    Sum,
    SumOver,
    Symbol,
    Words,
    literal,
)
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message

A, B, C = Num(3.0), Num(-2.0), Num(0.5)
PENDING = Num(None, Ref("z"))


def test_operators_build_flat_sums_and_products() -> None:
    assert Sum((A, B, Negative(C))) == A + B - C
    assert Product((A, B, C)) == A * B * C
    assert Quotient(Quotient(A, B), C) == A / B / C
    assert Sum((literal(1), Negative(A))) == 1 - A
    assert Sum((A, Sum((B, C)))) == A + (B + C)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (A + B - C, 0.5),
        (A * B * C, -3.0),
        (A / B, -1.5),
        (2 / C, 4.0),
        (B**2, 4.0),
        (-A, -3.0),
        (sqrt(Num(2.25)), 1.5),
        (exp(literal(0)), 1.0),
        (ln(exp(A)), 3.0),
        (absolute(B), 2.0),
        (Apply("max", (A, B)), 3.0),
        (Apply("floor", (Num(2.7),)), 2.0),
        (Apply("double", (A,), lambda x: 2 * x), 6.0),
        (Symbol("π", math.pi) * A, 3 * math.pi),
        (A / literal(0), math.inf),
        (exp(literal(1e9)), math.inf),
    ],
)
def test_a_tree_computes_its_value(node: Node, value: float) -> None:
    assert node.value == pytest.approx(value, rel=1e-15)


def test_zero_divided_by_zero_is_no_number() -> None:
    quotient = literal(0) / literal(0)
    assert quotient.value is not None and math.isnan(quotient.value)


@pytest.mark.parametrize(
    "node",
    [A + PENDING, PENDING * 2, A / PENDING, -PENDING, PENDING**2, sqrt(PENDING), A + Symbol("x"), SumOver("k", A)],
)
def test_a_tree_with_a_number_to_come_or_a_symbol_has_no_value(node: Node) -> None:
    assert node.value is None and node.status == "pending"


def test_a_tree_is_given_if_all_its_numbers_are() -> None:
    given = Num(2.0, Ref("w"), is_given=True)
    assert (given.status, A.status, PENDING.status) == ("given", "known", "pending")
    assert (given * literal(3)).status == "given"
    assert (given * A).status == "known"
    assert (given * PENDING).status == "pending"


def test_the_children_of_a_node_can_be_replaced() -> None:
    assert (A * B + C).children == (A * B, C)
    assert (A / B).with_children((C, A)) == C / A
    words = Words(message("{first} of {second} in {place}", first=A, second=B, place=1))
    assert words.children == (A, B)
    assert words.with_children((B, C)).children == (B, C)
    named = Num(1.0, symbol=Symbol("a") + Symbol("b"))
    assert named.children == () and named.with_children(()) == named
