"""Expressions as trees: numbers with their addresses, symbols, and the operations that combine them.

Operators build trees, so a formula in code looks like the formula in a book: ``-eta * g / (sqrt(s) + eps)``. A tree
knows its value. If a number in it is still to come, the value is None, and the number is written as its symbol.
:func:`~nn_tui.core.expression.equations.to_symbols` returns the formula behind a tree of numbers.

Renderers such as :mod:`nn_tui.core.explain.render_text` turn a tree into text. They choose signs, brackets and digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Literal

import numpy as np

from nn_tui.core.expression.functions_by_name import compute
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message

Status = Literal["given", "known", "pending"]


@dataclass(frozen=True, slots=True)
class Node:
    """The base class of all nodes. The children of a node are its fields that are nodes, or tuples of nodes."""

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes of which this one consists, in the order of its fields."""
        found: list[Node] = []
        names: tuple[str, ...] = self.__match_args__
        for name in names:
            part = getattr(self, name)
            if isinstance(part, Node):
                found.append(part)
            elif isinstance(part, tuple):
                found += part
        return tuple(found)

    def with_children(self, children: Sequence[Node]) -> Node:
        """Return the same node with other children."""
        new = iter(children)

        def renewed(part: object) -> object:
            if isinstance(part, tuple):
                return tuple(map(renewed, part))
            return next(new) if isinstance(part, Node) else part

        names: tuple[str, ...] = self.__match_args__
        return replace(self, **{name: renewed(getattr(self, name)) for name in names})

    @property
    def value(self) -> float | None:
        """The number, computed from the children; None if some of it is still to come, or is only a symbol."""
        return None

    @property
    def status(self) -> Status:
        """Whether the value is given at the start of a pass, known (computed), or pending (still to come)."""
        if self.value is None:
            return "pending"
        return "given" if self.children and all(child.status == "given" for child in self.children) else "known"

    def __add__(self, other: Node | float) -> Sum:
        terms = self.terms if isinstance(self, Sum) else (self,)
        return Sum((*terms, as_node(other)))

    def __radd__(self, other: float) -> Sum:
        return as_node(other) + self

    def __sub__(self, other: Node | float) -> Sum:
        return self + Negative(as_node(other))

    def __rsub__(self, other: float) -> Sum:
        return as_node(other) - self

    def __mul__(self, other: Node | float) -> Product:
        factors = self.factors if isinstance(self, Product) else (self,)
        return Product((*factors, as_node(other)))

    def __rmul__(self, other: float) -> Product:
        return as_node(other) * self

    def __truediv__(self, other: Node | float) -> Quotient:
        return Quotient(self, as_node(other))

    def __rtruediv__(self, other: float) -> Quotient:
        return as_node(other) / self

    def __pow__(self, other: Node | float) -> Power:
        return Power(self, as_node(other))

    def __neg__(self) -> Negative:
        return Negative(self)


def as_node(operand: Node | float) -> Node:
    """Return a node; a plain number becomes a constant."""
    return operand if isinstance(operand, Node) else literal(operand)


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """A letter with its marks, such as ``aₖ``, ``m̂`` or ``w′₂[1,3]``.

    Attributes:
        letter: The letter, or several as in ``Δw``.
        value: The number that it always means, such as that of π; None if it can be any number.
        subscript: The text below the line, such as ``"2"``, ``"k"``, ``"t+1"`` or ``"max"``.
        indices: The indices in square brackets: ``("1", "3")`` or ``("k",)``.
        is_primed: Whether a prime follows the letter, for the value after the update.
        has_hat: Whether the letter has a hat.
    """

    letter: str
    value: float | None = None
    subscript: str = ""
    indices: tuple[str, ...] = ()
    is_primed: bool = False
    has_hat: bool = False

    @property
    def children(self) -> tuple[Node, ...]:
        """None."""
        return ()

    def with_children(self, children: Sequence[Node]) -> Symbol:
        """Return the symbol."""
        return self


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    """The symbol of the derivative of ``top`` by ``bottom``, such as ∂L/∂a."""

    top: Symbol
    bottom: Symbol

    @property
    def children(self) -> tuple[Node, ...]:
        """None: the derivative is one symbol."""
        return ()

    def with_children(self, children: Sequence[Node]) -> Derivative:
        """Return the derivative."""
        return self


def symbol_of(ref: Ref) -> Symbol | Derivative:
    """Return the symbol of the number at an address, such as ``w₂[1,3]`` or ``∂L/∂b₁[2]``."""
    key, layer = ref.key, str(ref.layer + 1) if ref.has_layer else ""
    indices = tuple(str(index + 1) for index in ref.indices)
    symbol = Symbol(key.letter, subscript=layer, indices=indices, is_primed=key.after)
    return Derivative(Symbol(key.differentiated), symbol) if key.differentiated else symbol


@dataclass(frozen=True, slots=True)
class Num(Node):
    """A number.

    Attributes:
        value: The number; None if it is still to come.
        ref: The address from which it was read; None if it is a constant or was computed for the explanation.
        symbol: The symbol of the number in a formula; None for the symbol of ``ref``.
        is_given: Whether the number is known from the start of the pass.
        is_exact: Whether all its digits are written, as those of an option in a preset.
    """

    value: float | None = field()  # with field(), the property of the base class is no default value
    ref: Ref | None = None
    symbol: Node | None = None
    is_given: bool = False
    is_exact: bool = False

    @property
    def status(self) -> Status:
        """The status of the number."""
        return "pending" if self.value is None else "given" if self.is_given else "known"

    @property
    def children(self) -> tuple[Node, ...]:
        """None: the symbol is another way to write the number."""
        return ()

    def with_children(self, children: Sequence[Node]) -> Num:
        """Return the number."""
        return self

    @property
    def as_symbol(self) -> Node:
        """The symbol of the number in a formula, or the number itself if it has none."""
        if self.symbol is not None:
            return self.symbol
        return self if self.ref is None else symbol_of(self.ref)


def literal(value: float, symbol: Symbol | None = None) -> Num:
    """Return a number that an option or a formula gives; all its digits are written."""
    return Num(float(value), symbol=symbol, is_given=True, is_exact=True)


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Words in the user's language; the fields of the message may be nodes, which are its children."""

    message: Message

    @property
    def children(self) -> tuple[Node, ...]:
        """The fields that are nodes."""
        return tuple(part for part in self.message.fields.values() if isinstance(part, Node))

    def with_children(self, children: Sequence[Node]) -> Words:
        """Return the same message about other nodes."""
        new = iter(children)
        parts = {name: next(new) if isinstance(part, Node) else part for name, part in self.message.fields.items()}
        return Words(replace(self.message, fields=parts))


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """The sum of its terms; a :class:`Negative` term is subtracted."""

    terms: tuple[Node, ...]

    @property
    def value(self) -> float | None:
        """The sum, from the first term to the last."""
        values = values_of(self.terms)
        return None if values is None else float(sum(values))


@dataclass(frozen=True, slots=True)
class Product(Node):
    """The product of its factors."""

    factors: tuple[Node, ...]

    @property
    def value(self) -> float | None:
        """The product, from the first factor to the last."""
        values = values_of(self.factors)
        return None if values is None else float(prod(values))


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """``top`` divided by ``bottom``."""

    top: Node
    bottom: Node

    @property
    def value(self) -> float | None:
        """The quotient; a division by 0 gives an infinity or NaN."""
        return compute(np.divide, values_of(self.children))


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """Minus its operand."""

    operand: Node

    @property
    def value(self) -> float | None:
        """Minus the operand's value."""
        value = self.operand.value
        return None if value is None else -value


@dataclass(frozen=True, slots=True)
class Power(Node):
    """``base`` to the power of ``exponent``."""

    base: Node
    exponent: Node

    @property
    def value(self) -> float | None:
        """The power."""
        return compute(np.power, values_of(self.children))


@dataclass(frozen=True, slots=True)
class SumOver(Node):
    """The sum of ``body`` over an index, such as Σₖ, or over everything if the index is ""; it has no value."""

    index: str
    body: Node


def values_of(nodes: Sequence[Node]) -> list[float] | None:
    """Return the values of nodes; None if one is still to come."""
    values = [node.value for node in nodes]
    return None if None in values else values  # type: ignore[return-value]
