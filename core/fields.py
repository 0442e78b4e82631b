"""Reading one TOML table key by key: the right type and range, or one sentence that says where and what."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from unicodedata import category

from nn_tui.core.errors import InputError

if TYPE_CHECKING:  # it imports NumPy, which the command line does without
    from nn_tui.core.spec import Matrix

_LONGEST_QUOTE = 60
_LONGEST_PATH = 120
# What people write who learned from other books and libraries, and difflib is too literal to find.
_SYNONYMS = {
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
    "lr": "learning_rate",
    "eta": "learning_rate",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a preset file: the file's name for messages, the key path so far, and its values."""

    where: str
    path: str
    values: dict[str, object]

    def key(self, name: str) -> str:
        """The whole key path of ``name``: ``training.optimizer.name``."""
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, name: str, sentence: str) -> InputError:
        """The error that says where (file and key path) and what; the caller raises it."""
        return refusal(self.where, self.key(name), sentence)


def refusal(where: str, path: str, sentence: str) -> InputError:
    """The error ``where: path: sentence``, closed with a full stop; the caller raises it."""
    stop = "" if sentence.endswith(("?", ".")) else "."
    return InputError(f"{where}: {path}: {sentence}{stop}")


def printable(text: str) -> str:
    """``text`` with everything that a terminal would obey instead of showing written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def ending(path: str) -> str:
    """A path short enough for a message: its end, which names the file."""
    return path if len(path) <= _LONGEST_PATH else "…" + path[1 - _LONGEST_PATH :]


def quoted(value: object) -> str:
    """A value as a message shows it: one line, short, no raw control characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Cut first: a value may be megabytes.
        return f'"{_short(printable(value[: _LONGEST_QUOTE + 1]))}"'
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    try:
        return _short(printable(str(value)))
    except ValueError:  # more digits than Python agrees to print
        return "a number of thousands of digits"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def closest(name: str, names: Iterable[str], count: int = 1, *, cutoff: float = 0.6) -> list[str]:
    """Up to ``count`` of ``names`` that are most like ``name``, the best first; ``cutoff`` 0 takes whatever is best."""
    by_plain = {_plain(each): each for each in names}
    return [by_plain[each] for each in get_close_matches(_plain(name), by_plain, n=count, cutoff=cutoff)]


def _plain(name: str) -> str:
    return name[:_LONGEST_QUOTE].lower().replace("-", "_").replace(" ", "_")


def nearest(name: str, names: Iterable[str]) -> str:
    """The end of a sentence that refuses ``name``: the nearest of ``names``, or all of them."""
    known = list(names)
    close = closest(name, known)
    synonym = _SYNONYMS.get(_plain(name))
    if synonym in known:
        return f'; did you mean "{synonym}"?'
    if close:
        return f'; did you mean "{close[0]}"?'
    return "; it must be one of: " + ", ".join(known) if known else ""


def refuse_unknown(section: Section, known: Iterable[str]) -> None:
    """Raise InputError for the first key of the table that is not one of ``known``."""
    names = list(known)
    for name in section.values:
        if name not in names:
            near = nearest(name, names).replace("it must be one of", "the keys here are")
            raise refusal(section.where, _short(printable(section.key(name))), f"there is no such key{near}")


def subsection(section: Section, name: str) -> Section:
    """The table under ``name``, empty when it is absent."""
    value = section.values.get(name, {})
    if not isinstance(value, dict):
        raise section.refuse(name, f"{quoted(value)} is not a table; write [{section.key(name)}]")
    return Section(section.where, section.key(name), value)


def text(section: Section, name: str) -> str:
    """Text for the screen, on one line with white space collapsed; empty when it is absent."""
    value = section.values.get(name, "")
    return string(section, name, " ".join(value.split()) if isinstance(value, str) else value)


def string(section: Section, name: str, value: object = None) -> str:
    """A string without control characters; empty when it is absent."""
    found = section.values.get(name, "") if value is None else value
    if not isinstance(found, str):
        raise section.refuse(name, f"{quoted(found)} is not text; put it in quotes")
    # Bidirectional overrides are format characters (Cf) that can make a line read as something else.
    if any(category(c) == "Cc" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for c in found):
        raise section.refuse(name, f"{quoted(found)} holds a control character")
    return found


def choice(section: Section, name: str, names: Iterable[str], kind: str, default: str | None = None) -> str:
    """One of ``names``; ``kind`` says what they are, with its article: ``"an activation"``."""
    known = list(names)
    if name not in section.values and default is None:
        raise section.refuse(name, f"it is missing; it must be one of: {', '.join(known)}")
    value = section.values.get(name, default)
    if not isinstance(value, str):
        raise section.refuse(name, f"{quoted(value)} is not {kind}; it must be one of: {', '.join(known)}")
    if value not in known:
        raise section.refuse(name, f"{quoted(value)} is not {kind}{nearest(value, known)}")
    return value


def flag(section: Section, name: str, default: bool) -> bool:
    """true or false."""
    value = section.values.get(name, default)
    if not isinstance(value, bool):
        raise section.refuse(name, f"{quoted(value)} is not true or false")
    return value


def whole(section: Section, name: str, default: int | None, *, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``; ``default`` None makes the key required."""
    value = section.values.get(name, default)
    if value is None:
        raise section.refuse(name, "it is missing; it must be a whole number")
    if isinstance(value, bool) or not isinstance(value, int):
        raise section.refuse(name, f"{quoted(value)} is not a whole number")
    if not least <= value <= most:
        raise section.refuse(name, f"{quoted(value)} is not between {least} and {most}")
    return value


def number(
    section: Section,
    name: str,
    default: float | None,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
) -> float:
    """A finite number within the bounds given; ``default`` None makes the key required."""
    if name not in section.values and default is None:
        raise section.refuse(name, "it is missing; it must be a number")
    value = finite(section, name, section.values.get(name, default))
    if not (least <= value <= most and above < value < below):
        bounds = (
            ("more than", above),
            ("at least", least),
            ("less than", below),
            ("at most", most),
        )
        wanted = " and ".join(f"{word} {bound:g}" for word, bound in bounds if math.isfinite(bound))
        raise section.refuse(name, f"{value:g} is out of range; it must be {wanted}")
    return value


def finite(section: Section, name: str, value: object) -> float:
    """``value`` as a float, or InputError under ``name`` when it is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise section.refuse(name, f"{quoted(value)} is not a number")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise section.refuse(name, f"{quoted(value)} is not a finite number")
    return result


def vector(section: Section, name: str) -> tuple[float, ...]:
    """A list of finite numbers."""
    value = section.values[name]
    if not isinstance(value, list):
        raise section.refuse(name, f"{quoted(value)} is not a list of numbers, such as [0.1, 0.2]")
    return tuple(finite(section, f"{name}[{i}]", each) for i, each in enumerate(value))


def matrix(section: Section, name: str) -> Matrix:
    """A list of rows, all of one length and none empty."""
    value = section.values[name]
    if not isinstance(value, list) or not value or not all(isinstance(row, list) and row for row in value):
        raise section.refuse(name, "it must be a list of rows of numbers, such as [[0.1, 0.2], [0.3, 0.4]]")
    for i, row in enumerate(value):
        if len(row) != len(value[0]):
            raise section.refuse(f"{name}[{i}]", f"{_count(len(row))}, but the first row has {len(value[0])}")
    return tuple(
        tuple(finite(section, f"{name}[{i}][{j}]", each) for j, each in enumerate(row)) for i, row in enumerate(value)
    )


def _count(n: int) -> str:
    return f"{n} number{'' if n == 1 else 's'}"
