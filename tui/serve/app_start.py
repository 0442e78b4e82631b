"""How the process of a visitor starts; it is read without asyncio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AppStart:
    """How the process of a visitor starts.

    Attributes:
        folder: The folder of the visitor.
        environ: The whole environment.
        words: The command line of the app.
    """

    folder: Path
    environ: Mapping[str, str]
    words: Sequence[str]
