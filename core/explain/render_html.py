"""Explanations as HTML: letters in italics, subscripts and exponents in their places; no script and no font needed."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from unicodedata import normalize

from nn_tui.core.explain.notation import UNICODE
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.token_writer import line_tokens, node_tokens
from nn_tui.core.explain.tokens import NumberText, Token
from nn_tui.core.expression.explanation import Explanation, Line
from nn_tui.core.expression.nodes import Derivative, Node, Symbol

NOTATION = replace(UNICODE, blank="__________", places_exponents=True, places_roots=True)
_TAGS = {
    ("open", "exponent"): "<sup>",
    ("close", "exponent"): "</sup>",
    ("open", "root"): '√<span class="root" style="border-top:1px solid">',
    ("close", "root"): "</span>",
}


def node_html(node: Node, number: NumberText) -> str:
    """Return an expression as HTML.

    Args:
        node: The expression.
        number: Returns the text of a number.
    """
    return _join(node_tokens(node, number, NOTATION))


def line_html(line: Line, number: NumberText) -> str:
    """Return a line of an explanation as HTML; the arguments are those of :func:`node_html`."""
    return _join(line_tokens(line, number, NOTATION))


def explanation_html(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as HTML: the formula as a paragraph, and its lines as a list."""
    formula, *lines = (line_html(line, number_text(digits)) for line in explanation.all_lines)
    return "\n".join([f"<p>{formula}</p>", "<ul>", *(f"<li>{line}</li>" for line in lines), "</ul>", ""])


def symbol_html(symbol: Symbol | Derivative) -> str:
    """Return a symbol as HTML, such as ``<i>w</i>′<sub>2</sub>[1,3]``."""
    if isinstance(symbol, Derivative):
        return f"∂{symbol_html(symbol.top)}/∂{symbol_html(symbol.bottom)}"
    letter = escape(normalize("NFC", f"{symbol.letter}\u0302" if symbol.has_hat else symbol.letter))
    letter = f"<i>{letter}</i>" if symbol.letter.isalpha() else letter
    prime = "′" if symbol.is_primed else ""
    subscript = f"<sub>{escape(symbol.subscript)}</sub>" if symbol.subscript else ""
    indices = f"[{escape(','.join(symbol.indices))}]" if symbol.indices else ""
    return f"{letter}{prime}{subscript}{indices}"


def _join(tokens: list[Token]) -> str:
    return "".join(map(_token, tokens))


def _token(token: Token) -> str:
    if token.kind in ("open", "close"):
        return _TAGS[token.kind, token.text]
    text = escape(token.text).replace("  ", "&ensp;")
    if token.kind == "blank":
        text = f'<span class="blank">{text}</span>'
    elif token.kind == "sign" and isinstance(token.node, Symbol):  # a sum over an index
        text = f"{escape(token.node.letter)}<sub>{escape(token.node.subscript)}</sub> "
    elif token.kind == "symbol" and isinstance(token.node, Symbol | Derivative):
        text = symbol_html(token.node)
    elif token.kind == "symbol":
        text = f"<i>{text}</i>"
    return f"<strong>{text}</strong>" if token.is_highlighted else text
