"""What holds for every command, and where it comes from: flag, environment, config file or default."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.limits import MAX_PASS, MAX_SEED, MAX_UPDATES
from nn_tui.core.text import parse_int
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.choices import SPEEDS


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for any command. ``seed`` None is the preset's own, ``palette`` None the app's choice.

    ``ascii_named`` says that somebody chose ``ascii``, so that the terminal is not asked. ``view`` are the app's
    first digits, zoom, speed and log_scale where they are named; ``welcome`` allows the first start's greeting,
    ``resume`` that the session is kept for the next start, which offers it.
    """

    seed: int | None = None
    palette: str | None = None
    ascii: bool = False
    log: Path | None = None
    ascii_named: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)
    welcome: bool = True
    resume: bool = True


class UsageError(Exception):
    """The command line, or a variable that stands for a part of it, cannot be understood."""


def settings(args: argparse.Namespace, environ: Mapping[str, str], config: Mapping[str, Any]) -> Settings:
    """The settings in force: a flag, else ``NN_TUI_*``, else the config file's value, else the default.

    ``config`` holds checked values by field name. ``NO_COLOR`` means the palette mono, unless a flag or
    ``NN_TUI_PALETTE`` names another. Raises UsageError for a variable that makes no sense.
    """

    def pick(name: str, parse: Any) -> Any:
        flag = getattr(args, name, None)
        if flag is not None and name not in _VIEW:
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

    def is_named(name: str) -> bool:
        flag = None if name in _VIEW else getattr(args, name, None)
        return flag is not None or bool(environ.get(f"NN_TUI_{name.upper()}")) or name in config

    log = pick("log", Path)
    welcome, resume = pick("welcome", _switch), pick("resume", _switch)
    return Settings(
        seed=pick("seed", seed),
        palette=pick("palette", palette),
        ascii=bool(pick("ascii", _switch)),
        log=Path(log) if log is not None else None,
        ascii_named=is_named("ascii"),
        view={name: pick(name, parse) for name, parse in _VIEW.items() if is_named(name)},
        welcome=welcome is None or welcome,
        resume=resume is None or resume,
    )


def seed(text: str) -> int:
    """A whole number that a preset file may have as its seed."""
    return _whole(text, 0, MAX_SEED, f"{MAX_SEED}")


def updates(text: str) -> int:
    """How many updates, or epochs, to train."""
    return _whole(text, 0, MAX_UPDATES, f"{MAX_UPDATES:,}")


def passes(text: str) -> int:
    """Which pass to show, from 1."""
    return _whole(text, 1, MAX_PASS, f"{MAX_PASS:,}")


def _whole(text: str, least: int, most: int, shown: str) -> int:
    found = parse_int(text, least, most)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from {least} up to {shown}")
    return found


def digits(text: str) -> int | None:
    """How many significant digits to print, None for all of them."""
    if text == "all":
        return None
    found = parse_int(text, 1, 17)
    if found is not None:
        return found
    raise argparse.ArgumentTypeError(f"{text[:40]!r} is neither a whole number from 1 to 17 nor all")


def _view_digits(text: str) -> int | None:
    """How many decimals the screen shows."""
    if text not in ("2", "4", "6", "all"):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not one of 2, 4, 6, all")
    return None if text == "all" else int(text)


def palette(text: str) -> str:
    """The name of a palette."""
    if text not in PALETTES:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a palette; choose one of {', '.join(PALETTES)}")
    return text


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is neither 1 nor 0")
    return words[text.lower()]


def _zoom(text: str) -> str:
    if text not in ZOOMS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a zoom; choose one of {', '.join(ZOOMS)}")
    return text


def _speed(text: str) -> str:
    labels = [speed.label for speed in SPEEDS]
    if text not in labels:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a speed; choose one of {', '.join(labels)}")
    return text


# What the screen starts with; no flag sets these, and `trace` has digits of its own.
_VIEW = {"digits": _view_digits, "zoom": _zoom, "speed": _speed, "log_scale": _switch}
