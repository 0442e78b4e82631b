"""Parsing the text of a preset file: TOML, keys, types and ranges."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.generators import GENERATORS, MAX_CLASSES, MAX_NOISE, MAX_SAMPLES
from nn_tui.core.data.matrices import check_row_counts, read_matrix
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.fields import (
    Section,
    check_choice,
    check_float,
    read_bool,
    read_choice,
    read_float,
    read_int,
    read_section,
    read_text,
    read_vector,
    reject_unknown_keys,
    unknown_option_error,
)
from nn_tui.core.limits import MAX_SEED, MAX_UPDATES, check_initializer_option, check_optimizer_option
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.schedule import parse_schedule
from nn_tui.core.preset.table_options import NO_CHANGES, OPTION_KEYS, DataChanges, parse_table_source, with_data_changes
from nn_tui.core.preset.toml import LESSON_KIND, parse_toml
from nn_tui.core.preset.validate import MAX_LAYERS, MAX_UNITS, check_preset
from nn_tui.core.spec import DEFAULT_INIT, DataSpec, Expect, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.text import printable, quote
from nn_tui.core.translation import all_of, message

_TOP_KEYS = ("title", "summary", "notes", "seed", "data", "layers", "training", "expect")
_COMMON_DATA_KEYS = ("standardize", "standardize_target", "test_fraction", "features")
# The keys of each source of data.
_SOURCE_KEYS = {
    "table": ("inputs", "targets"),
    "generator": ("generator", "samples", "noise", "classes"),
    "csv": ("csv", "target", "classes", *OPTION_KEYS),
}
TABLE_KEYS = (*_COMMON_DATA_KEYS, *_SOURCE_KEYS["csv"])
"""The keys of ``[data]`` for a file with a table."""

_INIT_PREFIX = "init_"
_LAYER_KEYS = ("units", "activation", "init", "weights", "bias", "train_weights", "train_bias")
_TRAINING_KEYS = ("loss", "reduction", "batch_size", "shuffle", "l1", "l2", "optimizer", "schedule")


def parse_preset(source: str, *, id: str, file: str, folder: Path | None, changes: DataChanges = NO_CHANGES) -> Preset:
    """Parse the text of a preset file.

    Args:
        source: The text.
        id: The id of the preset.
        file: The name of the file, for messages.
        folder: The folder of its relative CSV path; None for the working folder.
        changes: Other values of keys of ``[data]``, for a preset with a table in a file.

    Raises:
        InputError: For bad TOML, unknown or missing keys, wrong types, values out of range, shapes that do not fit
            each other, and combinations without a meaning.
    """
    with locate_errors(file=printable(file)):
        table = parse_toml(source)
        if table.get("kind") == LESSON_KIND:
            problem = message("it is a lesson, and not a preset; nn-tui learn {file} opens it.", file=printable(file))
            raise InputError("unreadable", problem)
        if changes:
            table["data"] = with_data_changes(table.get("data"), changes, id)
        return parse_preset_table(table, id=id, folder=folder)


def parse_preset_table(
    table: dict[str, object], *, id: str, folder: Path | None = None, must_fit: bool = True
) -> Preset:
    """Parse the table of a preset, as TOML gives it.

    Args:
        table: The keys of the preset and their values.
        id: The id of the preset.
        folder: The folder of its relative CSV path; None for the working folder.
        must_fit: Whether to check that data, layers and loss fit each other.

    Raises:
        InputError: As :func:`parse_preset` does, but without a file.
    """
    root = Section((), table)
    reject_unknown_keys(root, _TOP_KEYS)
    for name in ("data", "layers", "training"):
        if name not in root.values:
            problem = message("it is missing; a preset has [data], [[layers]] and [training].")
            raise root.error("missing", name, problem)
    preset = Preset(
        id=printable(id),
        title=read_text(root, "title") or printable(id),
        summary=read_text(root, "summary"),
        notes=read_text(root, "notes"),
        seed=read_int(root, "seed", 0, min_=0, max_=MAX_SEED),
        data=_parse_data(read_section(root, "data")),
        layers=parse_layers(table),
        training=parse_training(table),
        expect=_parse_expect(read_section(root, "expect")) if "expect" in root.values else None,
        folder=folder,
    )
    if must_fit:
        check_preset(preset)
    return preset


def parse_data(table: dict[str, object]) -> DataSpec:
    """Parse the table ``[data]``; the errors are those of :func:`parse_preset_table`."""
    return _parse_data(Section(("data",), table))


def _parse_data(section: Section) -> DataSpec:
    source_keys = (key for keys in _SOURCE_KEYS.values() for key in keys)
    reject_unknown_keys(section, dict.fromkeys([*_COMMON_DATA_KEYS, *source_keys]))
    main_keys = {"table": ("inputs", "targets"), "generator": ("generator",), "csv": ("csv",)}
    kinds = [kind for kind, keys in main_keys.items() if any(key in section.values for key in keys)]
    if not kinds:
        problem = message("write one of: inputs and targets, generator, csv.")
        raise InputError("missing", problem, path=section.path, value=section.values)
    if len(kinds) > 1:
        keys = [key for kind in kinds for key in main_keys[kind] if key in section.values]
        problem = message("write only one of: inputs and targets, generator, csv; it has {keys}.", keys=all_of(keys))
        raise InputError("conflict", problem, path=section.path, value=section.values)
    kind = kinds[0]
    for key in section.values:
        if key not in _COMMON_DATA_KEYS and key not in _SOURCE_KEYS[kind]:
            owner = next(source for source, keys in _SOURCE_KEYS.items() if key in keys)
            problem = message("it is for {owner} data, but this is {kind} data.", owner=owner, kind=kind)
            raise section.error("conflict", key, problem)
    common = DataSpec(
        standardize=read_bool(section, "standardize", False),
        standardize_target=read_bool(section, "standardize_target", False),
        test_fraction=read_float(section, "test_fraction", 0.0, min_=0, below=1),
        features=_parse_features(section),
    )
    return {"table": _parse_table, "generator": _parse_generator, "csv": parse_table_source}[kind](section, common)


def _parse_features(section: Section) -> tuple[str, ...]:
    names = section.values.get("features", [])
    if not isinstance(names, list) or ("features" in section.values and not names):
        problem = message('it must be a list of names, such as ["x1", "x2"].')
        raise section.error("wrong_type", "features", problem)
    path = section.key("features")
    return tuple(check_choice(name, (*path, i), FEATURES, message("a feature")) for i, name in enumerate(names))


def _parse_table(section: Section, common: DataSpec) -> DataSpec:
    for key in _SOURCE_KEYS["table"]:
        if key not in section.values:
            raise section.error("missing", key, message("it is missing; a table has inputs and targets."))
    inputs, targets = read_matrix(section, "inputs"), read_matrix(section, "targets")
    check_row_counts(inputs, targets)
    return replace(common, inputs=inputs, targets=targets)


def _parse_generator(section: Section, common: DataSpec) -> DataSpec:
    name = read_choice(section, "generator", GENERATORS, message("a generator"))
    if "classes" in section.values and name != "blobs":
        raise section.error("conflict", "classes", message("only the generator blobs has a choice of classes."))
    return replace(
        common,
        generator=name,
        samples=read_int(section, "samples", 200, min_=1, max_=MAX_SAMPLES),
        noise=read_float(section, "noise", 0.0, min_=0, max_=MAX_NOISE),
        classes=read_int(section, "classes", 3, min_=2, max_=MAX_CLASSES),
    )


def parse_layers(table: dict[str, object]) -> tuple[LayerSpec, ...]:
    """Parse ``[[layers]]`` in the table of a preset; the errors are those of :func:`parse_preset_table`."""
    root = Section((), table)
    tables = root.values["layers"]
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        problem = message("write one [[layers]] table for each layer, the output layer last.")
        raise root.error("wrong_type", "layers", problem)
    if len(tables) > MAX_LAYERS:
        problem = message("{count} layers are too many; a preset may have {max}.", count=len(tables), max=MAX_LAYERS)
        raise root.error("too_large", "layers", problem)
    return tuple(_parse_layer(Section(("layers", i), table)) for i, table in enumerate(tables))


def _parse_layer(section: Section) -> LayerSpec:
    all_options = dict.fromkeys(
        _INIT_PREFIX + option for initializer in INITIALIZERS.values() for option in initializer.options
    )
    reject_unknown_keys(section, [*_LAYER_KEYS, *all_options])
    init = read_choice(section, "init", INITIALIZERS, message("an initialisation"), DEFAULT_INIT)
    options = tuple(INITIALIZERS[init].options)
    for key in all_options:
        if key in section.values and key.removeprefix(_INIT_PREFIX) not in options:
            raise unknown_option_error(section, key, init, [_INIT_PREFIX + option for option in options])
    return LayerSpec(
        units=read_int(section, "units", None, min_=1, max_=MAX_UNITS),
        activation=read_choice(section, "activation", ACTIVATIONS, message("an activation"), "identity"),
        init=init,
        init_options=tuple(
            (option, check_initializer_option(option, section.values[key], section.key(key)))
            for option in options
            if (key := _INIT_PREFIX + option) in section.values
        ),
        weights=read_matrix(section, "weights") if "weights" in section.values else None,
        bias=read_vector(section, "bias") if "bias" in section.values else None,
        train_weights=read_bool(section, "train_weights", True),
        train_bias=read_bool(section, "train_bias", True),
    )


def parse_training(table: dict[str, object]) -> TrainingSpec:
    """Parse ``[training]`` in the table of a preset; the errors are those of :func:`parse_preset_table`."""
    section = read_section(Section((), table), "training")
    reject_unknown_keys(section, _TRAINING_KEYS)
    batch_size: int | None = None
    value = section.values.get("batch_size", "full")
    if isinstance(value, str) and value != "full":
        problem = message('{value} is not a whole number or "full".', value=quote(value))
        raise section.error("wrong_type", "batch_size", problem)
    if value != "full":
        batch_size = read_int(section, "batch_size", None, min_=1, max_=MAX_SAMPLES)
    is_sum = read_choice(section, "reduction", ("mean", "sum"), message("a reduction"), "mean") == "sum"
    return TrainingSpec(
        loss=read_choice(section, "loss", LOSSES, message("a loss")),
        reduction="sum" if is_sum else "mean",
        batch_size=batch_size,
        shuffle=read_bool(section, "shuffle", True),
        l1=read_float(section, "l1", 0.0, min_=0),
        l2=read_float(section, "l2", 0.0, min_=0),
        optimizer=_parse_optimizer(read_section(section, "optimizer")),
        schedule=parse_schedule(read_section(section, "schedule")),
    )


def _parse_optimizer(section: Section) -> OptimizerSpec:
    name = read_choice(section, "name", OPTIMIZERS, message("an optimiser"), "sgd")
    optimizer = OPTIMIZERS[name]
    if "weight_decay" in section.values and "weight_decay" not in optimizer.defaults:
        problem = message(
            "{name} has no weight_decay; write l2 under [training], or use the optimiser adamw.", name=quote(name)
        )
        raise section.error("conflict", "weight_decay", problem)
    all_options = dict.fromkeys(option for other in OPTIMIZERS.values() for option in other.defaults)
    reject_unknown_keys(section, ["name", "learning_rate", *all_options])
    for key in all_options:
        if key in section.values and key not in optimizer.defaults:
            raise unknown_option_error(section, key, name, ["learning_rate", *optimizer.defaults])
    return OptimizerSpec(
        name=name,
        learning_rate=read_float(section, "learning_rate", optimizer.default_learning_rate, above=0),
        options=tuple(
            (key, check_optimizer_option(key, section.values[key], section.key(key)))
            for key in optimizer.defaults
            if key in section.values
        ),
    )


def _parse_expect(section: Section) -> Expect:
    reject_unknown_keys(section, [field.name for field in fields(Expect)])
    bounds = ("loss_below", "loss_above", "accuracy_at_least", "accuracy_at_most")
    return Expect(
        updates=read_int(section, "updates", None, min_=0, max_=MAX_UPDATES),
        diverges=read_bool(section, "diverges", False),
        **{
            key: check_float(
                section.values[key], section.key(key), min_=0, max_=1 if key.startswith("accuracy") else math.inf
            )
            for key in bounds
            if key in section.values
        },
    )
