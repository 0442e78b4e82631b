"""Finding and reading presets: the shipped ones, the user's own, and one made up for a CSV file."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from nn_tui.core.data.dataset import load
from nn_tui.core.data.table import csv_columns
from nn_tui.core.errors import InputError
from nn_tui.core.fields import closest_names
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.validate import load_experiment
from nn_tui.core.spec import Dataset, DataSpec, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.text import printable, quote, shorten_path
from nn_tui.presets import COURSE

__all__ = [
    "find_preset",
    "load_experiment",
    "parse_preset",
    "preset_from_csv",
    "preset_ids",
    "read_preset",
    "shipped_presets",
    "user_presets",
]

_MOST_BYTES = 8 * 2**20
_SHIPPED = Path(str(files("nn_tui.presets")))
_SHIPPED_DATA = _SHIPPED / "data"
# A numeric CSV target with this many different whole numbers or fewer is taken for class labels.
_MOST_LABELS = 10
_FEWEST_TO_SPLIT = 20  # rows of an opened CSV file below which none is kept back for testing


def read_preset(path: Path) -> Preset:
    """The preset in the TOML file ``path``; its id is the file's name.

    A relative ``csv`` starts at the file's own folder, or at the shipped data sets when it is not there:
    so a copy of a shipped preset works anywhere. Raises InputError.
    """
    where, place = shorten_path(printable(path.name)), shorten_path(printable(str(path)))
    if _is_there(path) and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
        raise InputError(f"{place}: it is not a regular file; a preset is one.")
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise InputError(f"{place}: it cannot be read: {reason}.") from None
    except ValueError:  # a NUL in the name
        raise InputError(f"{place}: this is not a file name.") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{where}: it is larger than the {_MOST_BYTES // 2**20} MiB that a preset may have.")
    try:
        # TOML asks for UTF-8; some editors put a byte order mark before it.
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{where}: line {line}: this is not UTF-8 text; save the file as UTF-8.") from None
    preset = parse_preset(source, id=path.stem, where=where, folder=path.parent)
    csv = preset.data.csv
    if csv and not _is_there(path.parent / csv) and _is_there(_SHIPPED_DATA / csv):
        return replace(preset, folder=_SHIPPED_DATA)
    return preset


def find_preset(name_or_path: str) -> Preset:
    """A shipped preset by id, one of the user's own by id, or the one in a .toml or .csv file.

    Raises InputError, which names the nearest ids when there is no such preset.
    """
    suffix = Path(name_or_path).suffix.lower()
    if suffix == ".toml":
        return read_preset(Path(name_or_path))
    if suffix == ".csv":
        return preset_from_csv(Path(name_or_path))
    if name_or_path in COURSE:
        return read_preset(_SHIPPED / f"{name_or_path}.toml")
    own = _user_files()
    if name_or_path in own:
        return read_preset(own[name_or_path])
    known = preset_ids()
    near = closest_names(name_or_path, known, 3)
    if _is_there(Path(name_or_path)):
        kind = "a folder" if Path(name_or_path).is_dir() else "a file of another kind"
        raise InputError(f"{quote(name_or_path)} is {kind}; open a preset ending in .toml, or data ending in .csv.")
    names = " or ".join(f'"{each}"' for each in near)
    hint = f"did you mean {names}?" if near else "nn-tui list shows them all."
    raise InputError(f"there is no preset {quote(name_or_path)}; {hint}")


def preset_ids() -> tuple[str, ...]:
    """All ids, none of them read: the shipped ones in course order, then the user's own by name."""
    return (*COURSE, *(name for name in _user_files() if name not in COURSE))


def shipped_presets() -> tuple[Preset, ...]:
    """The presets that come with the program, in course order."""
    return tuple(read_preset(_SHIPPED / f"{name}.toml") for name in COURSE)


def user_presets() -> tuple[tuple[Preset, ...], tuple[str, ...]]:
    """The user's own presets that can be read, and one sentence for each file that cannot."""
    good: list[Preset] = []
    bad: list[str] = []
    for name, path in _user_files().items():
        if name in COURSE:
            bad.append(f"{shorten_path(printable(path.name))}: a shipped preset has this name; rename the file.")
            continue
        try:
            good.append(read_preset(path))
        except InputError as error:
            bad.append(str(error))
    return tuple(good), tuple(bad)


def preset_from_csv(path: Path) -> Preset:
    """A first network for any CSV file with a header: its last column is what to predict.

    Text, or a few whole numbers, are classes; other numbers a regression. Raises InputError.
    """
    columns = csv_columns(path)
    spec = DataSpec(csv=path.name, target=columns[-1], standardize=True)
    data = load(spec, 0, path.parent, where=path.name)
    if not data.classes and _looks_like_labels(data):
        spec = replace(spec, target_is_class=True)
        data = load(spec, 0, path.parent, where=path.name)
    smallest = int(data.y.sum(axis=0).min()) if len(data.classes) > 2 else len(data.x)
    if len(data.x) >= _FEWEST_TO_SPLIT and smallest > 1:
        spec = replace(spec, test_fraction=0.3)
    kinds = len(data.classes)
    units, activation, loss = {
        0: (1, "identity", "mean_squared_error"),
        2: (1, "sigmoid", "binary_cross_entropy"),
    }.get(kinds, (kinds, "softmax", "cross_entropy"))
    return Preset(
        id=printable(path.stem),
        title=printable(path.name),
        summary=f"{printable(columns[-1])} from {len(columns) - 1} columns.",
        data=spec,
        layers=(LayerSpec(8, "tanh"), LayerSpec(units, activation)),
        training=TrainingSpec(loss=loss, batch_size=32, optimizer=OptimizerSpec("adam", 0.01)),
        folder=path.parent,
    )


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for the file system; a NUL
        return False


def _looks_like_labels(data: Dataset) -> bool:
    values = np.concatenate([data.y, data.y_test])
    found = np.unique(values)
    if found.size == 2 and (found == (0.0, 1.0)).all():
        return True
    return 2 <= found.size <= min(_MOST_LABELS, len(values) // 3) and bool(np.all(found == np.round(found)))


def _user_files() -> dict[str, Path]:
    """The TOML files of the user's config folder by id, in the order of their names."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    folder = Path(base) / "nn-tui" / "presets"
    try:
        return {path.stem: path for path in sorted(folder.expanduser().glob("*.toml"))}
    except (OSError, RuntimeError):  # not readable; no home folder
        return {}
