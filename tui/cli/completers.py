"""What a shell completes: names, files, changes and columns. Nothing here needs NumPy, because each key waits for it.

A completer gets what is typed of a word, and returns words, perhaps with a text beside each for shells that show it.
"""

from __future__ import annotations

import csv
import os
from argparse import Action, Namespace
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Protocol

from nn_tui import presets as _shipped
from nn_tui.core.table.file_names import DOCUMENT_ENDING, TABLE_ENDINGS
from nn_tui.presets import COURSE, LESSONS
from nn_tui.tui.config.files import config_file

OPENED = (".toml", DOCUMENT_ENDING, *TABLE_ENDINGS)
WEIGHTS = (".npz", ".safetensors", ".pt", ".pth")
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "eta": (),
    "optimizer": ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam"),
    "momentum": (), "eps": (), "alpha": (), "beta1": (), "beta2": (), "weight_decay": (), "momentum_decay": (),
    "schedule": ("constant", "step", "exponential", "inverse_time", "cosine"),
    "warmup": (),
    "loss": (
        "half_squared_error", "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy",
        "cross_entropy", "perceptron",
    ),
    "activation": (
        "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "mish", "softplus", "softmax",
    ),
    "batch": ("full",),
    "shuffle": ("on", "off"),
    "reduction": ("mean", "sum"),
    "l1": (), "l2": (), "noise": (), "samples": (),
    "standardize": ("on", "off"),
    "standardize_target": ("on", "off"),
    "seed": (),
    "init": (
        "zeros", "constant", "normal", "uniform", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal",
        "lecun_normal", "torch_default",
    ),
    "units": (), "inputs": (),
}  # fmt: skip
"""The changes of ``--set`` that are completed, and the names among their values."""
GOAL_NAMES = (
    "loss", "train_loss", "test_loss", "accuracy", "train_accuracy", "test_accuracy", "r2", "train_r2", "test_r2",
    "rmse", "train_rmse", "test_rmse", "updates", "learning_rate",
)  # fmt: skip
"""The numbers that a goal of a training usually names."""
_MAX_TITLE = 20  # lines of a preset or a lesson in which its title is looked for
_MAX_HEADER = 2**16  # bytes of a table in which its first line is looked for


class Completer(Protocol):
    """Returns the words that begin with ``prefix``, or all that may follow; argcomplete chooses among them."""

    def __call__(self, *, prefix: str, parsed_args: Namespace, **others: object) -> Iterable[str]:  # noqa: D102
        ...


def complete(action: Action, completer: Completer) -> None:
    """Let a completer complete the values of an argument; argcomplete reads this attribute of it."""
    setattr(action, "completer", completer)  # noqa: B010  # the type of an action does not have it


def words(names: Iterable[str]) -> Completer:
    """Complete one of some names."""
    return lambda *, prefix, parsed_args, **others: tuple(names)


def lists(names: Iterable[str]) -> Completer:
    """Complete names with commas between them."""
    return lambda *, prefix, parsed_args, **others: _in_list(prefix, names)


def files(*endings: str) -> Completer:
    """Complete files with one of some endings, or all files if there are none; and folders on the way to them."""
    return lambda *, prefix, parsed_args, **others: _files(prefix, endings)


def folders(*, prefix: str, **others: object) -> Iterable[str]:
    """Complete folders."""
    return (path for path in _files(prefix, ()) if path.endswith("/"))


def opened(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete presets, with their titles, and files that can be opened."""
    return {**_presets(), **dict.fromkeys(_files(prefix, OPENED), "")}


def checked(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete what ``check`` takes: presets, files and lessons."""
    return {**opened(prefix=prefix), **{f"lesson:{name}": title for name, title in _lessons().items()}}


def marking(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete what answers are marked by: sheets, presets and folders with results."""
    return {**opened(prefix=prefix), **dict.fromkeys(_files(prefix, (".json",)), "")}


def served(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete what ``serve`` takes: presets, lessons and files."""
    return {**_lessons(), **opened(prefix=prefix)}


def lessons(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete lessons, with their titles, and files with one."""
    return {**_lessons(), **dict.fromkeys(_files(prefix, (".toml",)), "")}


def changes(*, prefix: str, **others: object) -> Iterable[str]:
    """Complete a change: the name of a setting, or the name that is its value."""
    name, equals, _ = prefix.partition("=")
    if not equals:
        return (f"{name}=" for name in SETTINGS)
    space = " " if name.endswith(" ") else ""
    return (f"{name}={space}{value}" for value in SETTINGS.get(name.strip(), ()))


def settings(*, prefix: str, **others: object) -> Iterable[str]:
    """Complete a setting of ``sweep``: its name, or values with commas between them."""
    name, equals, values = prefix.partition("=")
    names = _in_list(values, SETTINGS.get(name.strip(), ()))
    return (f"{name}={value}" for value in names) if equals else changes(prefix="")


def column(*, prefix: str, parsed_args: Namespace, **others: object) -> Iterable[str]:
    """Complete a column of the table on the command line."""
    return _columns(getattr(parsed_args, "preset", None))


def columns(*, prefix: str, parsed_args: Namespace, **others: object) -> Iterable[str]:
    """Complete columns of the table on the command line, with commas between them."""
    return _in_list(prefix, (name for name in _columns(getattr(parsed_args, "preset", None)) if "," not in name))


def _in_list(prefix: str, names: Iterable[str]) -> Iterable[str]:
    """Yield lists that go on from a prefix, with the spaces that are typed before the last name."""
    before, comma, last = prefix.rpartition(",")
    taken = [name.strip() for name in before.split(",")]
    space = last[: len(last) - len(last.lstrip(" "))]
    return (f"{before}{comma}{space}{name}" for name in names if name not in taken)


def _files(prefix: str, endings: tuple[str, ...]) -> Iterable[str]:
    """Yield paths that begin as ``prefix`` does; a folder ends in a slash."""
    folder, name = os.path.split(prefix)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted((entry.name, entry.is_dir()) for entry in entries if entry.name.startswith(name))
    except (OSError, ValueError):
        return
    for entry, is_folder in found:
        if entry.startswith(".") and not name.startswith("."):
            continue
        if is_folder:
            yield f"{os.path.join(folder, entry)}/"
        elif not endings or entry.lower().endswith(endings):
            yield os.path.join(folder, entry)


def _presets() -> dict[str, str]:
    """Return the shipped presets and those of the user, with their titles."""
    own = config_file(os.environ).parent / "presets"
    paths = {name: _folder() / f"{name}.toml" for name in COURSE}
    paths |= {path.stem: path for path in sorted(own.glob("*.toml")) if path.stem not in paths}
    return {name: _title(path) for name, path in paths.items()}


def _lessons() -> dict[str, str]:
    """Return the lessons in the order of the course, with their titles."""
    names = [name for chapter in LESSONS.values() for name in chapter]
    return {name: _title(_folder() / "lessons" / f"{name}.toml") for name in names}


def _folder() -> Path:
    return Path(str(_shipped.__file__)).parent


def _title(path: Path) -> str:
    """Return the title in one of the first lines of a file; "" if it stands elsewhere."""
    import tomllib

    try:
        with path.open(encoding="utf-8") as file:
            lines = (line for line in islice(file, _MAX_TITLE) if line.startswith("title"))
            title = tomllib.loads(next(lines, "")).get("title", "")
    except (OSError, ValueError):
        return ""
    return title if isinstance(title, str) else ""


def _columns(name: str | None) -> Iterable[str]:
    """Return the names in the first line of a table; the character that is most frequent there separates them."""
    if name is None or not name.lower().endswith(TABLE_ENDINGS):
        return ()
    try:
        with open(os.path.expanduser(name), encoding="utf-8-sig", errors="replace", newline="") as file:
            line = file.readline(_MAX_HEADER)
        separator = max(",;\t|", key=line.count)
        return [cell.strip() for row in csv.reader([line], delimiter=separator) for cell in row if cell.strip()]
    except (OSError, ValueError, csv.Error):
        return ()
