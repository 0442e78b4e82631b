"""Whole numbers that people write: in prompts, on the command line, in the environment."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"\+?([0-9]+(?:_[0-9]+)*)")


def whole(text: str, least: int, most: int) -> int | None:
    """The whole number from ``least`` to ``most`` that ``text`` writes, None where it is none or out of the range.

    ``text`` may be of any length, on which int() alone would raise.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].replace("_", "").lstrip("0") or "0"
    if len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if least <= number <= most else None
