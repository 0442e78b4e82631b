"""Equations, cases, lists of nodes, and marks around the expressions of an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nn_tui.core.expression.nodes import (
    Derivative,
    Negative,
    Node,
    Num,
    Product,
    Status,
    SumOver,
    Symbol,
    Words,
    values_of,
)
from nn_tui.core.translation import message

Mark = Literal["blank", "fold", "highlight"]
UNKNOWN = Symbol("?")
"""The result of a computation that is still to come."""


@dataclass(frozen=True, slots=True)
class Equation(Node):
    """Sides that are equal, such as a symbol, a formula, the formula with numbers, and the result.

    Attributes:
        sides: The sides.
        sign: The sign between them; ``">"`` and ``"<"`` for conditions.
    """

    sides: tuple[Node, ...]
    sign: Literal["=", ">", "<"] = "="

    @property
    def value(self) -> float | None:
        """The value of the last side."""
        return self.sides[-1].value


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """``result`` if the condition holds, else ``otherwise``."""

    result: Node
    condition: Equation
    otherwise: Node

    @property
    def condition_holds(self) -> bool | None:
        """Whether the condition holds; None if some of its numbers are still to come."""
        values = values_of(self.condition.sides)
        if values is None:
            return None
        return values[0] > values[1] if self.condition.sign == ">" else values[0] < values[1]

    @property
    def as_words(self) -> Words:
        """The cases as words; their fields are in the order of the children."""
        result, condition, other = self.children
        return Words(message("{result} if {condition}, else {other}", result=result, condition=condition, other=other))

    @property
    def value(self) -> float | None:
        """The value of the case that applies."""
        holds = self.condition_holds
        return None if holds is None else (self.result if holds else self.otherwise).value


@dataclass(frozen=True, slots=True)
class WithDefinition(Node):
    """An expression, and the definition of a short name in it."""

    body: Node
    definition: Equation

    @property
    def value(self) -> float | None:
        """The value of the expression."""
        return self.body.value


@dataclass(frozen=True, slots=True)
class Listed(Node):
    """Several nodes in a row, such as two equations; it has no value.

    Attributes:
        items: The nodes.
        kind: Whether they are equations, or values that stand closer together.
    """

    items: tuple[Node, ...]
    kind: Literal["equations", "values"] = "equations"


@dataclass(frozen=True, slots=True)
class Marked(Node):
    """A node with a mark. Its children are those of the node, so a mark changes no path.

    Attributes:
        node: The node.
        mark: ``"blank"`` hides the node, ``"fold"`` writes its value in place of its parts, ``"highlight"`` shows it.
        label: What a fold shows in place of the bare value.
    """

    node: Node
    mark: Mark
    label: Words | None = None

    @property
    def children(self) -> tuple[Node, ...]:
        """The children of the node."""
        return self.node.children

    def with_children(self, children: Sequence[Node]) -> Marked:
        """Return the same mark on a node with other children."""
        return replace(self, node=self.node.with_children(children))

    @property
    def value(self) -> float | None:
        """The value of the node."""
        return self.node.value

    @property
    def status(self) -> Status:
        """The status of the node."""
        return self.node.status

    @property
    def hides_children(self) -> bool:
        """Whether the parts of the node are not written: behind a blank, or in a fold whose value is known."""
        inner = isinstance(self.node, Marked) and self.node.hides_children
        return inner or self.mark == "blank" or (self.mark == "fold" and self.value is not None)


def fold(node: Node, label: Words | None = None) -> Marked:
    """Return the node as one number."""
    return Marked(node, "fold", label)


def to_symbols(node: Node) -> Node:
    """Return the formula behind a node: symbols in the places of numbers, and no marks."""
    if isinstance(node, Marked):
        return to_symbols(node.node)
    if isinstance(node, Num):
        return node.as_symbol
    return node.with_children([to_symbols(child) for child in node.children])


def is_formula(node: Node) -> bool:
    """Return whether a node contains a symbol without a fixed value."""
    if isinstance(node, Symbol | Derivative):
        return node.value is None
    return any(map(is_formula, node.children))


def equation(*sides: Node) -> Equation:
    """Return sides that are equal, with a question mark in place of a result that is still to come.

    If the last two sides are the same number, the result is left out.
    """
    if len(sides) > 1 and isinstance(sides[-1], Num):
        *others, last = sides
        if last.value is None:
            return Equation((*others, UNKNOWN))
        if len(sides) > 2 and _is_one_number(others[-1]) and others[-1].value == last.value:
            return Equation(tuple(others))
    return Equation(sides)


def without_unknown(node: Node) -> Node:
    """Return a node whose equations end before a result that is still to come, instead of with a question mark."""
    if isinstance(node, Equation) and node.sides[-1] is UNKNOWN:
        return replace(node, sides=node.sides[:-1])
    return node.with_children([without_unknown(child) for child in node.children]) if has_unknown(node) else node


def has_unknown(node: Node) -> bool:
    """Return whether a node contains a result that is still to come."""
    return node is UNKNOWN or any(map(has_unknown, node.children))


def _is_one_number(node: Node) -> bool:
    """Return whether a node is written as one number."""
    return isinstance(node, Num) or (isinstance(node, Marked) and node.mark == "fold" and node.label is None)


def definition(result: Num, body: Node) -> Equation:
    """Return ``symbol = formula = body = result``: the same computation in symbols and with numbers."""
    return equation(result.as_symbol, to_symbols(body), body, result)


def sum_over(index: str, body: Node) -> Node:
    """Return the sum of ``body`` over an index, with a sign, a constant factor or a definition outside of the sum."""
    match body:
        case Negative(operand):
            return -sum_over(index, operand)
        case WithDefinition(inner, named):
            return WithDefinition(sum_over(index, inner), named)
        case Product((first, *others)) if first.value is not None:
            rest = others[0] if len(others) == 1 else Product(tuple(others))
            return first * sum_over(index, rest)
    return SumOver(index, body)


def applicable(node: Node) -> Node:
    """Return the node without cases whose conditions are known: the case that applies is in their place."""
    if isinstance(node, Cases) and node.condition_holds is not None:
        return applicable(node.result if node.condition_holds else node.otherwise)
    return node.with_children([applicable(child) for child in node.children])


def written_nodes(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Yield each node that is written, with its path of indices of children; parts of folds and blanks are not."""
    yield path, node
    if isinstance(node, Marked) and node.hides_children:
        return
    for index, child in enumerate(node.children):
        yield from written_nodes(child, (*path, index))


def mark_node(node: Node, path: Sequence[int], mark: Mark) -> Node:
    """Return the node with a mark on the node at ``path``.

    Raises:
        IndexError: There is no such node.
    """
    if not path:
        return Marked(node, mark)
    children = list(node.children)
    children[path[0]] = mark_node(children[path[0]], path[1:], mark)
    return node.with_children(children)
