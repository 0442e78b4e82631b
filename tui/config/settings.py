"""The settings, read from the command line, the environment and the config file."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.limits import MAX_PASS, MAX_SEED, MAX_UPDATES
from nn_tui.core.practice.rounding import MAX_DIGITS, MIN_DIGITS
from nn_tui.core.text import parse_int
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.choices import SPEEDS


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of any command.

    Attributes:
        seed: The seed; None for the seed of the preset.
        palette: The name of the palette; None for the default.
        ascii: Whether to print and draw only ASCII characters.
        log: The log; None means none.
        is_ascii_set: Whether the user has set ``ascii``; otherwise the app asks the terminal.
        view: The values of digits, zoom, speed and log_scale that the user has set.
        welcome: Whether to show the welcome on the first start.
        resume: Whether to save the session, and to offer it at the next start.
        quiet: Whether a command prints neither notes nor its progress on stderr.
    """

    seed: int | None = None
    palette: str | None = None
    ascii: bool = False
    log: Path | None = None
    is_ascii_set: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)
    welcome: bool = True
    resume: bool = True
    quiet: bool = False


class UsageError(Exception):
    """The command line, or a variable that replaces a part of it, is invalid."""


def read_settings(args: Namespace, environ: Mapping[str, str], config: Mapping[str, Any]) -> Settings:
    """Return the settings: each from its flag, else from ``NN_TUI_*``, else from the config file, else the default.

    ``NO_COLOR`` means the palette mono, unless a flag or ``NN_TUI_PALETTE`` names another one.

    Args:
        args: The parsed command line.
        environ: The environment.
        config: The checked values of the config file by field name.

    Raises:
        UsageError: If a variable is invalid.
    """

    def pick(name: str, parse: Any) -> Any:
        flag = getattr(args, name, None)
        if flag is not None and name not in _VIEW_PARSERS:
            return flag
        text = environ.get(f"NN_TUI_{name.upper()}", "")
        if text:
            try:
                return parse(text)
            except ArgumentTypeError as error:
                raise UsageError(f"NN_TUI_{name.upper()}: {error}") from None
        if name == "palette" and environ.get("NO_COLOR"):
            return "mono"
        return config.get(name)

    def is_set(name: str) -> bool:
        flag = None if name in _VIEW_PARSERS else getattr(args, name, None)
        return flag is not None or bool(environ.get(f"NN_TUI_{name.upper()}")) or name in config

    log = pick("log", Path)
    welcome, resume = pick("welcome", _parse_bool), pick("resume", _parse_bool)
    return Settings(
        seed=pick("seed", parse_seed),
        palette=pick("palette", parse_palette),
        ascii=bool(pick("ascii", _parse_bool)),
        log=Path(log) if log is not None else None,
        is_ascii_set=is_set("ascii"),
        view={name: pick(name, parse) for name, parse in _VIEW_PARSERS.items() if is_set(name)},
        welcome=welcome is None or welcome,
        resume=resume is None or resume,
        quiet=bool(getattr(args, "quiet", False)),
    )


def parse_seed(text: str) -> int:
    """Parse a seed."""
    number = parse_int(text, 0, MAX_SEED)
    if number is None:
        raise ArgumentTypeError(
            tr("{value} is not a whole number from {min} up to {max}", value=_shown(text), min=0, max=MAX_SEED)
        )
    return number


def parse_updates(text: str) -> int:
    """Parse a number of updates or epochs to train."""
    return _parse_count(text, 0, MAX_UPDATES)


def parse_pass(text: str) -> int:
    """Parse the number of a pass, from 1."""
    return _parse_count(text, 1, MAX_PASS)


def _parse_count(text: str, min_: int, max_: int) -> int:
    number = parse_int(text, min_, max_)
    if number is None:
        raise ArgumentTypeError(
            tr("{value} is not a whole number from {min} up to {max:,}", value=_shown(text), min=min_, max=max_)
        )
    return number


def _shown(text: str) -> str:
    """Return a value of the command line for a message."""
    return repr(text[:40])


def parse_digits(text: str) -> int | None:
    """Parse a number of significant digits; None means all of them."""
    if text == "all":
        return None
    number = parse_int(text, 1, 17)
    if number is not None:
        return number
    raise ArgumentTypeError(tr("{value} is neither a whole number from 1 to 17 nor all", value=_shown(text)))


def parse_answer_digits(text: str) -> int:
    """Parse the number of significant digits of answers."""
    return _parse_count(text, MIN_DIGITS, MAX_DIGITS)


def _parse_view_digits(text: str) -> int | None:
    """Parse the number of decimals on the screen; None means all of them."""
    if text not in ("2", "4", "6", "all"):
        raise ArgumentTypeError(tr("{value} is not one of {choices}", value=_shown(text), choices="2, 4, 6, all"))
    return None if text == "all" else int(text)


def parse_palette(text: str) -> str:
    """Parse the name of a palette."""
    return _parse_choice(text, PALETTES, message("a palette"))


def parse_framework(text: str) -> str:
    """Parse the name of a framework."""
    from nn_tui.core.program.values import FRAMEWORKS  # needs NumPy, which the help does without

    return _parse_choice(text, FRAMEWORKS, message("a framework"))


def _parse_bool(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in values:
        raise ArgumentTypeError(tr("{value} is neither 1 nor 0", value=_shown(text)))
    return values[text.lower()]


def _parse_zoom(text: str) -> str:
    return _parse_choice(text, ZOOMS, message("a zoom"))


def _parse_speed(text: str) -> str:
    return _parse_choice(text, [speed.name for speed in SPEEDS], message("a speed"))


def _parse_choice(text: str, names: Collection[str], kind: Message) -> str:
    """Parse one of some names; ``kind`` is what they name, with its article."""
    if text not in names:
        shown, choices = _shown(text), ", ".join(names)
        raise ArgumentTypeError(
            tr("{value} is not {kind}; choose one of {choices}", value=shown, kind=kind, choices=choices)
        )
    return text


# These settings have no flag: `--digits` of `trace` is another setting.
_VIEW_PARSERS = {"digits": _parse_view_digits, "zoom": _parse_zoom, "speed": _parse_speed, "log_scale": _parse_bool}
