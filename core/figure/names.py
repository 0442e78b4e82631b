"""Names of inputs, outputs and classes that are too long for their place, shortened so that no two look alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from nn_tui.core.figure.svg import FONT_SIZE, shorten, text_width
from nn_tui.core.text import one_line

_SEPARATOR = re.compile(r"([ _./=-])")


def fit_names(names: Sequence[str], width: float, size: float = FONT_SIZE) -> tuple[str, ...]:
    """Return names on one line that are at most ``width`` wide; different names stay different.

    Examples:
        >>> fit_names(("bill_length_mm", "bill_depth_mm"), 60, 10)
        ('bi_le_mm', 'bi_de_mm')
    """
    short = tuple(_starts_of_words(one_line(name), width, size) for name in names)
    if _are_unique(short, names):
        return short
    count = Counter(short)
    return tuple(
        form if count[form] == 1 else _numbered(form, names.index(name) + 1, width, size)
        for form, name in zip(short, names, strict=True)
    )


def _starts_of_words(name: str, width: float, size: float) -> str:
    """Return a name, or the starts of its words if it is too long."""
    if text_width(name, size) <= width:
        return name
    parts = _SEPARATOR.split(name)
    for length in range(max(map(len, parts)) - 1, 1, -1):
        short = "".join(part[:length] if index % 2 == 0 else part for index, part in enumerate(parts))
        if len(parts) > 1 and text_width(short, size) <= width:
            return short
    return shorten(name, width, size)


def _numbered(form: str, number: int, width: float, size: float) -> str:
    end = f"…{number}"
    while form and text_width(form + end, size) > width:
        form = form[:-1]
    return form + end


def _are_unique(short: Sequence[str], names: Sequence[str]) -> bool:
    return len(set(short)) == len(set(names))
