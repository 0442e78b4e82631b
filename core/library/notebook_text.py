"""Explanations for notebooks: Markdown whose formulas are LaTeX between dollar signs."""

from __future__ import annotations

import re

from nn_tui.core.explain.render_latex import QUAD, line_latex
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.expression.explanation import Explanation

_FORMULA = re.compile(r"(?<!\\)\$\s*((?:[^$\\]|\\.)*?)\s*\$")  # some notebooks know none with a space at its ends


def explanation_notebook(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as Markdown: the formula as a paragraph, and its lines as a list."""
    number = number_text(digits)
    formula, *lines = (_FORMULA.sub(_formula, line_latex(line, number)) for line in explanation.all_lines)
    return "\n".join([formula, "", *(f"- {line}" for line in lines), ""])


def _formula(match: re.Match[str]) -> str:
    content = match[1].removesuffix(QUAD.strip()).rstrip()
    return f"${content}$" if content else " "
