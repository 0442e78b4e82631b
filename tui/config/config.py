"""The config file: settings and keys. Only the invalid entries are ignored, each with a notice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.fields import suggestion
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.dotted_keys import find_long_key
from nn_tui.core.text import printable, quote
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.choices import DIGITS, SPEEDS

MAX_CONFIG_BYTES = 256 * 1024
_MAX_BAD_LINES = 20
_LINE_NUMBER = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Config:
    """The content of a config file.

    Attributes:
        values: The valid settings by name.
        keys: The names of the keys by the name of the action, not checked yet.
        notices: A message about each entry that is ignored.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def read_config(path: Path) -> Config:
    """Read the config file; a missing or unreadable file counts as empty. Invalid content does not raise an error."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading a pipe would block
            return Config(notices=(f"{path}: is not a regular file, so it is ignored",))
        with path.open("rb") as stream:
            raw = stream.read(MAX_CONFIG_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        return Config(notices=(f"{path}: cannot be read: {(error.strerror or 'error').lower()}",))
    if len(raw) > MAX_CONFIG_BYTES:
        return Config(notices=(f"{path}: is larger than {MAX_CONFIG_BYTES // 1024} KiB, so it is ignored",))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Config(notices=(f"{path}, line {line}: is not UTF-8; the file is ignored",))
    table, notices = _parse(text, path)
    values: dict[str, Any] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if name == "keys":
            notices += _read_keys(value, keys, path)
            continue
        problem = _problem(name, value)
        if problem:
            notices.append(f"{path}: {printable(name[:80])}: {problem}")
        else:
            values[name] = value
    if "digits" in values and values["digits"] == "all":
        values["digits"] = None
    return Config(values, keys, tuple(notices))


def _parse(text: str, path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the table in ``text``, without the lines that are not TOML, and a notice for each of these."""
    lines = text.splitlines()
    notices: list[str] = []
    while True:
        remaining = "\n".join(lines) + "\n"
        if find_long_key(remaining) is not None:  # each time, because an ignored line may have started a string
            return {}, [f"{path}: is not a config file, because a key in it has too many parts; the file is ignored"]
        try:
            return tomllib.loads(remaining), notices
        except (ValueError, RecursionError) as error:  # a number with thousands of digits raises a plain ValueError
            match = _LINE_NUMBER.search(str(error))
            line = int(match[1]) if match else 0
            reason = printable(_LINE_NUMBER.sub("", str(error)).strip())
            if not 1 <= line <= len(lines) or not lines[line - 1] or len(notices) == _MAX_BAD_LINES:
                return {}, [*notices, f"{path}: is not TOML ({reason}); the file is ignored"]
            notices.append(f"{path}, line {line}: {reason}; the line is ignored")
            lines[line - 1] = ""


def _read_keys(value: object, keys: dict[str, tuple[str, ...]], path: Path) -> list[str]:
    """Add the table ``[keys]`` to ``keys``, and return the notices."""
    if not isinstance(value, dict):
        return [f'{path}: keys: {quote(value)} is not a table; write [keys], and under it for example forward = "x"']
    notices = []
    for action, entry in value.items():
        names = [entry] if isinstance(entry, str) else entry
        if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
            keys[action] = tuple(names)
        else:
            notices.append(f"{path}: keys.{printable(action[:80])}: {quote(entry)} is neither a key nor a list of keys")
    return notices


def _option_check(names: tuple[Any, ...]) -> Callable[[object], str]:
    options = ", ".join(quote(name) for name in names)

    def problem(value: object) -> str:
        is_valid = any(value == name and type(value) is type(name) for name in names)
        return "" if is_valid else f"{quote(value)} is not one of {options}"

    return problem


def _seed_problem(value: object) -> str:
    is_valid = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEED
    return "" if is_valid else f"{quote(value)} is not a whole number from 0 up to {MAX_SEED}"


def _bool_problem(value: object) -> str:
    return "" if isinstance(value, bool) else f"{quote(value)} is neither true nor false"


def _file_problem(value: object) -> str:
    return "" if isinstance(value, str) and value else f"{quote(value)} is not a file name"


_PROBLEM_OF: Mapping[str, Callable[[object], str]] = {
    "palette": _option_check(PALETTES),
    "ascii": _bool_problem,
    "digits": _option_check((*(count for count in DIGITS if count is not None), "all")),
    "zoom": _option_check(ZOOMS),
    "speed": _option_check(tuple(speed.label for speed in SPEEDS)),
    "log_scale": _bool_problem,
    "seed": _seed_problem,
    "welcome": _bool_problem,
    "resume": _bool_problem,
    "log": _file_problem,
}


def _problem(name: str, value: object) -> str:
    """Return the error of a setting; empty if the setting is valid."""
    problem_of = _PROBLEM_OF.get(name)
    if problem_of is None:
        return f"there is no such setting{suggestion(name, (*_PROBLEM_OF, 'keys'))}"
    return problem_of(value)
