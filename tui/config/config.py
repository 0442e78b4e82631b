"""The config file: defaults and keys. A bad line in it is left out with a notice, and nothing else is."""

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

LARGEST = 256 * 1024  # bytes; a config file is written by hand
_MOST_BAD_LINES = 20
_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Config:
    """What a config file says: ``values`` by the name of the setting, ``keys`` by action, both as far as they are good.

    ``keys`` are lists of names that nothing has looked at yet. A notice is one sentence about what was left out.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def read_config(path: Path) -> Config:
    """The config file at ``path``; an empty one where there is none. Never raises for what it holds."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            return Config(notices=(f"{path}: is not a regular file, so it is ignored",))
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        return Config(notices=(f"{path}: cannot be read: {(error.strerror or 'error').lower()}",))
    if len(raw) > LARGEST:
        return Config(notices=(f"{path}: is larger than {LARGEST // 1024} KiB, so it is ignored",))
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
    """The file's table; a line that is no TOML is left out, and the rest is read again."""
    lines = text.splitlines()
    notices: list[str] = []
    while True:
        kept = "\n".join(lines) + "\n"
        if find_long_key(kept) is not None:  # in each round: a line left out may have opened a string that held one
            return {}, [f"{path}: is not a config file, because a key in it has too many parts; the file is ignored"]
        try:
            return tomllib.loads(kept), notices
        except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
            found = _LINE.search(str(error))
            line = int(found[1]) if found else 0
            if not 1 <= line <= len(lines) or not lines[line - 1] or len(notices) == _MOST_BAD_LINES:
                said = _LINE.sub("", str(error)).strip()
                return {}, [*notices, f"{path}: is not TOML ({printable(said)}); the file is ignored"]
            said = _LINE.sub("", str(error)).strip()
            notices.append(f"{path}, line {line}: {printable(said)}; the line is ignored")
            lines[line - 1] = ""


def _read_keys(value: object, keys: dict[str, tuple[str, ...]], path: Path) -> list[str]:
    """Fill ``keys`` from the table of that name; returns the notices."""
    if not isinstance(value, dict):
        return [f'{path}: keys: {quote(value)} is not a table; write [keys], and under it for example forward = "x"']
    notices = []
    for action, wanted in value.items():
        names = [wanted] if isinstance(wanted, str) else wanted
        if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
            keys[action] = tuple(names)
        else:
            notices.append(
                f"{path}: keys.{printable(action[:80])}: {quote(wanted)} is neither a key nor a list of keys"
            )
    return notices


def _one_of(names: tuple[Any, ...]) -> Callable[[object], str]:
    shown = ", ".join(quote(name) for name in names)

    def problem(value: object) -> str:
        good = any(value == name and type(value) is type(name) for name in names)
        return "" if good else f"{quote(value)} is not one of {shown}"

    return problem


def _seed(value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEED
    return "" if good else f"{quote(value)} is not a whole number from 0 up to {MAX_SEED}"


def _switch(value: object) -> str:
    return "" if isinstance(value, bool) else f"{quote(value)} is neither true nor false"


def _file(value: object) -> str:
    return "" if isinstance(value, str) and value else f"{quote(value)} is not a file name"


_CHECKS: Mapping[str, Callable[[object], str]] = {
    "palette": _one_of(PALETTES),
    "ascii": _switch,
    "digits": _one_of((*(count for count in DIGITS if count is not None), "all")),
    "zoom": _one_of(ZOOMS),
    "speed": _one_of(tuple(speed.label for speed in SPEEDS)),
    "log_scale": _switch,
    "seed": _seed,
    "welcome": _switch,
    "resume": _switch,
    "log": _file,
}


def _problem(name: str, value: object) -> str:
    """What is wrong with a setting; empty if nothing."""
    check = _CHECKS.get(name)
    if check is None:
        return f"there is no such setting{suggestion(name, (*_CHECKS, 'keys'))}"
    return check(value)
