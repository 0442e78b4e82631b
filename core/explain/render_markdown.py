"""Explanations as Markdown: the formula as a paragraph, and its lines as a list."""

from __future__ import annotations

import re
from itertools import groupby

from nn_tui.core.explain.notation import UNICODE, Notation
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.token_writer import line_tokens, node_tokens
from nn_tui.core.explain.tokens import NumberText, Token
from nn_tui.core.expression.explanation import Explanation, Line
from nn_tui.core.expression.nodes import Node

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$]")


def explanation_markdown(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as Markdown that ends with a line feed; a highlighted number is bold."""
    number = number_text(digits)
    lines = [f"- {line_markdown(line, number)}\n" for line in explanation.lines]
    return f"{line_markdown(explanation.formula, number)}\n\n{''.join(lines)}"


def line_markdown(line: Line, number: NumberText, notation: Notation = UNICODE) -> str:
    """Return a line of an explanation as Markdown.

    Args:
        line: The line.
        number: Returns the text of a number.
        notation: The signs.
    """
    return _join(line_tokens(line, number, notation))


def node_markdown(node: Node, number: NumberText, notation: Notation = UNICODE) -> str:
    """Return an expression as Markdown; the arguments are those of :func:`line_markdown`."""
    return _join(node_tokens(node, number, notation))


def escape_markdown(text: str) -> str:
    """Return text without characters that have a meaning in Markdown."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _join(tokens: list[Token]) -> str:
    text = ""
    for is_bold, part in groupby(tokens, lambda token: token.is_highlighted):
        escaped = escape_markdown("".join(token.text for token in part))
        text += f"**{escaped}**" if is_bold else escaped
    return text
