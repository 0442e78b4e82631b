"""Tests of equations, cases and marks, and of the formula behind a computation."""

from __future__ import annotations

import pytest

from nn_tui.core.expression.equations import (
    UNKNOWN,
    Cases,
    Equation,
    Marked,
    WithDefinition,
    definition,
    equation,
    fold,
    is_formula,
    mark_node,
    to_symbols,
    written_nodes,
)
from nn_tui.core.expression.functions import sqrt
from nn_tui.core.expression.nodes import Num, Symbol, literal, symbol_of
from nn_tui.core.refs import Ref

ETA, G = Num(0.5, symbol=Symbol("η")), Num(-2.0, Ref("dw"))
DELTA = Num(1.0, symbol=Symbol("Δ"))


def test_a_definition_has_the_formula_and_the_numbers() -> None:
    made = definition(DELTA, -ETA * G)
    formula = -Symbol("η") * symbol_of(Ref("dw"))
    assert made == Equation((Symbol("Δ"), formula, -ETA * G, DELTA))
    assert made.value == 1.0
    assert [is_formula(side) for side in made.sides] == [True, True, False, False]


def test_a_result_that_is_still_to_come_is_a_question_mark() -> None:
    assert equation(Symbol("a"), G, Num(None)) == Equation((Symbol("a"), G, UNKNOWN))
    assert equation(Num(None, Ref("z"))) == Equation((Num(None, Ref("z")),))


def test_a_number_is_not_repeated_as_its_result() -> None:
    assert equation(Symbol("a"), G, Num(-2.0)) == Equation((Symbol("a"), G))
    assert equation(Symbol("a"), fold(G + G), Num(-4.0)) == Equation((Symbol("a"), fold(G + G)))
    assert len(equation(Symbol("a"), G, Num(-2.5)).sides) == 3
    assert len(equation(G, Num(-2.0)).sides) == 2


def test_the_formula_has_no_marks_and_keeps_numbers_without_a_symbol() -> None:
    node = fold(sqrt(ETA) + literal(1e-8, Symbol("ε"))) * Marked(literal(2), "blank")
    assert to_symbols(node) == (sqrt(Symbol("η")) + Symbol("ε")) * literal(2)


@pytest.mark.parametrize(("z", "value"), [(2.0, 4.0), (-2.0, 0.5), (0.0, 0.5)])
def test_cases_have_the_value_of_the_case_that_applies(z: float, value: float) -> None:
    node = Cases(2 * Num(z), Equation((Num(z), literal(0)), ">"), literal(0.5))
    assert node.value == value
    assert WithDefinition(node, Equation((Symbol("z"), Num(z)))).value == value


def test_cases_without_a_value_are_still_to_come() -> None:
    assert Cases(literal(1), Equation((Num(None), literal(0)), "<"), literal(0)).status == "pending"


def test_a_mark_changes_neither_value_nor_paths() -> None:
    node = ETA * G + DELTA
    folded = mark_node(node, (0,), "fold")
    both = mark_node(folded, (0, 1), "highlight")
    assert folded.value == both.value == node.value
    assert both.children[0].children == (ETA, Marked(G, "highlight"))
    assert mark_node(node, (), "blank") == Marked(node, "blank")
    with pytest.raises(IndexError):
        mark_node(node, (0, 2), "blank")


def test_the_parts_of_folds_and_blanks_are_not_written() -> None:
    node = ETA * G + DELTA
    assert [path for path, _ in written_nodes(node)] == [(), (0,), (0, 0), (0, 1), (1,)]
    for mark in ("fold", "blank"):
        hidden = mark_node(node, (0,), "fold" if mark == "fold" else "blank")
        assert [path for path, _ in written_nodes(hidden)] == [(), (0,), (1,)]
    open_fold = fold(ETA * Num(None))
    assert [path for path, _ in written_nodes(open_fold)] == [(), (0,), (1,)], "without a value its parts are written"
