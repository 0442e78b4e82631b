"""Printing on stdout, in whatever characters it can show."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from nn_tui.core.text import ascii_text
from nn_tui.tui.config.settings import Settings


def print_line(text: str, settings: Settings) -> None:
    """Print text. What the encoding of stdout lacks is replaced by ASCII, or else escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
        is_encodable = True
    except UnicodeEncodeError:
        is_encodable = False
    if settings.ascii or not is_encodable:
        text = ascii_text(text)
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on one line; it is ASCII, which every encoding has, and no number in it is NaN."""
    print(json.dumps(value, allow_nan=False))
