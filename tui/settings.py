"""What holds for every command, and where it comes from: flag, environment, config file or default."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PALETTES = ("dark", "light", "contrast", "ansi", "mono")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for any command. ``seed`` None is the preset's own, ``palette`` None the app's choice."""

    seed: int | None = None
    palette: str | None = None
    ascii: bool = False
    log: Path | None = None


class UsageError(Exception):
    """The command line, or a variable that stands for a part of it, cannot be understood."""


def settings(args: argparse.Namespace, environ: Mapping[str, str], config: Mapping[str, Any]) -> Settings:
    """The settings in force: a flag, else ``NN_TUI_*``, else the config file's value, else the default.

    ``config`` holds checked values by field name. ``NO_COLOR`` means the palette mono, unless a flag or
    ``NN_TUI_PALETTE`` names another. Raises UsageError for a variable that makes no sense.
    """

    def pick(name: str, parse: Any) -> Any:
        flag = getattr(args, name, None)
        if flag is not None:
            return flag
        text = environ.get(f"NN_TUI_{name.upper()}", "")
        if text:
            try:
                return parse(text)
            except argparse.ArgumentTypeError as error:
                raise UsageError(f"NN_TUI_{name.upper()}: {error}") from None
        if name == "palette" and environ.get("NO_COLOR"):
            return "mono"
        return config.get(name)

    log = pick("log", Path)
    return Settings(
        seed=pick("seed", whole_number),
        palette=pick("palette", palette),
        ascii=bool(pick("ascii", _switch)),
        log=Path(log) if log is not None else None,
    )


def whole_number(text: str) -> int:
    """A whole number from 0 up."""
    return _at_least(0, text)


def positive(text: str) -> int:
    """A whole number from 1 up."""
    return _at_least(1, text)


def _at_least(least: int, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from {least} up")
    return value


def digits(text: str) -> int | None:
    """How many significant digits to print, None for all of them."""
    if text == "all":
        return None
    if text.isdecimal() and 1 <= int(text[:4]) <= 17:
        return int(text[:4])
    raise argparse.ArgumentTypeError(f"{text[:40]!r} is neither a whole number from 1 to 17 nor all")


def palette(text: str) -> str:
    """The name of a palette."""
    if text not in PALETTES:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no palette; there are {', '.join(PALETTES)}")
    return text


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is neither 1 nor 0")
    return words[text.lower()]
