"""A sheet as questions in the GIFT format, which Moodle imports.

The first item describes the network and the numbers that are given; then each question is one number. With the answers
and their tolerances Moodle marks the questions; without them a question accepts any text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import numpy as np

from nn_tui.core.explain.render_html import line_html
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.translation import message
from nn_tui.core.worksheet.sheet import Group, Item, Question, Worksheet
from nn_tui.core.worksheet.sheet_head import details, sheet_title
from nn_tui.core.worksheet.write_html import network_svg, table_html

_SPECIAL = re.compile(r"[~=#{}:\\]")


def gift(sheets: Sequence[Worksheet]) -> str:
    """Return some sheets as GIFT; each is a category."""
    return "\n\n".join(map(_sheet, sheets)) + "\n"


def _sheet(sheet: Worksheet) -> str:
    number = number_text(sheet.digits)
    name = f"{sheet.id}-seed{sheet.seed}-pass{sheet.update}"
    about = "".join(
        [
            f"<p>{escape(str(details(sheet)), quote=False)}</p>",
            network_svg(sheet.columns),
            *(f"<p>{line_html(line, number)}</p>" for line in sheet.setup),
            *(table_html(table, sheet.digits) for table in sheet.tables),
        ]
    )
    parts = [f"$CATEGORY: {name}", f"::{escape_gift(str(sheet_title(sheet)))}::[html]{escape_gift(about)}"]
    for section in sheet.sections:
        for group in section.groups:
            parts += [_item(item, group, sheet) for item in group.items if item.question is not None]
    return "\n\n".join(parts)


def _item(item: Item, group: Group, sheet: Worksheet) -> str:
    question = item.question
    assert question is not None
    number = number_text(sheet.digits)
    prompt = message("Compute {name} with {digits} significant digits.", name=item.name, digits=sheet.digits)
    lines = "" if sheet.is_key else "".join(f"<p>{line_html(line, number)}</p>" for line in item.lines)
    text = f"<p>{escape(str(group.title), quote=False)}</p><p>{escape(str(prompt), quote=False)}</p>{lines}"
    return f"::{escape_gift(f'{question.id} {item.name}')}::[html]{escape_gift(text)}{{{_answer(question, sheet)}}}"


def _answer(question: Question, sheet: Worksheet) -> str:
    """Return the answer with its tolerance, or nothing for a sheet without answers."""
    return f"#{_decimal(question.answer)}:{_decimal(question.tolerance)}" if sheet.has_answers else ""


def _decimal(value: float) -> str:
    """Return a number without an exponent, which GIFT does not know."""
    return np.format_float_positional(float(f"{value:.12g}"), trim="0")


def escape_gift(text: str) -> str:
    """Return text without characters that have a meaning in GIFT, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
