"""Key names in sentences: written in backquotes, shown as the keyboard or the user's configuration names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_KEY = re.compile(r"`([^` ]{1,12})`")


def split_keys(text: str, keys: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Split a text at its key names.

    Args:
        text: The text, with each key name in backquotes.
        keys: The name to show for a key, where it differs from the one in ``text``.

    Yields:
        Each piece that is not empty, and whether it is a key name.
    """
    for index, piece in enumerate(_KEY.split(text)):
        if piece:
            yield (keys.get(piece, piece), True) if index % 2 else (piece, False)


def format_keys(text: str, keys: Mapping[str, str]) -> str:
    """Return ``text`` with the names of its keys as in :func:`split_keys`, without the backquotes."""
    return "".join(piece for piece, _ in split_keys(text, keys))
