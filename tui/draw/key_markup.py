"""Key names in sentences: written in backquotes, shown as the keyboard or the user's configuration names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_KEY = re.compile(r"`([^` ]{1,12})`")


def split_keys(text: str, key_labels: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Split a text at its key names.

    Args:
        text: The text, with each key name in backquotes.
        key_labels: The label of each remapped key, by its default label.

    Yields:
        Each piece that is not empty, and whether it is a key name.
    """
    for index, piece in enumerate(_KEY.split(text)):
        if piece:
            yield (key_labels.get(piece, piece), True) if index % 2 else (piece, False)


def format_keys(text: str, key_labels: Mapping[str, str]) -> str:
    """Return a text with the label of each key in place of its name in backquotes."""
    return "".join(piece for piece, _ in split_keys(text, key_labels))
