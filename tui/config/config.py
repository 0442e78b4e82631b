"""The config file: settings and keys. Only the invalid entries are ignored, each with an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.errors import ErrorCode, InputError, KeyPath, os_error_reason
from nn_tui.core.fields import check_bool, check_int, unknown_key_error
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.toml import parse_toml
from nn_tui.core.text import path_from_home, quote
from nn_tui.core.translation import Message, message
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.choices import DIGITS, SPEEDS

MAX_CONFIG_BYTES = 256 * 1024
_MAX_BAD_LINES = 20


@dataclass(frozen=True, slots=True)
class Config:
    """The content of a config file.

    Attributes:
        values: The valid settings by name.
        keys: The names of the keys by the name of the action, not checked yet.
        errors: An error for each entry that is ignored; it names the file.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[InputError, ...] = ()


def read_config(path: Path) -> Config:
    """Read the config file; a missing or unreadable file counts as empty. Invalid content does not raise an error."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading a pipe would block
            return _ignored(path, "unreadable", message("it is not a regular file, so it is ignored."))
        with path.open("rb") as stream:
            raw = stream.read(MAX_CONFIG_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
        return _ignored(path, "unreadable", problem)
    if len(raw) > MAX_CONFIG_BYTES:
        problem = message("it is larger than {max} KiB, so it is ignored.", max=MAX_CONFIG_BYTES // 1024)
        return _ignored(path, "too_large", problem)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _ignored(path, "unreadable", message("this is not UTF-8. The file is ignored."), line)
    table, errors = _parse(text)
    values: dict[str, Any] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if name == "keys":
            errors += _read_keys(value, keys)
            continue
        try:
            values[name] = _check_setting(name, value)
        except InputError as error:
            errors.append(error)
    if "digits" in values and values["digits"] == "all":
        values["digits"] = None
    for each in errors:
        each.file = path_from_home(path)
    return Config(values, keys, tuple(errors))


def _ignored(path: Path, code: ErrorCode, problem: Message, line: int = 0) -> Config:
    return Config(errors=(InputError(code, problem, file=path_from_home(path), line=line),))


def _parse(text: str) -> tuple[dict[str, Any], list[InputError]]:
    """Return the table in ``text``, without the lines that are not TOML, and an error for each of these."""
    lines = text.splitlines()
    errors: list[InputError] = []
    while True:
        try:
            return parse_toml("\n".join(lines) + "\n"), errors
        except InputError as error:
            is_line = error.code == "syntax" and 1 <= error.line <= len(lines) and lines[error.line - 1]
            errors.append(error)
            if not is_line or len(errors) > _MAX_BAD_LINES:
                error.problem = message("{problem} The file is ignored.", problem=error.problem)
                return {}, errors
            error.problem = message("{problem} The line is ignored.", problem=error.problem)
            lines[error.line - 1] = ""


def _read_keys(value: object, keys: dict[str, tuple[str, ...]]) -> list[InputError]:
    """Add the table ``[keys]`` to ``keys``, and return the errors."""
    if not isinstance(value, dict):
        problem = message(
            '{value} is not a table; write [keys], and under it for example forward = "x".', value=quote(value)
        )
        return [InputError("wrong_type", problem, path=("keys",), value=value)]
    errors: list[InputError] = []
    for action, entry in value.items():
        names = [entry] if isinstance(entry, str) else entry
        if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
            keys[action] = tuple(names)
        else:
            problem = message("{value} is neither a key nor a list of keys.", value=quote(entry))
            errors.append(InputError("wrong_type", problem, path=("keys", action), value=entry))
    return errors


def _one_of(*names: object) -> Callable[[object, KeyPath], object]:
    """Return a check that accepts ``names`` only, with their types."""

    def check(value: object, path: KeyPath) -> object:
        if any(value == name and type(value) is type(name) for name in names):
            return value
        choices = ", ".join(str(quote(name)) for name in names)
        problem = message("{value} is not one of {choices}.", value=quote(value), choices=choices)
        raise InputError("not_a_choice", problem, path=path, value=value)

    return check


def _check_seed(value: object, path: KeyPath) -> int:
    return check_int(value, path, min_=0, max_=MAX_SEED)


def _check_file(value: object, path: KeyPath) -> object:
    if isinstance(value, str) and value:
        return value
    problem = message("{value} is not a file name.", value=quote(value))
    raise InputError("wrong_type", problem, path=path, value=value)


_CHECKS: Mapping[str, Callable[[object, KeyPath], object]] = {
    "palette": _one_of(*PALETTES),
    "ascii": check_bool,
    "digits": _one_of(*(count for count in DIGITS if count is not None), "all"),
    "zoom": _one_of(*ZOOMS),
    "speed": _one_of(*(speed.name for speed in SPEEDS)),
    "log_scale": check_bool,
    "seed": _check_seed,
    "welcome": check_bool,
    "resume": check_bool,
    "log": _check_file,
}


def _check_setting(name: str, value: object) -> object:
    """Return the value of a setting, or raise InputError."""
    if name not in _CHECKS:
        raise unknown_key_error(name, (name,), (*_CHECKS, "keys"), value)
    return _CHECKS[name](value, (name,))
