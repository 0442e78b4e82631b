"""The grid of a sweep: settings with several values, seeds, and all combinations of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from nn_tui.core.edits.parser import is_learning_rate, parse_change, plain_text
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.text import parse_int, quote
from nn_tui.core.translation import message

MAX_COMBINATIONS = 10_000
_EQUALS = re.compile(r"\s*=\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with the values that a sweep tries, as a person types them.

    Attributes:
        name: The name, such as ``eta``; a change without a value, such as ``freeze w1``, is a name.
        values: The values, such as ``("0.3", "0.1")``; ``("",)`` for a change without a value.
    """

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """One point of the grid.

    Attributes:
        settings: The name and the value of each setting, in the order in which they take effect.
        seed: Replaces the seed of the experiment; None keeps it.
    """

    settings: tuple[tuple[str, str], ...] = ()
    seed: int | None = None

    @property
    def changes(self) -> tuple[str, ...]:
        """The settings as changes of a run: ``eta = 0.3``."""
        return tuple(f"{name} = {value}" if value else name for name, value in self.settings)


def parse_setting(text: str) -> Setting:
    """Parse a setting and its values: ``eta = 0.3, 0.1``. A comma inside of brackets does not separate values.

    A text with a semicolon, such as ``data = 0 0 -> 1; 1 1 -> 0``, is one change.

    Raises:
        InputError: If a value is missing or occurs twice, or if it makes no valid change.
    """
    with locate_errors(path=(f"--set {quote(text)}",)):
        name, *rest = _EQUALS.split(text.strip(), maxsplit=1)
        if not rest or ";" in text:
            _check_one_change(text)
            return Setting(" ".join(text.split()), ("",))
        values = tuple(" ".join(value.split()) for value in _split_values(rest[0]))
        for index, value in enumerate(values):
            if not value and len(values) > 1:
                raise InputError("missing", message("there is no value before or after a comma."), value=text)
            if value in values[:index]:
                problem = message("the value {value} is there twice.", value=quote(value))
                raise InputError("duplicate", problem, value=value)
            parse_change(f"{name} = {value}")
        return Setting(plain_text(name), values)


def _check_one_change(text: str) -> None:
    """Raise InputError unless a text is a change; several settings with values belong into options of their own."""
    try:
        parse_change(text)
    except InputError:
        parts = text.split(";")
        if len(parts) > 1 and all("=" in part for part in parts):
            problem = message(
                "write a --set for each setting: {example}.",
                example=" ".join(f"--set {quote(part.strip())}" for part in parts),
            )
            raise InputError("syntax", problem, value=text) from None
        raise


def _split_values(text: str) -> list[str]:
    """Split a text at its commas outside of brackets."""
    values, depth = [""], 0
    for char in text:
        depth += (char in "[({") - (char in "])}")
        if char == "," and depth <= 0:
            values.append("")
        else:
            values[-1] += char
    return values


def parse_seeds(text: str) -> tuple[int, ...]:
    """Parse seeds, such as ``0-4,7``: whole numbers and ranges with both ends.

    Raises:
        InputError: If it is no such list, or if a seed occurs twice.
    """
    seeds = dict[int, None]()  # in their order
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        start = parse_int(first.strip(), 0, MAX_SEED)
        end = parse_int(last.strip(), 0, MAX_SEED) if dash else start
        if start is None or end is None or end < start:
            problem = message(
                "{text} is neither a whole number from 0 nor a range such as {example}.",
                text=quote(part.strip()), example="0-4",
            )  # fmt: skip
            raise InputError("syntax", problem, path=("--seeds",), value=part)
        if end - start >= MAX_COMBINATIONS - len(seeds):
            problem = message("there are more than {max:,} seeds.", max=MAX_COMBINATIONS)
            raise InputError("too_large", problem, path=("--seeds",), value=part)
        for seed in range(start, end + 1):
            if seed in seeds:
                problem = message("the seed {seed} is there twice.", seed=seed)
                raise InputError("duplicate", problem, path=("--seeds",), value=seed)
            seeds[seed] = None
    return tuple(seeds)


def combinations(settings: Sequence[Setting], seeds: Sequence[int] = ()) -> tuple[Combination, ...]:
    """Return all combinations, the first setting outermost and the seeds innermost.

    Args:
        settings: The settings, in the order in which they take effect.
        seeds: The seeds; none to keep the seed of the experiment.

    Raises:
        InputError: If two settings have the same name, or for more than MAX_COMBINATIONS.
    """
    for index, setting in enumerate(settings):
        if any(_is_same(setting.name, other.name) for other in settings[:index]):
            problem = message(
                "{name} is set twice; write all its values behind one name: {example}.",
                name=quote(setting.name), example="eta = 0.3, 0.1",
            )  # fmt: skip
            raise InputError("duplicate", problem, path=("--set",), value=setting.name)
    count = prod(len(setting.values) for setting in settings) * max(1, len(seeds))
    if count > MAX_COMBINATIONS:
        problem = message("there are {count:,} combinations, more than {max:,}.", count=count, max=MAX_COMBINATIONS)
        raise InputError("too_large", problem, value=count)
    names = [setting.name for setting in settings]
    return tuple(
        Combination(tuple(zip(names, values, strict=True)), seed)
        for values in product(*(setting.values for setting in settings))
        for seed in seeds or (None,)
    )


def _is_same(name: str, other: str) -> bool:
    return plain_text(name) == plain_text(other) or (is_learning_rate(name) and is_learning_rate(other))
