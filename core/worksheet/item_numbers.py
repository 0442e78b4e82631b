"""The text of the numbers in the computations of a sheet or of its key."""

from __future__ import annotations

from nn_tui.core.explain.render_text import number_text
from nn_tui.core.explain.tokens import NumberText
from nn_tui.core.expression.nodes import Num
from nn_tui.core.practice.rounding import answer_text, is_printed_exactly
from nn_tui.core.worksheet.sheet import Worksheet


def item_number_text(sheet: Worksheet) -> NumberText:
    """Return a function that writes a number of a computation.

    The key writes every rounded number with all its significant digits, as students have to: −0.03810, not −0.0381.
    """
    plain, digits = number_text(sheet.digits), sheet.digits

    def text(num: Num) -> str:
        if num.is_exact or num.value is None or is_printed_exactly(num.value, digits):
            return plain(num)
        size = answer_text(abs(num.value), digits)
        return f"−{size}" if num.value < 0.0 else size

    return text if sheet.is_key else plain
