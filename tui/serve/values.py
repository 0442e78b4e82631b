"""What ``nn-tui serve`` is asked to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOST, DEFAULT_PORT, DEFAULT_VISITORS = "127.0.0.1", 8000, 30
MAX_VISITORS = 1_000


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the server serves, and to whom.

    Attributes:
        words: The command line of the app of each visitor.
        materials: The files that each visitor gets a copy of.
        host: The name or the address to listen on.
        port: The port; 0 for any that is free.
        visitors: How many may be there at the same time.
        results: The folder for the marks and the progress of the visitors; None for none.
        token: The word in the address, which keeps out whoever has not been told the address; "" for none.
    """

    words: Sequence[str]
    materials: Sequence[Path] = ()
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    visitors: int = DEFAULT_VISITORS
    results: Path | None = None
    token: str = ""


def terminal_size(width: object, height: object) -> tuple[int, int]:
    """Return the size of a terminal in cells from what a browser says, within reasonable limits."""

    def clamp(value: object, default: int, max_: int) -> int:
        try:
            return min(max(int(str(value)[:6]), 2), max_)
        except ValueError:
            return default

    return clamp(width, 80, 500), clamp(height, 24, 200)
