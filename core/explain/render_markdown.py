"""Explanations as Markdown: the formula as a paragraph, and its lines as a list."""

from __future__ import annotations

import re
from itertools import groupby

from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.token_writer import line_tokens
from nn_tui.core.explain.tokens import NumberText
from nn_tui.core.expression.explanation import Explanation, Line

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$]")


def explanation_markdown(explanation: Explanation, digits: int | None = 6) -> str:
    """Return an explanation as Markdown that ends with a line feed; a highlighted number is bold."""
    number = number_text(digits)
    lines = [f"- {_line(line, number)}\n" for line in explanation.lines]
    return f"{_line(explanation.formula, number)}\n\n{''.join(lines)}"


def _line(line: Line, number: NumberText) -> str:
    text = ""
    for is_bold, tokens in groupby(line_tokens(line, number), lambda token: token.is_highlighted):
        escaped = _SPECIAL.sub(r"\\\g<0>", "".join(token.text for token in tokens))
        text += f"**{escaped}**" if is_bold else escaped
    return text
