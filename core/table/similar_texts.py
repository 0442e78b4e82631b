"""Finding texts that are written differently, but mean the same to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[\s_-]+(?=[^\W\d_])")  # A- and A are two grades
_NUMBERS = {"true": "1", "false": "0"}


def similar_texts(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return the first two texts that may mean the same: ``Setosa`` and ``setosa``, ``>50K`` and ``>50K.``; or None."""
    first: dict[str, str] = {}
    for text in texts:
        other = first.setdefault(_meaning(text), text)
        if other != text:
            return other, text
    return None


def matched_texts(texts: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """Return those texts that are not known, but written like a known one, and that one.

    Two known texts that are written alike match nothing.
    """
    if similar_texts(known):
        return {}
    of_meaning = {_meaning(text): text for text in known}
    unknown = set(texts) - set(known)
    return {text: of_meaning[_meaning(text)] for text in texts if text in unknown and _meaning(text) in of_meaning}


def _meaning(text: str) -> str:
    """Return a text without what may differ in texts of one meaning: capital letters, spaces, hyphens, a last point."""
    folded = _BETWEEN_LETTERS.sub("", text.casefold())
    folded = folded.removesuffix(".") or folded
    return _NUMBERS.get(folded, folded)
