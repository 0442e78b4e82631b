"""The signs with which renderers of linear text write formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nn_tui.core.text import ascii_text


@dataclass(frozen=True, slots=True)
class Notation:
    """The signs of a renderer.

    Attributes:
        times: Multiplies two numbers.
        dot: Multiplies two symbols.
        minus: The sign before a number or a term.
        sum: The sign of a sum over an index.
        root: The sign of a square root.
        blank: The text of a blank, in which a person fills in a number.
        symbol: Returns a letter, a number or words, such as ``β₁``, as the renderer writes them.
    """

    times: str = "×"
    dot: str = "·"
    minus: str = "−"
    sum: str = "Σ"
    root: str = "√"
    blank: str = "____"
    symbol: Callable[[str], str] = str


def _ascii_symbol(text: str) -> str:
    return "step" if text == "Δ" else ascii_text(text)


UNICODE = Notation()
ASCII = Notation("*", "*", "-", "sum", "sqrt ", symbol=_ascii_symbol)

SUBSCRIPTS = {"n": "ₙ", "j": "ⱼ", "k": "ₖ", "i": "ᵢ"}
SUPERSCRIPTS = {"t": "ᵗ", "k": "ᵏ"}
DELIMITERS = {"abs": ("|", "|"), "floor": ("⌊", "⌋"), "log1p": ("ln(1 + ", ")")}
"""What stands around the argument of a function that is not written as its name and brackets."""
