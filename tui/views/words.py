"""Text for the screen: free of control characters, and in ASCII where that is asked for."""

from __future__ import annotations

from nn_tui.core.plain import ascii_text
from nn_tui.tui.draw.text import sanitize

_SIGNS = str.maketrans({"␣": "space", "⌫": "backspace", "▸": ">", "◂": "<", "▾": "v", "▴": "^"})


def plain(text: str, ascii_only: bool) -> str:
    """``text`` that is safe to print; in ASCII mode spelled out, and "?" for what has no spelling."""
    if not ascii_only or text.isascii():
        return sanitize(text)
    return ascii_text(sanitize(text).translate(_SIGNS)).encode("ascii", "replace").decode("ascii")
