"""Reads a number as a person types it for an answer."""

from __future__ import annotations

import re
from math import isfinite
from unicodedata import normalize

from nn_tui.core.errors import InputError
from nn_tui.core.text import quote
from nn_tui.core.translation import message

_MINUS_SIGNS = str.maketrans(dict.fromkeys("−–—‐‑﹣－", "-"))
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,4})?"
_ANSWER = re.compile(rf"(?P<top>{_NUMBER})(?:/(?P<bottom>{_NUMBER}))?")
MAX_LENGTH = 60


def parse_answer(text: str) -> float:
    """Return the number of an answer: ``0.0271``, ``-2.71e-2`` or ``1/37``.

    Every minus sign of Unicode is a minus, and white space counts for nothing.

    Raises:
        InputError: The text is no finite number; the message says how to write it.
    """
    typed = text.strip()
    cleaned = "".join(normalize("NFKC", typed.translate(_MINUS_SIGNS)).translate(_MINUS_SIGNS).lower().split())
    if not cleaned:
        raise InputError("missing", message("Type a number, such as 0.0271, -2.71e-2 or 1/37."), value=text)
    if "," in cleaned:
        dotted = cleaned.replace(",", ".")
        if cleaned.count(",") == 1 and "." not in cleaned and _ANSWER.fullmatch(dotted):
            raise InputError("syntax", message("Write a point, not a comma: {number}.", number=dotted), value=text)
        raise InputError("syntax", message("Write one number without commas, such as 0.0271."), value=text)
    match = _ANSWER.fullmatch(cleaned) if len(cleaned) <= MAX_LENGTH else None
    if match is None:
        problem = message("{text} is not a number; type one such as 0.0271, -2.71e-2 or 1/37.", text=quote(typed))
        raise InputError("syntax", problem, value=text)
    top, bottom = float(match["top"]), float(match["bottom"] or 1.0)
    if bottom == 0.0:
        raise InputError("out_of_range", message("A fraction cannot have 0 below its line."), value=text)
    if not isfinite(top / bottom):
        raise InputError("out_of_range", message("{text} is too large a number.", text=quote(typed)), value=text)
    return top / bottom
