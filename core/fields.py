"""Checks of single values, and of one TOML table key by key; a wrong value raises an InputError with its path."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from nn_tui.core.errors import ErrorCode, InputError, KeyPath
from nn_tui.core.text import quote, suggest
from nn_tui.core.translation import Message, message

# Bidirectional overrides are format characters (Cf) that can make a line read as something else.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def unknown_key_error(name: str, path: KeyPath, known: Iterable[str], value: object = None) -> InputError:
    """Return the error for a key that is not in ``known``; the caller raises it.

    Args:
        name: The key.
        path: The path of the key.
        known: The valid keys.
        value: The value of the key.
    """
    valid = list(known)
    suggestions = suggest(name, valid)
    problem = message("there is no such key.")
    if not suggestions:
        problem = message("there is no such key; the keys here are: {choices}.", choices=", ".join(valid))
    return InputError("unknown_key", problem, path=path, value=value, suggestions=suggestions)


# Single values


def parse_json_object(text: str) -> dict[str, Any] | None:
    """Return the object in a JSON text; None if the text is not JSON or not an object."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def check_string(value: object, path: KeyPath) -> str:
    """Return ``value``, or raise InputError if it is not a string or contains a control character."""
    if not isinstance(value, str):
        problem = message("{value} is not text; put it in quotes.", value=quote(value))
        raise InputError("wrong_type", problem, path=path, value=value)
    if not value.isprintable() and any(category(c) == "Cc" or c in _BIDI_CONTROLS for c in value):
        problem = message("{value} contains a control character.", value=quote(value))
        raise InputError("syntax", problem, path=path, value=value)
    return value


def check_bool(value: object, path: KeyPath) -> bool:
    """Return ``value``, or raise InputError if it is not true or false."""
    if not isinstance(value, bool):
        problem = message("{value} is not true or false.", value=quote(value))
        raise InputError("wrong_type", problem, path=path, value=value)
    return value


def check_choice(value: object, path: KeyPath, names: Iterable[str], kind: Message) -> str:
    """Return ``value`` if it is one of ``names``, or raise InputError.

    Args:
        value: The value.
        path: Its path.
        names: The valid values.
        kind: A noun with its article: ``message("an activation")``.
    """
    valid = list(names)
    if isinstance(value, str) and value in valid:
        return value
    suggestions = suggest(value, valid) if isinstance(value, str) else ()
    problem = message("{value} is not {kind}.", value=quote(value), kind=kind)
    if not suggestions:
        problem = message(
            "{value} is not {kind}; it must be one of: {choices}.",
            value=quote(value),
            kind=kind,
            choices=", ".join(valid),
        )
    raise InputError("not_a_choice", problem, path=path, value=value, suggestions=suggestions)


def check_int(value: object, path: KeyPath, *, min_: int, max_: int) -> int:
    """Return ``value`` if it is a whole number from ``min_`` to ``max_``, or raise InputError."""
    if isinstance(value, bool) or not isinstance(value, int):
        problem = message("{value} is not a whole number.", value=quote(value))
        raise InputError("wrong_type", problem, path=path, value=value)
    if not min_ <= value <= max_:
        problem = message("{value} is not between {min} and {max}.", value=quote(value), min=min_, max=max_)
        raise InputError("out_of_range", problem, path=path, value=value)
    return value


def check_float(
    value: object,
    path: KeyPath,
    *,
    min_: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    max_: float = math.inf,
) -> float:
    """Return ``value`` as a finite number within the bounds, or raise InputError.

    Args:
        value: The value.
        path: Its path.
        min_: The least value allowed.
        above: A bound that the value must be above.
        below: A bound that the value must be below.
        max_: The greatest value allowed.

    The bounds may be none, ``min_``, ``above``, or one of the two with ``max_``, or ``min_`` with ``below``.
    """
    number = check_finite(value, path)
    if min_ <= number <= max_ and above < number < below:
        return number
    problem = _range_problem(number, min_, above, below, max_)
    raise InputError("out_of_range", problem, path=path, value=value)


def _range_problem(value: float, min_: float, above: float, below: float, max_: float) -> Message:
    """Return the sentence about a number out of range; it names the bounds that are finite."""
    isfinite = math.isfinite
    if isfinite(min_) and isfinite(below):
        return message(
            "{value:g} is out of range; it must be at least {min:g} and less than {below:g}.",
            value=value,
            min=min_,
            below=below,
        )
    if isfinite(min_) and isfinite(max_):
        return message(
            "{value:g} is out of range; it must be at least {min:g} and at most {max:g}.",
            value=value,
            min=min_,
            max=max_,
        )
    if isfinite(above) and isfinite(max_):
        return message(
            "{value:g} is out of range; it must be more than {above:g} and at most {max:g}.",
            value=value,
            above=above,
            max=max_,
        )
    if isfinite(above):
        return message("{value:g} is out of range; it must be more than {above:g}.", value=value, above=above)
    return message("{value:g} is out of range; it must be at least {min:g}.", value=value, min=min_)


def check_finite(value: object, path: KeyPath) -> float:
    """Return ``value`` as a float, or raise InputError if it is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        problem = message("{value} is not a number.", value=quote(value))
        raise InputError("wrong_type", problem, path=path, value=value)
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        problem = message("{value} is not a finite number.", value=quote(value))
        raise InputError("not_finite", problem, path=path, value=value)
    return result


# Tables


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a preset file.

    Attributes:
        path: The path of the table, such as ``("training", "optimizer")``; empty for the top of the file.
        values: The keys of the table and their values.
    """

    path: KeyPath
    values: dict[str, object]

    def key(self, name: str) -> KeyPath:
        """Return the path of the key ``name``."""
        return (*self.path, name)

    def error(self, code: ErrorCode, name: str, problem: Message) -> InputError:
        """Return an error about the key ``name``; the caller raises it."""
        return InputError(code, problem, path=self.key(name), value=self.values.get(name))


def reject_unknown_keys(section: Section, known: Iterable[str]) -> None:
    """Raise InputError for the first key of the table that is not in ``known``."""
    names = list(known)
    for name, value in section.values.items():
        if name not in names:
            raise unknown_key_error(name, section.key(name), names, value)


def unknown_option_error(section: Section, key: str, owner: str, accepted: Iterable[str]) -> InputError:
    """Return the error for an option that its ``owner``, such as an optimiser, does not take; the caller raises it.

    Args:
        section: The table.
        key: The option.
        owner: The name of an optimiser, a schedule or an initialisation.
        accepted: The options that it takes.
    """
    choices = ", ".join(accepted)
    problem = message("it does not belong to {owner}, which takes no options.", owner=quote(owner))
    if choices:
        problem = message("it does not belong to {owner}, which takes {choices}.", owner=quote(owner), choices=choices)
    return section.error("conflict", key, problem)


def read_section(section: Section, name: str) -> Section:
    """Read the table ``name``; return an empty one if the key is missing."""
    value = section.values.get(name, {})
    if not isinstance(value, dict):
        header = f"[{'.'.join(map(str, section.key(name)))}]"
        problem = message("{value} is not a table; write {header}.", value=quote(value), header=header)
        raise section.error("wrong_type", name, problem)
    return Section(section.key(name), value)


def read_text(section: Section, name: str) -> str:
    """Read text for the screen and join it to one line; return "" if the key is missing."""
    value = section.values.get(name, "")
    return check_string(" ".join(value.split()) if isinstance(value, str) else value, section.key(name))


def read_string(section: Section, name: str) -> str:
    """Read a string without control characters; return "" if the key is missing."""
    return check_string(section.values.get(name, ""), section.key(name))


def read_choice(section: Section, name: str, names: Iterable[str], kind: Message, default: str | None = None) -> str:
    """Read one of ``names``.

    Args:
        section: The table.
        name: The key.
        names: The valid values.
        kind: A noun for messages, with its article: ``message("an activation")``.
        default: The value if the key is missing; None makes the key required.
    """
    valid = list(names)
    if name not in section.values and default is None:
        problem = message("it is missing; it must be one of: {choices}.", choices=", ".join(valid))
        raise section.error("missing", name, problem)
    return check_choice(section.values.get(name, default), section.key(name), valid, kind)


def read_bool(section: Section, name: str, default: bool) -> bool:
    """Read true or false."""
    return check_bool(section.values.get(name, default), section.key(name))


def read_int(section: Section, name: str, default: int | None, *, min_: int, max_: int) -> int:
    """Read a whole number from ``min_`` to ``max_``; ``default`` None makes the key required."""
    value = section.values.get(name, default)
    if value is None:
        raise section.error("missing", name, message("it is missing; it must be a whole number."))
    return check_int(value, section.key(name), min_=min_, max_=max_)


def read_float(
    section: Section,
    name: str,
    default: float,
    *,
    min_: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    max_: float = math.inf,
) -> float:
    """Read a finite number, or return ``default`` if the key is missing; the bounds are those of `check_float`."""
    value = section.values.get(name, default)
    return check_float(value, section.key(name), min_=min_, above=above, below=below, max_=max_)


def read_vector(section: Section, name: str) -> tuple[float, ...]:
    """Read a list of finite numbers; the key must be there."""
    values = section.values[name]
    if not isinstance(values, list):
        problem = message("{value} is not a list of numbers, such as [0.1, 0.2].", value=quote(values))
        raise section.error("wrong_type", name, problem)
    return tuple(check_finite(value, (*section.key(name), i)) for i, value in enumerate(values))
