"""Numbers and words as plain text: for a printout, a screen reader, a pipe, or a terminal of ASCII alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from math import isfinite

from nn_tui.core.expression import Line, Num
from nn_tui.core.fields import printable

_OPERATORS = ("+", "−", "×", "/", "·")
_ASCII = str.maketrans(
    {
        **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
        "ₙ": "_n", "ⱼ": "_j", "ₖ": "_k", "ᵢ": "_i", "ᵗ": "^t", "ᵀ": "^T", "½": "1/2",
        "δ": "delta", "Δ": "step_", "∂": "d", "σ": "sigma", "η": "eta", "μ": "mu", "α": "alpha", "β": "beta",
        "ε": "eps", "λ": "lambda", "Φ": "Phi", "φ": "phi", "π": "pi", "Σ": "sum", "√": "sqrt ", "′": "'",
        "\u0302": "_hat", "ŷ": "y_hat", "×": "*", "·": "*", "−": "-", "–": "-", "—": "-", "±": "+-", "≈": "~",
        "≠": "!=", "≤": "<=", "≥": ">=", "→": "->", "∞": "inf", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    }
)  # fmt: skip
_WHOLE_NUMBER = re.compile(r"\+?([0-9]+(?:_[0-9]+)*)")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_POWER = re.compile(f"[{_RAISED}]+")
_DIGITS = str.maketrans(_RAISED, "0123456789")


def raised(number: int) -> str:
    """A whole number ≥ 0 as an exponent: ``¹²`` for 12."""
    return "".join(_RAISED[int(digit)] for digit in str(number))


def plain_number(value: float, digits: int | None = 6) -> str:
    """``value`` to ``digits`` significant digits (None: the shortest text that reads back exactly), minus as −."""
    if not isfinite(value):
        return "NaN" if value != value else ("∞" if value > 0 else "−∞")
    # Adding 0 turns −0 into 0, which is what a reader expects of 0 × −1.
    value = float(value) + 0.0
    text = repr(value).removesuffix(".0") if digits is None else f"{value:.{digits}g}"
    return text.replace("-", "−")


def plain_line(line: Line, digits: int | None = 6) -> str:
    """A line of words and numbers as text; a negative number behind an operator stands in brackets."""
    parts: list[str] = []
    for place, piece in enumerate(line):
        if isinstance(piece, Num):
            text = plain_number(piece.value, digits)
            following = line[place + 1] if place + 1 < len(line) else ""
            squared = isinstance(following, str) and following.startswith("²")
            before = parts[-1].rstrip() if parts else ""
            parts.append(f"({text})" if text.startswith("−") and (squared or before.endswith(_OPERATORS)) else text)
        else:
            parts.append(piece)
    return "".join(parts)


def plain_numbers(values: Sequence[float], digits: int | None = 6, most: int = 12) -> str:
    """Numbers with commas between; of more than ``most`` the first ones and how many are left out."""
    text = ", ".join(plain_number(value, digits) for value in values[:most])
    return text if len(values) <= most else f"{text}, … {len(values) - most:,} more"


def one_line(text: str) -> str:
    """``text`` from a file, safe to print: white space joined to single spaces, control characters escaped."""
    return printable(" ".join(text.split()))


def ascii_text(text: str) -> str:
    """``text`` with this program's signs and Greek letters spelled in ASCII; other letters are left as they are."""
    text = _POWER.sub(lambda found: f"^{found[0].translate(_DIGITS)}", text)
    return text.replace("Δ ", "step ").translate(_ASCII)


def wrapped(text: str, width: int) -> str:
    """``text`` with lines longer than ``width`` broken at spaces, what follows indented further."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        parts = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        lines += parts or [""]
    return "\n".join(lines)


def counted(count: int, noun: str) -> str:
    """``1 sample``, ``1,433 samples``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def parse_int(text: str, minimum: int, maximum: int) -> int | None:
    """Parse a whole number that a person wrote, such as ``007``, ``+5`` or ``1_000``.

    Args:
        text: Of any length; ``int`` alone would raise for more than 4,300 digits.
        minimum: The least number allowed.
        maximum: The greatest number allowed.

    Returns:
        The number, or None if ``text`` is not a whole number from ``minimum`` to ``maximum``.
    """
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    digits = match[1].replace("_", "").lstrip("0") or "0"
    if len(digits) > len(str(maximum)):
        return None
    number = int(digits)
    return number if minimum <= number <= maximum else None
