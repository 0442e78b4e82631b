"""Hints for a question: the parts of the computation, one after the other, but not its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.parts import same_unit
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.equations import Equation, Listed
from nn_tui.core.expression.explanation import Explanation, Line, written_numbers
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import Derivative, Negative, Node, Num, Symbol, symbol_of
from nn_tui.core.practice.rounding import answer_text
from nn_tui.core.refs import Ref

MAX_HINTS = 12


def hints(engine: Engine, trace: Trace, ref: Ref, digits: int, *, has_formula: bool = True) -> tuple[str, ...]:
    """Return the hints for the number at an address, as text.

    A sum is unfolded term by term, a product factor by factor, and an update rule by rule.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.
        digits: The significant digits of the numbers.
        has_formula: Whether the person sees the formula; otherwise it is the first hint.
    """
    explanation = explain(engine, trace, ref)
    result = answer_text(explanation.value or 0.0, digits)
    found = [] if has_formula else [line_text(explanation.formula, digits)]
    for line in _parts(engine, trace, explanation):
        value = line.value
        # A part that has the value of the result would give it away.
        if value is not None and answer_text(value, digits).lstrip("-") != result.lstrip("-"):
            found.append(line_text(line, digits))
    return tuple(dict.fromkeys(found))[:MAX_HINTS]


def _parts(engine: Engine, trace: Trace, explanation: Explanation) -> Iterator[Line]:
    """Yield the parts of a computation as equations with their values."""
    if explanation.ref.key.is_from_update:
        yield from (line for line in explanation.lines if line.kind in ("rate", "state", "step"))
    elif explanation.ref.quantity == "loss":
        for line in explanation.lines:
            if line.kind in ("loss_of_sample", "penalty"):
                items = line.body.items if isinstance(line.body, Listed) else (line.body,)
                yield from (Line("numbers", item, line.label) for item in items if isinstance(item, Equation))
    elif len(explanation.terms) > 1:
        terms = (term for term in explanation.terms if not isinstance(term.node, Num))
        yield from (Line("numbers", Equation((term.node, Num(term.node.value))), term.label) for term in terms)
    else:
        inner = [
            part for line in explanation.lines if line.kind in ("value", "sum") for part in _inner_parts(line.body)
        ]
        yield from inner
        if not inner:
            yield from _sources(engine, trace, explanation)


def _inner_parts(node: Node) -> Iterator[Line]:
    """Yield the expressions in a formula of one number, the innermost first; not the formula itself."""
    if isinstance(node, Equation):
        for side in node.sides:
            if not isinstance(side, Symbol):
                yield from _inner_parts(side)
        return
    if isinstance(node, Apply) and node.definition is not None:
        node = node.definition(*node.arguments)
    for child in node.children:
        yield from _inner_parts(child)
        if child.children and child.value is not None and not isinstance(child, Negative | Equation):
            yield Line("numbers", Equation((child, Num(child.value))))


def _sources(engine: Engine, trace: Trace, explanation: Explanation) -> Iterator[Line]:
    """Yield how each number in a formula was computed."""
    numbers = (number.ref for _, number in written_numbers(explanation))
    skipped = (explanation.ref, same_unit(explanation.ref, "slope") if explanation.ref.quantity == "a" else None)
    for source in dict.fromkeys(ref for ref in numbers if ref is not None and ref not in skipped):
        inner = explain(engine, trace, source)
        lines = [line for line in inner.lines if line.value == inner.value and isinstance(line.body, Equation)]
        for line in lines[-1:]:
            assert isinstance(line.body, Equation)
            is_named = isinstance(line.body.sides[0], Symbol | Derivative)
            yield line if is_named else replace(line, body=Equation((symbol_of(source), *line.body.sides)))
