"""Tests of explanations as data: the lines of a sum, and marks at paths."""

from __future__ import annotations

import pytest

from nn_tui.core.expression.equations import Equation, Marked
from nn_tui.core.expression.explanation import (
    BODY,
    MAX_TERMS,
    Explanation,
    Line,
    Term,
    expand_sum,
    mark_explanation,
    sum_lines,
    written_numbers,
)
from nn_tui.core.expression.nodes import Num, Sum, Symbol
from nn_tui.core.refs import Ref

SYMBOL = Symbol("∂L/∂w")


def sum_of(count: int, *, labelled: bool, sample: int = 0) -> Explanation:
    """Return an explanation of 1·2 + 2·2 + …"""
    terms = tuple(
        Term(Num(float(n)) * Num(2.0), label=Symbol(f"sample {n}:") if labelled else None, sample=n - 1)
        for n in range(1, count + 1)
    )
    value = float(count * (count + 1))
    lines = sum_lines(SYMBOL, terms, Num(value), sample if labelled else -1)
    return Explanation(Ref("dw", sample=sample), Line("formula", Equation((SYMBOL,))), lines, value, terms)


def test_a_sum_without_labels_is_one_line() -> None:
    (line,) = sum_of(3, labelled=False).lines
    assert isinstance(line.body, Equation)
    symbol, body, result = line.body.sides
    assert (line.kind, symbol, body.value, result.value) == ("sum", SYMBOL, 12.0, 12.0)


def test_a_sum_with_labels_has_a_line_for_each_term_and_one_for_the_total() -> None:
    lines = sum_of(3, labelled=True).lines
    assert [line.kind for line in lines] == ["sample", "sample", "sample", "total"]
    assert [line.value for line in lines] == [2.0, 4.0, 6.0, 12.0]
    assert [line.sample for line in lines] == [0, 1, 2, None]


@pytest.mark.parametrize("labelled", [False, True])
def test_the_largest_terms_are_written_and_the_rest_is_one_number(labelled: bool) -> None:
    explanation = sum_of(30, labelled=labelled)
    shown = [number.value for _, number in written_numbers(explanation)]
    assert [value for value in shown if value != 2.0][:MAX_TERMS] != []
    if labelled:
        rest = next(line for line in explanation.lines if line.kind == "rest")
        assert [line.sample for line in explanation.lines[:2]] == [0, 19], "the selected sample is always written"
        assert rest.value == sum(2.0 * n for n in range(2, 20))
        assert sum(line.value or 0.0 for line in explanation.lines[:-1]) == explanation.value
    else:
        (line,) = explanation.lines
        assert isinstance(line.body, Equation) and isinstance(line.body.sides[1], Sum)
        assert len(line.body.sides[1].terms) == MAX_TERMS + 1
        assert line.body.sides[1].value == explanation.value


@pytest.mark.parametrize("labelled", [False, True])
def test_a_sum_can_be_expanded(labelled: bool) -> None:
    explanation = sum_of(30, labelled=labelled, sample=4)
    expanded = expand_sum(explanation, 25)
    assert len(list(written_numbers(expanded))) > len(list(written_numbers(explanation)))
    whole = expand_sum(explanation, 30)
    assert not any(line.kind == "rest" for line in whole.lines)
    assert whole.lines[-1].value == explanation.value
    small = sum_of(3, labelled=labelled)
    assert expand_sum(small, 1) is small


def test_terms_that_are_still_to_come_have_no_total() -> None:
    terms = [Term(Num(None, Ref("dz", sample=n)), label=Symbol("sample:"), sample=n) for n in range(20)]
    lines = sum_lines(SYMBOL, terms, Num(None))
    assert [line.kind for line in lines] == ["sample"] * MAX_TERMS + ["rest", "total"]
    assert all(line.value is None for line in lines)


def test_a_node_is_marked_by_its_path() -> None:
    explanation = sum_of(3, labelled=True)
    marked = mark_explanation(explanation, (2, BODY, 0, 1), "blank")
    body = marked.lines[1].body
    assert body.children[0].children[1] == Marked(Num(2.0), "blank")
    assert marked.lines[0] == explanation.lines[0] and marked.lines[2] == explanation.lines[2]
    assert mark_explanation(explanation, (0, BODY), "fold").formula.body == Marked(explanation.formula.body, "fold")
    with pytest.raises(IndexError):
        mark_explanation(explanation, (9, BODY), "blank")
