"""The examples of a page: blocks of Python, each with the text that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def python_blocks(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each block of Python with the blocks of text that follow it."""
    blocks: list[tuple[str, list[str]]] = []
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            blocks.append((text, []))
        else:
            blocks[-1][1].append(text)
    yield from blocks


def without_digits(text: str) -> str:
    """Return a text in which the number of equal digits, which depends on the machine, is left out."""
    return re.sub(r"\d+ digits", "some digits", text)
