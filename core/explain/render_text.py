"""Explanations as plain text, in Unicode or ASCII."""

from __future__ import annotations

from nn_tui.core.explain.notation import ASCII, UNICODE
from nn_tui.core.explain.token_writer import line_tokens, node_tokens
from nn_tui.core.explain.tokens import NumberText, Token
from nn_tui.core.expression.explanation import Explanation, Line
from nn_tui.core.expression.nodes import Node, Num
from nn_tui.core.text import plain_number


def number_text(digits: int | None = 6) -> NumberText:
    """Return a function that writes a number with so many significant digits; None for all of them."""

    def text(num: Num) -> str:
        return exact_text(num) if num.is_exact else plain_number(num.value or 0.0, digits)

    return text


def exact_text(num: Num) -> str:
    """Return an exact number as a preset writes it, such as ``1e-08``."""
    return repr(num.value).removesuffix(".0")


def node_text(node: Node, digits: int | None = 6, *, ascii_only: bool = False) -> str:
    """Return an expression as text."""
    return _join(node_tokens(node, number_text(digits), ASCII if ascii_only else UNICODE))


def line_text(line: Line, digits: int | None = 6, *, ascii_only: bool = False) -> str:
    """Return a line of an explanation as text.

    Args:
        line: The line.
        digits: Significant digits; None gives the shortest text that reads back as the same number.
        ascii_only: Whether to spell signs and Greek letters in ASCII.
    """
    return _join(line_tokens(line, number_text(digits), ASCII if ascii_only else UNICODE))


def explanation_text(explanation: Explanation, digits: int | None = 6, *, ascii_only: bool = False) -> str:
    """Return an explanation as text: the formula, and the lines below it, indented."""
    formula, *lines = (line_text(line, digits, ascii_only=ascii_only) for line in explanation.all_lines)
    return "\n".join([formula, *(f"  {line}" for line in lines)])


def _join(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)
