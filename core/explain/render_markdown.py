"""Explanations as Markdown: the formula as a paragraph, and its lines as a list."""

from __future__ import annotations

import re

from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.tokens import NumberText, line_tokens
from nn_tui.core.expression.explanation import Explanation, Line

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$]")


def explanation_markdown(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as Markdown that ends with a line feed; a highlighted number is bold."""
    number = number_text(digits)
    lines = [f"- {_line(line, number)}\n" for line in explanation.lines]
    return f"{_line(explanation.formula, number)}\n\n{''.join(lines)}"


def _line(line: Line, number: NumberText) -> str:
    text = ""
    for token in line_tokens(line, number):
        escaped = _SPECIAL.sub(r"\\\g<0>", token.text)
        text += f"**{escaped}**" if token.is_highlighted and escaped.strip() else escaped
    return text
