"""Text for the screen: free of control characters, and in ASCII where that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nn_tui.core.text import ascii_text
from nn_tui.tui.draw.text import sanitize

_SIGNS = str.maketrans(
    {
        "␣": "space",
        "⌫": "backspace",
        "▸": ">",
        "◂": "<",
        "▾": "v",
        "▴": "^",
        "↑": "up",
        "↓": "down",
        "←": "left",
        "◆": "*",
        "⋮": ":",
    }
)
_KEY = re.compile(r"`([^` ]{1,12})`")


def plain(text: str, ascii_only: bool) -> str:
    """``text`` that is safe to print; in ASCII mode spelled out, and "?" for what has no spelling."""
    if not ascii_only or text.isascii():
        return sanitize(text)
    return ascii_text(sanitize(text).translate(_SIGNS)).encode("ascii", "replace").decode("ascii")


def key_pieces(text: str, keys: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """``text`` cut at its keys, each piece with whether it is one; ``keys`` says which are written differently."""
    for place, piece in enumerate(_KEY.split(text)):
        if piece:
            yield (keys.get(piece, piece), True) if place % 2 else (piece, False)


def keyed(text: str, keys: Mapping[str, str]) -> str:
    """``text`` with its keys as they are written where ``keys`` says so, and without their marks."""
    return "".join(piece for piece, _ in key_pieces(text, keys))
