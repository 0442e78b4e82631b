"""Finding and loading presets: the shipped ones, the user's own, and files with a table."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.opened_table import FROM_FILE, OpenedTable, Reading, open_table, read_texts
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.fields import check_int
from nn_tui.core.files.array_file import WEIGHT_ENDINGS
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.table_options import NO_CHANGES, DataChanges
from nn_tui.core.preset.toml import read_toml_text
from nn_tui.core.preset.validate import check_experiment, check_preset
from nn_tui.core.spec import Experiment, Preset
from nn_tui.core.table.file_names import (
    DOCUMENT_ENDING,
    STANDARD_INPUT,
    TABLE_ENDINGS,
    exists,
    is_named_like_a_file,
    suggesting_files,
)
from nn_tui.core.table.values import TableData
from nn_tui.core.text import closest_names, printable, quote, shorten_path, shown_path
from nn_tui.core.translation import message, tr
from nn_tui.presets import COURSE

_SHIPPED = Path(str(files("nn_tui.presets")))
_OUTPUT_ENDINGS = (".onnx", ".py", ".ipynb", ".svg")
SHIPPED_DATA = _SHIPPED / "data"
_PRESET_START = 2**16  # bytes of a file of an unusual ending in which the first layer of a preset is looked for


def open_experiment(
    name_or_path: str,
    seed: int | None = None,
    *,
    changes: DataChanges = NO_CHANGES,
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
    reading = Reading(source, progress, should_stop)
    if source is None and not is_table_name(name_or_path):
        return load_experiment(find_preset(name_or_path, changes), seed, reading)
    from nn_tui.core.preset.table_file import table_preset, table_spec  # most presets have no table

    spec = table_spec(name_or_path, changes)
    _check_no_preset(name_or_path, source)
    # The texts of a large table are freed before its arrays are made.
    preset, opened = table_preset(name_or_path, changes, *read_texts(spec, Path(name_or_path).parent, reading))
    return _load(preset, seed, _file_name(name_or_path), opened)


def load_experiment(
    preset: Preset,
    seed: int | None = None,
    reading: Reading = FROM_FILE,
    table: TableData | None = None,
    *,
    file: str = "",
) -> Experiment:
    """Load the data of a preset, and check that its layers and its loss fit the data.

    Args:
        preset: The preset.
        seed: Replaces the preset's seed.
        reading: How the file with the table is read, if there is one.
        table: The table of the file, if it was read already.
        file: The name of the file in errors; by default that of the preset.

    Returns:
        The experiment. The description of a table in its preset has nothing left to choose.

    Raises:
        InputError: For bad data, and for layers or a loss that do not fit the data.
    """
    file = file or f"{preset.id}.toml"
    with locate_errors(file=file):
        check_preset(preset)
        opened = None
        if preset.data.csv is not None:
            if table is None:
                opened = open_table(preset.data, preset.folder, reading)
            else:
                opened = OpenedTable(preset.data, table)
        return _load(preset, seed, file, opened)


def _load(preset: Preset, seed: int | None, file: str, opened: OpenedTable | None) -> Experiment:
    with locate_errors(file=file):
        seed = check_int(preset.seed if seed is None else seed, ("seed",), min_=0, max_=MAX_SEED)
        check_preset(preset)
        if opened is not None:
            preset = replace(preset, data=opened.spec)
        table = None if opened is None else opened.table
        data = load_data(preset.data, seed, preset.folder, outputs=preset.layers[-1].units, table=table)
        experiment = Experiment(preset, data, preset.layers, preset.training, seed, seed)
        check_experiment(experiment)
        return experiment


def _file_name(path: str) -> str:
    return tr("standard input") if path == STANDARD_INPUT else shorten_path(printable(Path(path).name))


def is_table_name(name: str) -> bool:
    """Return whether a name is that of a file with a table: not of a preset, a lesson or a document, nor of a folder.

    A file that does not exist is one if its name has an ending.
    """
    path = Path(name)
    if (
        path.suffix.lower() in (".toml", DOCUMENT_ENDING)
        or is_export_name(path)
        or name in COURSE
        or name in _user_files()
    ):
        return False
    return not path.is_dir() if exists(path) else is_named_like_a_file(name)


def is_export_name(path: Path) -> bool:
    """Return whether a name is that of a file with weights, or of one that is written for other programs alone."""
    return path.suffix.lower() in (*WEIGHT_ENDINGS, *_OUTPUT_ENDINGS)


def _check_no_export(path: Path) -> None:
    """Raise InputError for a file with weights or a model, which is neither a table nor a preset."""
    suffix, file = path.suffix.lower(), shown_path(path)
    if suffix in WEIGHT_ENDINGS:
        problem = message("it has weights, but no data: use nn-tui PRESET --weights FILE")
    elif suffix in _OUTPUT_ENDINGS:
        problem = message(
            "nn-tui writes {ending} files for other programs and does not open them; save what you want to open again "
            "as .nntui or .toml.",
            ending=suffix,
        )
    else:
        return
    raise InputError("unreadable", problem, file=file)


def _check_no_preset(name: str, source: bytes | None) -> None:
    """Raise InputError for the text of a preset under a name that does not end in .toml."""
    path = Path(name)
    if source is None and (path.suffix.lower() in TABLE_ENDINGS or not exists(path) or not path.is_file()):
        return
    try:
        with path.open("rb") if source is None else BytesIO(source) as stream:
            start = stream.read(_PRESET_START)
    except OSError:  # the reader of tables says why
        return
    if b"\n[[layers]]" not in start:
        return
    if source is not None:
        problem = message("standard input has a preset; save it as a file ending in .toml, and open that.")
        raise InputError("unreadable", problem)
    file, other = shorten_path(printable(path.name)), quote(f"{path.stem}.toml")
    problem = message("it is a preset, and not a table; rename it to {name}.", name=other)
    raise InputError("unreadable", problem, file=file)


def find_preset(name_or_path: str, changes: DataChanges = NO_CHANGES) -> Preset:
    """Return a shipped preset or one of the user's own by id, or the preset of a .toml file or of one with a table.

    Args:
        name_or_path: The id, or the path.
        changes: Other values of keys of ``[data]``, for a preset with a table in a file.

    Raises:
        InputError: If there is no such preset; the message names the most similar ids.
    """
    suffix = Path(name_or_path).suffix.lower()
    if suffix == ".toml":
        with suggesting_files(Path(name_or_path)):
            return read_preset(Path(name_or_path), changes)
    if suffix == DOCUMENT_ENDING:
        file = shorten_path(printable(Path(name_or_path).name))
        problem = message("it is a document, and not a preset; open it with: nn-tui {file}", file=file)
        raise InputError("unreadable", problem, file=file)
    _check_no_export(Path(name_or_path))
    if name_or_path in COURSE:
        return read_preset(_SHIPPED / f"{name_or_path}.toml", changes)
    user_files = _user_files()
    if name_or_path in user_files:
        return read_preset(user_files[name_or_path], changes)
    if is_table_name(name_or_path):
        return open_experiment(name_or_path, changes=changes).preset
    name = quote(name_or_path)
    if name_or_path and exists(Path(name_or_path)):
        problem = message(
            "{name} is a folder; open a preset ending in .toml, a file with a table or a document ending in .nntui.",
            name=f'"{shorten_path(printable(name_or_path))}"',
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


def read_preset(path: Path, changes: DataChanges = NO_CHANGES) -> Preset:
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
    if csv and not exists((preset.folder or Path()) / csv) and exists(SHIPPED_DATA / csv):
        return replace(preset, folder=SHIPPED_DATA)
    return preset


def _user_files() -> dict[str, Path]:
    """Return the TOML files of the user's config folder by id, sorted by name."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    folder = Path(base) / "nn-tui" / "presets"
    try:
        return {path.stem: path for path in sorted(folder.expanduser().glob("*.toml"))}
    except (OSError, RuntimeError):  # the folder cannot be read, or there is no home folder
        return {}
