"""Finding and loading presets: the shipped ones, the user's own, and CSV files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.strict_table import to_table_data
from nn_tui.core.data.table import read_csv, with_number_classes
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.fields import check_float, check_int
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.table_options import NO_CHANGES
from nn_tui.core.preset.toml import read_toml_text
from nn_tui.core.preset.validate import check_experiment, check_preset
from nn_tui.core.spec import Array, DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.table.values import TableData
from nn_tui.core.text import closest_names, printable, quote, shorten_path
from nn_tui.core.translation import message, tr_plural
from nn_tui.presets import COURSE

_SHIPPED = Path(str(files("nn_tui.presets")))
SHIPPED_DATA = _SHIPPED / "data"
_MAX_LABEL_VALUES = 10  # at most so many different whole numbers in a CSV target are taken as classes
_MIN_ROWS_TO_SPLIT = 20  # an opened CSV file with fewer rows has no test part


def open_experiment(
    name_or_path: str,
    seed: int | None = None,
    *,
    changes: Mapping[str, object] = NO_CHANGES,
    source: bytes | None = None,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Experiment:
    """Find a preset and load its data; a file with a table is read once.

    Args:
        name_or_path: The id of a preset, the path of a .toml file, or the path of a file of any other ending with a
            table.
        seed: Replaces the preset's seed.
        changes: Other values of keys of ``[data]``, such as ``{"target": "mpg", "drop": ["name"]}``; for tables only.
        source: The content of the table in place of the file, such as standard input.
        progress: Gets the share of a large file that is read, from 0 to 1.
        should_stop: Returns whether to stop reading.

    Raises:
        InputError: For an unknown preset, and for anything wrong with it or its data.
    """
    path = Path(name_or_path)
    if path.suffix.lower() != ".csv":
        return load_experiment(find_preset(name_or_path, changes), seed)
    table, numbers_are_classes = _read_table(path, changes)
    return _load(_preset_for(table, numbers_are_classes, path, changes), seed, path.name, table)


def load_experiment(preset: Preset, seed: int | None = None) -> Experiment:
    """Load the data of a preset, and check that its layers and its loss fit the data.

    Args:
        preset: The preset.
        seed: Replaces the preset's seed.

    Raises:
        InputError: For bad data, and for layers or a loss that do not fit the data.
    """
    return _load(preset, seed, f"{preset.id}.toml", None)


def _load(preset: Preset, seed: int | None, file: str, table: TableData | None) -> Experiment:
    with locate_errors(file=file):
        seed = check_int(preset.seed if seed is None else seed, ("seed",), min_=0, max_=MAX_SEED)
        check_preset(preset)
        data = load_data(preset.data, seed, preset.folder, outputs=preset.layers[-1].units, table=table)
        experiment = Experiment(preset, data, preset.layers, preset.training, seed, seed)
        check_experiment(experiment)
        return experiment


def find_preset(name_or_path: str, changes: Mapping[str, object] = NO_CHANGES) -> Preset:
    """Return a shipped preset or one of the user's own by id, or the preset of a .toml or .csv file.

    Args:
        name_or_path: The id, or the path.
        changes: Other values of keys of ``[data]``, for a preset with a table in a file.

    Raises:
        InputError: If there is no such preset; the message names the most similar ids.
    """
    suffix = Path(name_or_path).suffix.lower()
    if suffix == ".toml":
        return read_preset(Path(name_or_path), changes)
    if suffix == ".csv":
        return preset_from_csv(Path(name_or_path))
    if suffix == ".nntui":
        file = shorten_path(printable(Path(name_or_path).name))
        problem = message("it is a document, and not a preset; open it with: nn-tui {file}", file=file)
        raise InputError("unreadable", problem, file=file)
    if name_or_path in COURSE:
        return read_preset(_SHIPPED / f"{name_or_path}.toml", changes)
    user_files = _user_files()
    if name_or_path in user_files:
        return read_preset(user_files[name_or_path], changes)
    name = quote(name_or_path)
    if _exists(Path(name_or_path)) and Path(name_or_path).is_dir():
        problem = message(
            "{name} is a folder; open a preset ending in .toml, data ending in .csv or a document ending in .nntui.",
            name=name,
        )
        raise InputError("unreadable", problem, value=name_or_path)
    if _exists(Path(name_or_path)):
        problem = message(
            "{name} is a file of another kind; open a preset ending in .toml, data ending in .csv or a document "
            "ending in .nntui.",
            name=name,
        )
        raise InputError("unreadable", problem, value=name_or_path)
    nearest = tuple(closest_names(name_or_path, preset_ids(), 3))
    problem = message("there is no preset {name}.", name=name)
    if not nearest:
        problem = message("there is no preset {name}; nn-tui list shows all presets.", name=name)
    raise InputError("not_found", problem, value=name_or_path, suggestions=nearest)


def preset_ids() -> tuple[str, ...]:
    """Return the ids of all presets: the shipped ones in course order, then the user's own by name."""
    return (*COURSE, *(name for name in _user_files() if name not in COURSE))


def shipped_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the program, in course order."""
    return tuple(read_preset(_SHIPPED / f"{name}.toml") for name in COURSE)


def user_presets() -> tuple[tuple[Preset, ...], tuple[str, ...]]:
    """Return the user's own valid presets, and one message for each file that is not valid."""
    presets: list[Preset] = []
    problems: list[str] = []
    for name, path in _user_files().items():
        if name in COURSE:
            problem = message("a shipped preset has this name; rename the file.")
            problems.append(str(InputError("duplicate", problem, value=name, file=shorten_path(printable(path.name)))))
            continue
        try:
            presets.append(read_preset(path))
        except InputError as error:
            problems.append(str(error))
    return tuple(presets), tuple(problems)


def read_preset(path: Path, changes: Mapping[str, object] = NO_CHANGES) -> Preset:
    """Read a preset from a TOML file; its id is the name of the file.

    A relative ``csv`` path starts at the folder of the file. If there is no such file, it starts at the shipped data
    sets, so that a copy of a shipped preset works anywhere.

    Raises:
        InputError: For anything wrong with the file.
    """
    source = read_toml_text(path, message("a preset"))
    file = shorten_path(printable(path.name))
    return with_shipped_data(parse_preset(source, id=path.stem, file=file, folder=path.parent, changes=changes))


def with_shipped_data(preset: Preset) -> Preset:
    """Return a preset that reads its CSV file from the shipped data sets if its own folder has no such file."""
    csv = preset.data.csv
    if csv and not _exists((preset.folder or Path()) / csv) and _exists(SHIPPED_DATA / csv):
        return replace(preset, folder=SHIPPED_DATA)
    return preset


def preset_from_csv(path: Path) -> Preset:
    """Return a first network for a CSV file with a header; it predicts the last column.

    Text and a few different whole numbers are taken as classes, other numbers as a regression.

    Raises:
        InputError: For anything wrong with the file.
    """
    return _preset_for(*_read_table(path, NO_CHANGES), path, NO_CHANGES)


def _read_table(path: Path, changes: Mapping[str, object]) -> tuple[TableData, bool]:
    """Return the content of a CSV file, and whether the numbers of its target column were taken as classes."""
    target, kind = changes.get("target"), changes.get("target_kind")
    table = read_csv(path, None if target is None else str(target), kind == "classes")
    if table.classes or kind == "numbers" or not _look_like_labels(table.y):
        return to_table_data(table), kind == "classes"
    return to_table_data(with_number_classes(table)), True


def _preset_for(table: TableData, numbers_are_classes: bool, path: Path, changes: Mapping[str, object]) -> Preset:
    classes = len(table.classes)
    smallest_class = int(np.bincount(table.y.astype(np.intp)).min()) if classes > 2 else len(table.y)
    splits = len(table.y) >= _MIN_ROWS_TO_SPLIT and smallest_class > 1
    units, activation, loss = {
        0: (1, "identity", "mean_squared_error"),
        2: (1, "sigmoid", "binary_cross_entropy"),
    }.get(classes, (classes, "softmax", "cross_entropy"))
    share = changes.get("test_fraction", 0.3 if splits else 0.0)
    return Preset(
        id=printable(path.stem),
        title=printable(path.name),
        summary=_csv_summary(table),
        data=DataSpec(
            csv=path.name,
            target=table.plan.target.name,
            target_is_class=numbers_are_classes,
            standardize=True,
            test_fraction=check_float(share, ("data", "test_fraction"), min_=0, below=1),
        ),
        layers=(LayerSpec(8, "tanh"), LayerSpec(units, activation)),
        training=TrainingSpec(loss=loss, batch_size=32, optimizer=OptimizerSpec("adam", 0.01)),
        folder=path.parent,
    )


def _csv_summary(table: TableData) -> str:
    return tr_plural(
        "{target} from {count} column.",
        "{target} from {count} columns.",
        len(table.plan.inputs),
        target=printable(table.plan.target.name),
    )


def _look_like_labels(y: Array) -> bool:
    """Return whether the numbers of a target column (n,) may well be class labels."""
    values = np.unique(y)
    if values.size == 2 and (values == (0.0, 1.0)).all():
        return True
    return 2 <= values.size <= min(_MAX_LABEL_VALUES, len(y) // 3) and bool(np.all(values == np.round(values)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # the name is too long for the file system, or contains NUL
        return False


def _user_files() -> dict[str, Path]:
    """Return the TOML files of the user's config folder by id, sorted by name."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    folder = Path(base) / "nn-tui" / "presets"
    try:
        return {path.stem: path for path in sorted(folder.expanduser().glob("*.toml"))}
    except (OSError, RuntimeError):  # the folder cannot be read, or there is no home folder
        return {}
