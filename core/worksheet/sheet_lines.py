"""The lines with which a sheet computes a number, and the blanks in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.expression.equations import Equation, Listed, Marked
from nn_tui.core.expression.explanation import Explanation, Kind, Line, Term, sum_lines
from nn_tui.core.expression.nodes import Node, Num, Words, symbol_of
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message

_MEANING_OF_T = Line("remark", Words(message("t is the number of the update.")))
_LEFT_OUT: tuple[Kind, ...] = ("remark", "slope", "rule", "chain", "rate")


def formula_lines(explanation: Explanation) -> tuple[Line, ...]:
    """Return the formula, and the remarks that are true for all units and samples."""
    remarks = [line for line in explanation.lines if line.kind == "remark"]
    rates = [line for line in explanation.lines if line.kind == "rate"]
    # The label of the formula of a term names its output and its sample.
    formula = explanation.formula if explanation.ref.quantity != "term" else replace(explanation.formula, label=None)
    meaning = [_MEANING_OF_T] if explanation.ref.key.is_from_update else []
    return (formula, *meaning, *rates, *remarks)


def computation(engine: Engine, trace: Trace, ref: Ref) -> tuple[Line, ...]:
    """Return the lines that compute a number, the last with the result; a sum is one line without labels."""
    explanation = explain(engine, trace, ref)
    if ref.quantity == "loss" and trace.terms.size == 1 and not trace.penalty:
        return (_with_plain_result(explain(engine, trace, Ref("term")).lines[0], explanation.value),)
    if ref.quantity in ("loss", "dw", "db"):
        terms = [Term(term.node) for term in explanation.terms]
        penalties = [line for line in explanation.lines if line.kind == "penalty"]
        return (*penalties, *sum_lines(symbol_of(ref), terms, Num(explanation.value)))
    lines = tuple(line for line in explanation.lines if line.kind not in _LEFT_OUT)
    return (*lines[:-1], _with_symbol(lines[-1], symbol_of(ref))) if not ref.key.is_from_update else lines


def _with_plain_result(line: Line, value: float | None) -> Line:
    """Return a line with the result without its address."""
    equations = line.body.items if isinstance(line.body, Listed) else (line.body,)
    *others, last = equations
    assert isinstance(last, Equation)
    plain = replace(last, sides=(*last.sides[:-1], Num(value)))
    return replace(line, body=Listed((*others, plain)) if others else plain)


def _with_symbol(line: Line, symbol: Node) -> Line:
    """Return a line whose equation begins with the symbol of the number."""
    body = line.body.items[-1] if isinstance(line.body, Listed) else line.body
    if not isinstance(body, Equation) or symbol in body.sides:
        return line
    named = replace(body, sides=(symbol, *body.sides))
    return replace(line, body=named if body is line.body else Listed((*line.body.children[:-1], named)))


def numbers_in(node: Node) -> Iterator[Num]:
    """Yield every number in a node that is not under a blank, also those inside of a fold and of its label."""
    if isinstance(node, Num):
        yield node
    if isinstance(node, Marked):
        if node.mark == "blank":
            return
        yield from numbers_in(node.node)
        if node.label is not None:
            yield from numbers_in(node.label)
        return
    for child in node.children:
        yield from numbers_in(child)


def rest_of(node: Node) -> Marked | None:
    """Return the fold that joins the smaller terms of a long sum; None if the sum has none."""
    if isinstance(node, Marked):
        return node if node.label is not None else None
    return next(filter(None, map(rest_of, node.children)), None)


def with_blanks(line: Line, hides: Callable[[Num], bool]) -> Line:
    """Return a line with blanks in the places of some numbers; a fold is a blank if one of its numbers is.

    The smaller terms of a long sum are one number; it is a blank only if one of its factors is.
    """
    blanked = _blanked(line, hides)
    assert isinstance(blanked, Line)
    return blanked


def _blanked(node: Node, hides: Callable[[Num], bool]) -> Node:
    if isinstance(node, Num):
        return Marked(node, "blank") if hides(node) else node
    if isinstance(node, Marked):
        is_hidden = any(map(hides, numbers_in(node.node))) or (node.label is None and hides(Num(node.value)))
        return Marked(node, "blank") if is_hidden else node
    if isinstance(node, Listed) and not node.items:
        return node
    return node.with_children([_blanked(child, hides) for child in node.children])


def with_blank_result(line: Line) -> Line:
    """Return a line whose result is a blank, also if it is the only number after the symbol."""
    body = line.body.items[-1] if isinstance(line.body, Listed) else line.body
    if not isinstance(body, Equation):
        return line
    *others, last = body.sides
    if isinstance(last, Marked) and last.mark == "blank":
        return line
    blank = replace(body, sides=(*others, Marked(last, "blank")))
    return replace(line, body=blank if body is line.body else Listed((*line.body.children[:-1], blank)))
