"""An explanation of one number: its formula, and named lines with the numbers of a pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from nn_tui.core.expression.equations import Equation, Listed, Mark, equation, fold, mark_node, written_nodes
from nn_tui.core.expression.nodes import Node, Num, Product, Sum, Words
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message, message_plural

MAX_TERMS = 12  # terms of a sum that are written out; the rest are joined to one number
Kind = Literal[
    "formula",  # how the number is computed, in symbols
    "value",  # the number alone, or its computation in one line
    "numbers",  # a number from which it is computed
    "sum",  # a sum in one line
    "sample", "penalty_term", "rest", "total",  # a sum with a line for each term
    "loss_of_sample", "penalty", "chain", "upstream", "slope", "rate", "state", "step", "new_value", "rule",
    "remark",  # words alone
]  # fmt: skip
TERM_KINDS: tuple[Kind, ...] = ("sample", "penalty_term", "rest")
SUM_KINDS: tuple[Kind, ...] = ("sum", *TERM_KINDS, "total")
LABEL, BODY, NOTE = range(3)  # indices of a line's parts in a path


@dataclass(frozen=True, slots=True)
class Line(Node):
    """One line of an explanation. Its parts are the label, the body and the note.

    Attributes:
        kind: What the line shows.
        body: An equation, several of them, or words.
        label: The text before the body, such as "sample 2:"; None for nothing.
        note: A remark after the body, in brackets; None for no remark.
        sample: The sample to which the line belongs, from 0; None if it belongs to none.
    """

    kind: Kind
    body: Node
    label: Node | None = None
    note: Node | None = None
    sample: int | None = None

    @property
    def children(self) -> tuple[Node, ...]:
        """The label, the body and the note; an empty list in place of a part that is missing."""
        return (self.label or Listed(()), self.body, self.note or Listed(()))

    def with_children(self, children: Sequence[Node]) -> Line:
        """Return the line with other parts."""
        label, body, note = children
        return replace(self, label=self.label and label, body=body, note=self.note and note)

    @property
    def value(self) -> float | None:
        """The last result in the line."""
        body = self.body.items[-1] if isinstance(self.body, Listed) else self.body
        return body.value


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a sum, and what its line shows.

    Attributes:
        node: The term.
        kind: The kind of its line.
        label: The label of its line; None for a term of a sum in one line.
        sample: The sample to which it belongs; None if it belongs to none.
    """

    node: Node
    kind: Kind = "sample"
    label: Node | None = None
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The computation of one number.

    Attributes:
        ref: The address of the number.
        formula: The computation in symbols.
        lines: The computation with the numbers of this pass. The lines of a sum follow each other.
        value: The number; None if it is still to come.
        terms: Terms that add up to the number; empty if the operation is not a sum.
    """

    ref: Ref
    formula: Line
    lines: tuple[Line, ...]
    value: float | None
    terms: tuple[Term, ...] = ()

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """The formula and the lines; a path in an explanation begins with the index of one of them."""
        return (self.formula, *self.lines)


def mark_explanation(explanation: Explanation, path: Sequence[int], mark: Mark) -> Explanation:
    """Return the explanation with a mark on one node.

    Args:
        explanation: The explanation.
        path: The index of the line (0 is the formula), of the part of the line (``LABEL``, ``BODY`` or ``NOTE``), and
            then of children.
        mark: The mark.

    Raises:
        IndexError: There is no such node.
    """
    lines = list(explanation.all_lines)
    marked = mark_node(lines[path[0]], path[1:], mark)
    assert isinstance(marked, Line)
    lines[path[0]] = marked
    return replace(explanation, formula=lines[0], lines=tuple(lines[1:]))


def written_numbers(explanation: Explanation) -> Iterator[tuple[tuple[int, ...], Num]]:
    """Yield each number that the lines write, with its path, in the order in which English writes them."""
    for index, line in enumerate(explanation.lines, 1):
        for path, node in written_nodes(line, (index,)):
            if isinstance(node, Num):
                yield path, node


def expand_sum(explanation: Explanation, max_terms: int, *, with_symbols: bool = False) -> Explanation:
    """Return the explanation with up to ``max_terms`` terms of its sum written out.

    Args:
        explanation: The explanation.
        max_terms: The number of terms.
        with_symbols: Whether to write out terms of symbols, too, which are the same for all samples.
    """
    places = [index for index, line in enumerate(explanation.lines) if line.kind in SUM_KINDS]
    is_short = len(explanation.terms) <= MAX_TERMS
    if not places or (is_short and not (with_symbols and any(line.kind == "rest" for line in explanation.lines))):
        return explanation
    before, after = explanation.lines[: places[0]], explanation.lines[places[-1] + 1 :]
    result = next(line for line in reversed(explanation.lines) if line.kind in ("sum", "total"))
    assert isinstance(result.body, Equation)
    symbol, value = result.body.sides[0], Num(explanation.value)
    required = explanation.ref.sample if result.kind == "total" else -1
    lines = sum_lines(symbol, explanation.terms, value, -1 if with_symbols else required, max_terms)
    return replace(explanation, lines=(*before, *lines, *after))


def sum_lines(
    symbol: Node, terms: Sequence[Term], result: Num, required: int = -1, max_terms: int = MAX_TERMS
) -> tuple[Line, ...]:
    """Write a sum: one line per term and one for the total if the terms have labels, otherwise a single line.

    Args:
        symbol: The symbol of the sum.
        terms: The terms.
        result: The sum.
        required: The sample whose term is written out even if it is small; -1 for none.
        max_terms: The number of terms to write out: the largest, in their order. The others are added to one number.
    """
    if result.value is None and required >= 0 and any(term.node.value is None for term in terms):
        max_terms = 1  # the symbols of all samples are the same
    sizes = [inf if term.node.value is None else abs(term.node.value) for term in terms]
    order = sorted(range(len(terms)), key=lambda index: (index != required, -sizes[index]))
    shown = [terms[index] for index in sorted(order[:max_terms])]
    rest = Sum(tuple(terms[index].node for index in order[max_terms:]))
    if any(term.label is not None for term in terms):
        lines = [_term_line(term, result.value is not None) for term in shown]
        if rest.terms:
            lines.append(Line("rest", _rest_node(rest)))
        return (*lines, Line("total", equation(symbol, Words(message("sum")), result)))
    nodes = [term.node for term in shown]
    if rest.terms:
        nodes.append(_rest_node(rest))
    body = Sum(tuple(nodes)) if len(nodes) > 1 else nodes[0]
    return (Line("sum", equation(symbol, body, result)),)


def _term_line(term: Term, with_result: bool) -> Line:
    """Return the line of one term, with the result of a product."""
    body = term.node
    if with_result and isinstance(body, Product):
        body = Equation((body, Num(body.value)))
    return Line(term.kind, body, term.label, sample=term.sample)


def _rest_node(rest: Sum) -> Node:
    """Return the smaller terms as one number, or their count if some are still to come."""
    count = len(rest.terms)
    if rest.value is None:
        return Words(message_plural("{count:,} more term", "{count:,} more terms", count))
    total = Num(rest.value)
    words = message_plural(
        "{count:,} smaller term: {total}", "{count:,} smaller terms together: {total}", count, total=total
    )
    return fold(rest, Words(words))
