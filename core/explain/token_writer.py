"""Write an expression as a row of tokens, on which all renderers build.

A notation may draw exponents, roots and fractions by their place instead of by signs. Then a pair of tokens of the
kinds "open" and "close" stands around each of their parts, which need no brackets there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

from nn_tui.core.explain.brackets import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    factor_level,
    is_fraction,
    needs_brackets,
    without_highlight,
)
from nn_tui.core.explain.notation import DELIMITERS, FUNCTION_NAMES, UNICODE, Notation, superscripts, symbol_text
from nn_tui.core.explain.tokens import NumberText, Path, Token
from nn_tui.core.expression.equations import Cases, Equation, Listed, Marked, WithDefinition, is_formula
from nn_tui.core.expression.explanation import BODY, LABEL, NOTE, Line
from nn_tui.core.expression.functions import Apply
from nn_tui.core.expression.nodes import (
    Derivative,
    Negative,
    Node,
    Num,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Symbol,
    Words,
)

_N = TypeVar("_N", bound=Node)
_SEPARATORS = {"equations": ";  ", "values": ", "}


def line_tokens(line: Line, number: NumberText, notation: Notation = UNICODE, path: Path = ()) -> list[Token]:
    """Return the tokens of a line: its label, its body, and its note in brackets.

    Args:
        line: The line.
        number: Returns the text of a number.
        notation: The signs.
        path: The path of the line in its explanation.
    """
    writer = _Writer(number, notation)
    if line.label is not None:
        writer.write(line.label, (*path, LABEL))
        writer.sign(" ", path)
    writer.write_side(line.body, (*path, BODY))
    if line.note is not None:
        writer.sign("   ", path)
        writer.tokens.append(Token("(", (*path, NOTE), kind="note"))
        writer.write_side(line.note, (*path, NOTE))
        writer.sign(")", (*path, NOTE))
    return writer.tokens


def node_tokens(node: Node, number: NumberText, notation: Notation = UNICODE) -> list[Token]:
    """Return the tokens of one node; the arguments are those of :func:`line_tokens`."""
    writer = _Writer(number, notation)
    writer.write_side(node, ())
    return writer.tokens


class _Writer:
    """Writes nodes to a list of tokens.

    ``level`` is how tight a node must bind to stand without brackets. ``may_start_with_minus`` is whether a minus at
    its start needs no brackets, because it begins an expression.
    """

    def __init__(self, number: NumberText, notation: Notation) -> None:
        self.tokens: list[Token] = []
        self._number_text, self.notation = number, notation
        self._times = ""  # between two factors of the expression that is being written

    def sign(self, text: str, path: Path) -> None:
        """Add a sign or brackets."""
        self.tokens.append(Token(text, path))

    def write_side(self, node: Node, path: Path) -> None:
        """Add the tokens of a whole expression: a formula with · between its factors, or numbers with ×."""
        outer = self._times
        self._times = self.notation.dot if is_formula(node) else f" {self.notation.times} "
        self.write(node, path)
        self._times = outer

    def write(self, node: Node, path: Path, level: int = SUM, may_start_with_minus: bool = True) -> None:
        """Add the tokens of a node."""
        match node:
            case Marked():
                self._marked(node, path, level, may_start_with_minus)
            case Num():
                self._number(node, path, level, may_start_with_minus)
            case Symbol() | Derivative():
                self.tokens.append(Token(self.notation.symbol(symbol_text(node)), path, node, "symbol"))
            case Words():
                self._words(node, path)
            case Sum():
                self._bracketed(node, path, level, may_start_with_minus, self._sum)
            case Negative():
                self._bracketed(node, path, level, may_start_with_minus, self._negative)
            case Product():
                self._bracketed(node, path, level, may_start_with_minus, self._product)
            case Quotient():
                self._bracketed(node, path, level, may_start_with_minus, self._quotient)
            case SumOver():
                self._bracketed(node, path, level, may_start_with_minus, self._sum_over)
            case Power():
                self._bracketed(node, path, level, may_start_with_minus, self._power)
            case Cases():
                self._bracketed(node, path, level, may_start_with_minus, self._cases)
            case Apply():
                self._bracketed(node, path, level, may_start_with_minus, self._apply)
            case Equation():
                self._equation(node, path)
            case Listed():
                self._listed(node, path)
            case WithDefinition():
                self.write(node.body, (*path, 0))
                self.sign(", ", path)
                self.write(node.definition, (*path, 1))

    def _bracketed(
        self, node: _N, path: Path, level: int, may_start_with_minus: bool, write: Callable[[_N, Path, bool], None]
    ) -> None:
        has_brackets = needs_brackets(node, level, may_start_with_minus)
        if has_brackets:
            self.sign("(", path)
        write(node, path, has_brackets or may_start_with_minus)
        if has_brackets:
            self.sign(")", path)

    def _placed(self, place: str, write: Callable[[], None], path: Path) -> None:
        """Write a part that the renderer places, such as an exponent."""
        self.tokens.append(Token(place, path, kind="open"))
        write()
        self.tokens.append(Token(place, path, kind="close"))

    def _number(self, node: Num, path: Path, level: int, may_start_with_minus: bool) -> None:
        if node.value is None:
            self.write(node.as_symbol if node.as_symbol is not node else Symbol("?"), path, level, may_start_with_minus)
            return
        text = self.notation.symbol(self._number_text(node))
        if needs_brackets(node, level, may_start_with_minus):
            text = f"({text})"
        self.tokens.append(Token(text, path, node, "number"))

    def _marked(self, node: Marked, path: Path, level: int, may_start_with_minus: bool) -> None:
        if node.mark == "blank":
            self.tokens.append(Token(self.notation.blank, path, node.node, "blank"))
            return
        start = len(self.tokens)
        if node.mark == "fold" and node.value is not None:
            self.write(node.label or Num(node.value), path, level, may_start_with_minus)
        else:
            self.write(node.node, path, level, may_start_with_minus)
        if node.mark == "highlight":
            self._highlight(start)

    def _highlight(self, start: int) -> None:
        """Highlight the tokens from ``start``."""
        self.tokens[start:] = [replace(token, is_highlighted=True) for token in self.tokens[start:]]

    def _words(self, node: Words, path: Path) -> None:
        child_names = [name for name, field in node.message.fields.items() if isinstance(field, Node)]
        for part, name in node.message.parts():
            if isinstance(part, Node):
                self.write_side(part, (*path, child_names.index(name)))
            else:
                self.tokens.append(Token(self.notation.symbol(str(part)), path, node, "words"))

    def _sum(self, node: Sum, path: Path, may_start_with_minus: bool) -> None:
        for index, term in enumerate(node.terms):
            start, here = len(self.tokens), (*path, index)
            inner = without_highlight(term)
            if index == 0:
                self.write(term, here, SUM, may_start_with_minus)
            elif isinstance(inner, Negative):
                self.sign(f" {self.notation.minus} ", path)
                self.write(inner.operand, (*here, 0), PRODUCT, may_start_with_minus=False)
                if inner is not term:
                    self._highlight(start)
            else:
                self.sign(" + ", path)
                self.write(term, here, SUM if isinstance(inner, Sum) else PRODUCT, may_start_with_minus=False)

    def _negative(self, node: Negative, path: Path, _: bool) -> None:
        self.sign(self.notation.minus, path)
        self.write(node.operand, (*path, 0), PRODUCT, may_start_with_minus=False)

    def _product(self, node: Product, path: Path, may_start_with_minus: bool) -> None:
        times = self._times
        if any(isinstance(factor, Derivative) for factor in node.factors) and times == self.notation.dot:
            times = f" {times} "
        count = len(node.factors)
        for index, factor in enumerate(node.factors):
            inner = without_highlight(factor)
            if index:
                is_sum = isinstance(inner, SumOver) and inner.index and times == self.notation.dot
                self.sign(" " if is_sum else times, path)
            level = factor_level(factor, index, count)
            self.write(factor, (*path, index), level, may_start_with_minus and index == 0)

    def _quotient(self, node: Quotient, path: Path, may_start_with_minus: bool) -> None:
        if self.notation.places_fractions:
            self._placed("numerator", lambda: self.write(node.top, (*path, 0)), path)
            self._placed("denominator", lambda: self.write(node.bottom, (*path, 1)), path)
            return
        has_brackets = isinstance(node.bottom, Sum | Product | Quotient | SumOver)
        is_compact = is_fraction(node) or (self._times == self.notation.dot and not has_brackets)
        self.write(node.top, (*path, 0), PRODUCT, may_start_with_minus)
        self.sign("/" if is_compact else " / ", path)
        self.write(
            node.bottom, (*path, 1), PRODUCT if isinstance(node.bottom, SumOver) else POWER, may_start_with_minus=False
        )

    def _power(self, node: Power, path: Path, may_start_with_minus: bool) -> None:
        self.write(node.base, (*path, 0), ATOM, may_start_with_minus)
        self._exponent(node.exponent, (*path, 1))

    def _exponent(self, node: Node, path: Path) -> None:
        """Write an exponent in its place, or else raised if it is a whole number, t or k, or else after the sign ^."""
        if self.notation.places_exponents:
            self._placed("exponent", lambda: self.write(node, path), path)
            return
        if isinstance(node, Marked) and node.mark == "highlight":
            start = len(self.tokens)
            self._exponent(node.node, path)
            self._highlight(start)
            return
        exponent = Num(node.value) if isinstance(node, Marked) and node.mark == "fold" else node
        raised = superscripts(exponent)
        if raised:
            kind: Literal["number", "symbol"] = "number" if isinstance(exponent, Num) else "symbol"
            self.tokens.append(Token(self.notation.symbol(raised), path, exponent, kind))
            return
        self.sign("^", path)
        is_negative = isinstance(node, Negative) and isinstance(node.operand, Symbol)
        self.write(node, path, SUM if is_negative else POWER, may_start_with_minus=True)

    def _sum_over(self, node: SumOver, path: Path, _: bool) -> None:
        sign = Symbol(self.notation.sum, subscript=node.index)
        text = f"{self.notation.symbol(symbol_text(sign))}{' ' if node.index else ''}"
        self.tokens.append(Token(text, path, sign))
        self.write(node.body, (*path, 0), PRODUCT, may_start_with_minus=False)

    def _apply(self, node: Apply, path: Path, _: bool) -> None:
        if node.function in ("exp", "expm1"):
            self._exponential(node, path)
        elif node.function == "sqrt":
            self._root(node, path)
        else:
            name = FUNCTION_NAMES.get(node.function, node.function)
            left, right = DELIMITERS.get(node.function, (f"{name}(", ")"))
            self.sign(self.notation.symbol(left), path)
            for index, argument in enumerate(node.arguments):
                if index:
                    self.sign(", ", path)
                self.write(argument, (*path, index))
            self.sign(self.notation.symbol(right), path)

    def _cases(self, node: Cases, path: Path, _: bool) -> None:
        self._words(node.as_words, path)

    def _exponential(self, node: Apply, path: Path) -> None:
        self.tokens.append(Token("e", path, node, "symbol"))
        self._exponent(node.arguments[0], (*path, 0))
        if node.function == "expm1":
            self.sign(f" {self.notation.minus} 1", path)

    def _root(self, node: Apply, path: Path) -> None:
        if self.notation.places_roots:
            self._placed("root", lambda: self.write(node.arguments[0], (*path, 0)), path)
            return
        self.sign(self.notation.root, path)
        self.write(node.arguments[0], (*path, 0), ATOM, may_start_with_minus=False)

    def _equation(self, node: Equation, path: Path) -> None:
        for index, side in enumerate(node.sides):
            if index:
                self.sign(f" {node.sign} ", path)
            self.write_side(side, (*path, index))

    def _listed(self, node: Listed, path: Path) -> None:
        for index, item in enumerate(node.items):
            if index:
                self.sign(_SEPARATORS[node.kind], path)
            self.write_side(item, (*path, index))
