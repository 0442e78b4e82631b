r"""Explanations as LaTeX: formulas between ``$``, with ``\frac`` and ``\sqrt``; no package but textcomp is needed."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.explain.latex_text import latex_math, latex_number, latex_text
from nn_tui.core.explain.notation import UNICODE
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.token_writer import line_tokens, node_tokens
from nn_tui.core.explain.tokens import NumberText, Token
from nn_tui.core.expression.explanation import Explanation, Line
from nn_tui.core.expression.nodes import Derivative, Node, Symbol

NOTATION = replace(UNICODE, places_exponents=True, places_roots=True, places_fractions=True)
_BRACES = {"exponent": "^{", "root": r"\sqrt{", "numerator": r"\frac{", "denominator": "{"}
QUAD = r"\quad "
_BLANK = r"\underline{\hspace{4em}}"


def node_latex(node: Node, number: NumberText) -> str:
    """Return an expression as LaTeX for a paragraph.

    Args:
        node: The expression.
        number: Returns the text of a number.
    """
    return _join(node_tokens(node, number, NOTATION))


def line_latex(line: Line, number: NumberText) -> str:
    """Return a line of an explanation as LaTeX; the arguments are those of :func:`node_latex`."""
    return _join(line_tokens(line, number, NOTATION))


def explanation_latex(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as LaTeX: the formula as a paragraph, and its lines as a list."""
    formula, *lines = (line_latex(line, number_text(digits)) for line in explanation.all_lines)
    items = [f"  \\item {line}" for line in lines]
    return "\n".join([formula, r"\begin{itemize}", *items, r"\end{itemize}", ""])


def symbol_latex(symbol: Symbol | Derivative) -> str:
    r"""Return a symbol as LaTeX for a formula, such as ``w'_{2}[1,3]`` or ``\hat{m}``."""
    if isinstance(symbol, Derivative):
        return rf"\partial {symbol_latex(symbol.top)}/\partial {symbol_latex(symbol.bottom)}"
    letter = latex_math(symbol.letter)
    letter = rf"\hat{{{letter}}}" if symbol.has_hat else letter
    prime = "'" if symbol.is_primed else ""
    subscript = f"_{{{latex_math(symbol.subscript)}}}" if symbol.subscript else ""
    indices = f"[{','.join(map(latex_math, symbol.indices))}]" if symbol.indices else ""
    return f"{letter}{prime}{subscript}{indices}"


def _join(tokens: list[Token]) -> str:
    """Join tokens; words stand outside of the formulas, or in a box if they are inside of a fraction, say."""
    text, is_formula, depth = "", False, 0
    for token in tokens:
        is_words = token.kind in ("words", "note") and not depth
        content, part = token.text, _token(token)
        if not is_words and not is_formula:
            text += f"{' ' if content.startswith(' ') else ''}$"
        elif is_words and is_formula:
            text = f"{text.rstrip()}${' ' if text.endswith((' ', QUAD)) else ''}"
        elif is_formula and "  " in content:  # between two equations
            part += QUAD
        is_formula = not is_words
        text += rf"\mbox{{{part}}}" if token.kind in ("words", "note") and depth else part
        depth += (token.kind == "open") - (token.kind == "close")
    return f"{text.rstrip()}$" if is_formula else text


def _token(token: Token) -> str:
    if token.kind == "open":
        return _BRACES[token.text]
    if token.kind == "close":
        return "}"
    if token.kind in ("words", "note"):
        return latex_text(token.text)
    if token.kind == "blank":
        return _BLANK
    if isinstance(token.node, Symbol) and token.kind == "sign":  # a sum over an index
        text = f"{symbol_latex(token.node)} "
    elif isinstance(token.node, Symbol | Derivative):
        text = symbol_latex(token.node)
    elif token.kind == "number":
        text = latex_number(token.text)
    else:
        text = latex_math(token.text)
    is_marked = token.is_highlighted and token.kind in ("number", "symbol")
    return rf"\mathbf{{{text}}}" if is_marked else text
