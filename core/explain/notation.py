"""The signs with which renderers of linear text write formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from nn_tui.core.expression.nodes import Derivative, Node, Num, Symbol
from nn_tui.core.text import ascii_text, superscript


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
        places_exponents: Whether the renderer raises exponents; else they are superscripts or follow the sign ^.
        places_roots: Whether the renderer draws a bar over the radicand.
        places_fractions: Whether the renderer draws fractions; else they are written with the sign /.
    """

    times: str = "×"
    dot: str = "·"
    minus: str = "−"
    sum: str = "Σ"
    root: str = "√"
    blank: str = "____"
    symbol: Callable[[str], str] = str
    places_exponents: bool = False
    places_roots: bool = False
    places_fractions: bool = False


_SUBSCRIPTS = dict(zip("0123456789+kijnt", "₀₁₂₃₄₅₆₇₈₉₊ₖᵢⱼₙₜ", strict=True))
_SHORT_SUBSCRIPTS = {"min": "ₘ"}  # replaces a subscript that has no characters of its own
FUNCTION_NAMES = {"normal_cdf": "Φ", "normal_density": "φ"}
"""What is written for a function, where it is not the function's own name."""


def symbol_text(symbol: Symbol | Derivative) -> str:
    """Return a symbol in Unicode, such as ``w′₂[1,3]`` or ``∂L/∂a``; a subscript without characters follows ``_``."""
    if isinstance(symbol, Derivative):
        return f"∂{symbol_text(symbol.top)}/∂{symbol_text(symbol.bottom)}"
    hat, prime = "\u0302" if symbol.has_hat else "", "′" if symbol.is_primed else ""
    indices = f"[{','.join(symbol.indices)}]" if symbol.indices else ""
    return f"{normalize('NFC', symbol.letter + hat)}{prime}{_subscript(symbol.subscript)}{indices}"


def _subscript(text: str) -> str:
    if all(char in _SUBSCRIPTS for char in text):
        return "".join(_SUBSCRIPTS[char] for char in text)
    return _SHORT_SUBSCRIPTS.get(text, f"_{text}")


def superscripts(exponent: Node) -> str:
    """Return a whole number, t or k as an exponent in superscript characters; "" for any other exponent."""
    if isinstance(exponent, Symbol):
        return _SUPERSCRIPTS.get(symbol_text(exponent), "")
    value = exponent.value if isinstance(exponent, Num) else None
    return superscript(int(value)) if value is not None and value >= 0 and value.is_integer() else ""


def _ascii_symbol(text: str) -> str:
    return "step" if text == "Δ" else ascii_text(text)


UNICODE = Notation()
ASCII = Notation("*", "*", "-", "sum", "sqrt ", symbol=_ascii_symbol)

_SUPERSCRIPTS = {"t": "ᵗ", "k": "ᵏ"}
DELIMITERS = {"abs": ("|", "|"), "floor": ("⌊", "⌋"), "log1p": ("ln(1 + ", ")")}
"""The marks around the argument of a function that is not written as its name and brackets."""
