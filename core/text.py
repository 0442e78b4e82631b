"""Plain text for messages, printouts and pipes: numbers, quoted values, similar names, ASCII, line wrapping."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from math import isfinite
from pathlib import Path

from nn_tui.core.translation import Message, message, tr

_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")
_PLAIN_DIGITS = {subscript: digit for digit, subscript in _SUBSCRIPTS.items()}
MAX_QUOTE = 60  # characters of a value that a message repeats
_MAX_PATH = 120  # characters of a path in a message
_ASCII = str.maketrans(
    {
        **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
        "ₙ": "_n", "ₜ": "_t", "₊": "+", "Π": "prod_", "ⱼ": "_j", "ₖ": "_k", "ᵢ": "_i", "ᵗ": "^t", "ᵀ": "^T", "½": "1/2",
        "¼": "1/4", "⅓": "1/3",
        "δ": "delta", "Δ": "step_", "∂": "d", "σ": "sigma", "η": "eta", "μ": "mu", "α": "alpha", "β": "beta",
        "γ": "gamma", "ᵏ": "^k", "⌊": "floor(", "⌋": ")", "ₘ": "_min",
        "ε": "eps", "λ": "lambda", "Φ": "Phi", "φ": "phi", "π": "pi", "ψ": "psi", "Σ": "sum", "√": "sqrt ", "′": "'",
        "\u0302": "_hat", "ŷ": "yhat", "×": "*", "·": "*", "−": "-", "–": "-", "—": "-", "±": "+-", "≈": "~",
        "≠": "!=", "≤": "<=", "≥": ">=", "→": "->", "∞": "inf", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    }
)  # fmt: skip
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""A number as most programs write it; ``float`` would also understand ``1_000`` and digits of other scripts."""
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"\+?([0-9]+(?:_[0-9]+)*)")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_POWER = re.compile(f"[{_SUPERSCRIPTS}]+")
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
# Names from other books and libraries that are spelled too differently for difflib.
_SYNONYMS: dict[str, str | tuple[str, ...]] = {
    "linear": "identity",
    "none": "identity",
    "logistic": "sigmoid",
    "swish": "silu",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "bce": "binary_cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "nll": "cross_entropy",
    "gd": "sgd",
    "glorot_uniform": "xavier_uniform",
    "glorot_normal": "xavier_normal",
    "kaiming_uniform": "he_uniform",
    "kaiming_normal": "he_normal",
    "log_loss": ("binary_cross_entropy", "cross_entropy"),
    "logloss": ("binary_cross_entropy", "cross_entropy"),
    "crossentropyloss": "cross_entropy",
    "mseloss": "mean_squared_error",
    "l1loss": "mean_absolute_error",
    "he": ("he_normal", "he_uniform"),
    "kaiming": ("he_normal", "he_uniform"),
    "glorot": ("xavier_uniform", "xavier_normal"),
    "xavier": ("xavier_uniform", "xavier_normal"),
    "betas": ("beta1", "beta2"),
    "lr": "learning_rate",
    "eta": "learning_rate",
}


def printable(text: str) -> str:
    """Escape all characters that a terminal would obey instead of showing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def truncate(text: str) -> str:
    """Cut ``text`` to MAX_QUOTE characters, the last one an ellipsis if anything is missing."""
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"


def shorten_path(path: str) -> str:
    """Cut a path to a length that fits into a message; the end stays, because it names the file."""
    return path if len(path) <= _MAX_PATH else "…" + path[1 - _MAX_PATH :]


def path_from_home(path: Path | str) -> str:
    """Return a path for a message, with ``~`` for the home folder."""
    text, home = str(path), os.path.expanduser("~")
    is_in_home = home not in ("~", os.sep) and (text == home or text.startswith(home + os.sep))
    return printable(f"~{text[len(home) :]}" if is_in_home else text)


def shown_path(path: Path) -> str:
    """Return the path of a file for a message, not too long."""
    return shorten_path(path_from_home(path))


def quote(value: object) -> str | Message:
    """Write a value for a message: on one line, short, without control characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A value may be megabytes long: cut it before escaping.
        return f'"{truncate(printable(value[: MAX_QUOTE + 1]))}"'
    if isinstance(value, list):
        return message("a list")
    if isinstance(value, dict):
        return message("a table")
    try:
        return truncate(printable(str(value)))
    except ValueError:  # Python refuses to print an integer of more than 4,300 digits
        return message("a number of thousands of digits")


def subscript(number: int) -> str:
    """Return a number in subscript digits."""
    return str(number).translate(_SUBSCRIPTS)


def to_name(text: str) -> str:
    """Return a name as the program writes it: in lower case, with underscores."""
    return text.strip().lower().replace("-", "_").replace(" ", "_")


def split_words(text: str) -> list[str]:
    """Split a text into words and ``option=value``; there may be spaces around the equals sign."""
    return re.sub(r"\s*=\s*", "=", text).split()


def without_subscripts(text: str) -> str:
    """Return a text with ordinary digits in place of subscript ones."""
    return text.translate(_PLAIN_DIGITS)


def superscript(number: int) -> str:
    """Write a whole number ≥ 0 as an exponent: ``¹²`` for 12."""
    return "".join(_SUPERSCRIPTS[int(digit)] for digit in str(number))


def plain_number(value: float, digits: int | None = 6) -> str:
    """Write a number with the sign − for minus; an exponent has the sign that can be typed, as in ``1e-08``.

    Args:
        value: The number; NaN and infinities become ``NaN``, ``∞`` and ``−∞``.
        digits: Significant digits; None gives the shortest text that reads back as the same number.
    """
    if not isfinite(value):
        return "NaN" if value != value else ("∞" if value > 0 else "−∞")
    # Adding 0 turns −0 into 0, which a reader expects of 0 × −1.
    value = float(value) + 0.0
    text = repr(value).removesuffix(".0") if digits is None else f"{value:.{digits}g}"
    return f"−{text[1:]}" if text.startswith("-") else text


def two_digits(value: float) -> str:
    """Write a number with two significant digits: ``0.7``, ``4.1``, ``65000``, ``3e-7``, ``2.9e119``, ``∞``."""
    if 1e-3 <= abs(value) < 1e6:
        return f"{float(f'{value:.2g}'):.0f}" if abs(value) >= 10 else f"{value:.2g}"
    if not value or not isfinite(value):
        return plain_number(value)
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}"


def plain_numbers(values: Sequence[float], digits: int | None = 6, max_count: int = 12) -> str:
    """Write numbers separated by commas: the first ``max_count`` of them, and how many more there are."""
    text = ", ".join(plain_number(value, digits) for value in values[:max_count])
    hidden = len(values) - max_count
    return text if hidden <= 0 else tr("{numbers}, … {count:,} more", numbers=text, count=hidden)


def sizes_text(sizes: Iterable[int]) -> str:
    """Return the units of each layer, the inputs first: ``2–4–1``."""
    return "–".join(map(str, sizes))


def one_line(text: str) -> str:
    """Make text from a file safe to print: collapse white space and escape control characters."""
    return printable(" ".join(text.split()))


def ascii_text(text: str) -> str:
    """Spell the signs and Greek letters that this program prints in ASCII; other letters stay as they are."""
    text = _POWER.sub(lambda match: f"^{match[0].translate(_DIGITS)}", text)
    return text.replace("Δ ", "step ").translate(_ASCII)


def wrap_lines(text: str, width: int) -> str:
    """Break lines longer than ``width`` at spaces and indent their continuation lines."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        parts = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        lines += parts or [""]
    return "\n".join(lines)


def parse_int(text: str, min_: int, max_: int) -> int | None:
    """Parse a whole number that a person wrote, such as ``007``, ``+5`` or ``1_000``.

    Args:
        text: Of any length; ``int`` alone would raise for more than 4,300 digits.
        min_: The least number allowed.
        max_: The greatest number allowed.

    Returns:
        The number, or None if ``text`` is not a whole number from ``min_`` to ``max_``.
    """
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    digits = match[1].replace("_", "").lstrip("0") or "0"
    if len(digits) > len(str(max_)):
        return None
    number = int(digits)
    return number if min_ <= number <= max_ else None


def format_duration(seconds: float) -> str:
    """Return a duration such as ``0:42`` or ``1:05:42``."""
    rounded = round(min(seconds, 1e9))
    hours, minutes = divmod(rounded // 60, 60)
    return f"{hours}:{minutes:02}:{rounded % 60:02}" if hours else f"{minutes}:{rounded % 60:02}"


def closest_names(name: str, names: Iterable[str], count: int = 1, *, cutoff: float = 0.6) -> list[str]:
    """Return up to ``count`` of ``names`` that are most like ``name``, the best first.

    Args:
        name: The name as a person wrote it, of any length.
        names: The valid names.
        count: The largest number of names to return.
        cutoff: The least similarity, from 0 (accept any name) to 1 (accept equal names only).
    """
    by_simple_name = {_simplify(valid): valid for valid in names}
    matches = get_close_matches(_simplify(name), by_simple_name, n=count, cutoff=cutoff)
    return [by_simple_name[match] for match in matches]


def _simplify(name: str) -> str:
    return to_name(name[:MAX_QUOTE])


def suggest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``names`` that somebody who wrote ``name`` most likely meant; none if nothing is similar."""
    valid = list(names)
    synonyms = _SYNONYMS.get(_simplify(name), ())
    known = tuple(each for each in ((synonyms,) if isinstance(synonyms, str) else synonyms) if each in valid)
    return known or tuple(closest_names(name, valid))
