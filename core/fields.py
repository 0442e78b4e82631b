"""Read one TOML table key by key: return a value of the right type and range, or raise an InputError that says why."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from unicodedata import category

from nn_tui.core.errors import InputError
from nn_tui.core.text import MAX_QUOTE, pluralize, printable, quote, truncate

if TYPE_CHECKING:  # spec imports NumPy, which would slow down the command line
    from nn_tui.core.spec import Matrix

# Names from other books and libraries that are spelled too differently for difflib.
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
# Bidirectional overrides are format characters (Cf) that can make a line read as something else.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a preset file.

    Attributes:
        file: The name of the file, for messages.
        path: The key path of the table, such as ``training.optimizer``; empty for the top of the file.
        values: The keys of the table and their values.
    """

    file: str
    path: str
    values: dict[str, object]

    def key(self, name: str) -> str:
        """Return the whole key path of ``name``, such as ``training.optimizer.name``."""
        return f"{self.path}.{name}" if self.path else name

    def error(self, name: str, message: str) -> InputError:
        """Return an error that names the file and the key; the caller raises it."""
        return input_error(self.file, self.key(name), message)


def input_error(file: str, path: str, message: str) -> InputError:
    """Return the error ``file: path: message.``; the caller raises it."""
    stop = "" if message.endswith(("?", ".")) else "."
    return InputError(f"{file}: {path}: {message}{stop}")


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
    return name[:MAX_QUOTE].lower().replace("-", "_").replace(" ", "_")


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return the end of a message that rejects ``name``: the most similar of ``names``, or a list of all of them."""
    valid = list(names)
    close = closest_names(name, valid)
    synonym = _SYNONYMS.get(_simplify(name))
    if synonym in valid:
        return f'; did you mean "{synonym}"?'
    if close:
        return f'; did you mean "{close[0]}"?'
    return "; it must be one of: " + ", ".join(valid) if valid else ""


def reject_unknown_keys(section: Section, known: Iterable[str]) -> None:
    """Raise InputError for the first key of the table that is not in ``known``."""
    names = list(known)
    for name in section.values:
        if name not in names:
            end = suggestion(name, names).replace("it must be one of", "the keys here are")
            raise input_error(section.file, truncate(printable(section.key(name))), f"there is no such key{end}")


def read_section(section: Section, name: str) -> Section:
    """Read the table ``name``; return an empty one if the key is missing."""
    value = section.values.get(name, {})
    if not isinstance(value, dict):
        raise section.error(name, f"{quote(value)} is not a table; write [{section.key(name)}]")
    return Section(section.file, section.key(name), value)


def read_text(section: Section, name: str) -> str:
    """Read text for the screen and join it to one line; return "" if the key is missing."""
    value = section.values.get(name, "")
    return check_string(section, name, " ".join(value.split()) if isinstance(value, str) else value)


def read_string(section: Section, name: str) -> str:
    """Read a string without control characters; return "" if the key is missing."""
    return check_string(section, name, section.values.get(name, ""))


def check_string(section: Section, name: str, value: object) -> str:
    """Return ``value``, or raise InputError if it is not a string or contains a control character."""
    if not isinstance(value, str):
        raise section.error(name, f"{quote(value)} is not text; put it in quotes")
    if any(category(c) == "Cc" or c in _BIDI_CONTROLS for c in value):
        raise section.error(name, f"{quote(value)} holds a control character")
    return value


def read_choice(section: Section, name: str, names: Iterable[str], kind: str, default: str | None = None) -> str:
    """Read one of ``names``.

    Args:
        section: The table.
        name: The key.
        names: The valid values.
        kind: A noun for messages, with its article: ``"an activation"``.
        default: The value if the key is missing; None makes the key required.
    """
    valid = list(names)
    if name not in section.values and default is None:
        raise section.error(name, f"it is missing; it must be one of: {', '.join(valid)}")
    value = section.values.get(name, default)
    if not isinstance(value, str):
        raise section.error(name, f"{quote(value)} is not {kind}; it must be one of: {', '.join(valid)}")
    if value not in valid:
        raise section.error(name, f"{quote(value)} is not {kind}{suggestion(value, valid)}")
    return value


def read_bool(section: Section, name: str, default: bool) -> bool:
    """Read true or false."""
    value = section.values.get(name, default)
    if not isinstance(value, bool):
        raise section.error(name, f"{quote(value)} is not true or false")
    return value


def read_int(section: Section, name: str, default: int | None, *, min_: int, max_: int) -> int:
    """Read a whole number from ``min_`` to ``max_``; ``default`` None makes the key required."""
    value = section.values.get(name, default)
    if value is None:
        raise section.error(name, "it is missing; it must be a whole number")
    if isinstance(value, bool) or not isinstance(value, int):
        raise section.error(name, f"{quote(value)} is not a whole number")
    if not min_ <= value <= max_:
        raise section.error(name, f"{quote(value)} is not between {min_} and {max_}")
    return value


def read_float(
    section: Section,
    name: str,
    default: float | None,
    *,
    min_: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    max_: float = math.inf,
) -> float:
    """Read a finite number.

    Args:
        section: The table.
        name: The key.
        default: The value if the key is missing; None makes the key required.
        min_: The least value allowed.
        above: A bound that the value must be above.
        below: A bound that the value must be below.
        max_: The greatest value allowed.
    """
    if name not in section.values and default is None:
        raise section.error(name, "it is missing; it must be a number")
    value = check_finite(section, name, section.values.get(name, default))
    if not (min_ <= value <= max_ and above < value < below):
        bounds = (
            ("more than", above),
            ("at least", min_),
            ("less than", below),
            ("at most", max_),
        )
        range_text = " and ".join(f"{words} {bound:g}" for words, bound in bounds if math.isfinite(bound))
        raise section.error(name, f"{value:g} is out of range; it must be {range_text}")
    return value


def check_finite(section: Section, name: str, value: object) -> float:
    """Return ``value`` as a float, or raise InputError if it is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise section.error(name, f"{quote(value)} is not a number")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise section.error(name, f"{quote(value)} is not a finite number")
    return result


def read_vector(section: Section, name: str) -> tuple[float, ...]:
    """Read a list of finite numbers; the key must be there."""
    values = section.values[name]
    if not isinstance(values, list):
        raise section.error(name, f"{quote(values)} is not a list of numbers, such as [0.1, 0.2]")
    return tuple(check_finite(section, f"{name}[{i}]", value) for i, value in enumerate(values))


def read_matrix(section: Section, name: str) -> Matrix:
    """Read a list of rows of finite numbers, all of one length and none empty; the key must be there."""
    rows = section.values[name]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise section.error(name, "it must be a list of rows of numbers, such as [[0.1, 0.2], [0.3, 0.4]]")
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            message = f"{pluralize(len(row), 'number')}, but the first row has {len(rows[0])}"
            raise section.error(f"{name}[{i}]", message)
    return tuple(
        tuple(check_finite(section, f"{name}[{i}][{j}]", value) for j, value in enumerate(row))
        for i, row in enumerate(rows)
    )
