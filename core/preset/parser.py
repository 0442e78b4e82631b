"""From the text of a preset file to a validated Preset: TOML, keys, types and ranges."""

from __future__ import annotations

import math
import tomllib
from dataclasses import fields, replace
from pathlib import Path

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.generators import GENERATORS, MAX_CLASSES, MAX_NOISE, MAX_SAMPLES
from nn_tui.core.errors import InputError
from nn_tui.core.fields import (
    Section,
    input_error,
    read_bool,
    read_choice,
    read_float,
    read_int,
    read_matrix,
    read_section,
    read_string,
    read_text,
    read_vector,
    reject_unknown_keys,
)
from nn_tui.core.limits import MAX_SEED, MAX_UPDATES, read_initializer_option, read_optimizer_option
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.toml_keys import long_key
from nn_tui.core.preset.validate import MOST_LAYERS, MOST_UNITS, check_preset
from nn_tui.core.spec import DataSpec, Expect, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.text import printable, quote

_TOP = ("title", "summary", "notes", "seed", "data", "layers", "training", "expect")
_EVERY_DATA = ("standardize", "test_fraction", "features")
# Which keys go with which source of data.
_DATA = {
    "table": ("inputs", "targets"),
    "generator": ("generator", "samples", "noise", "classes"),
    "csv": ("csv", "target", "classes"),
}
_INIT_PREFIX = "init_"
_LAYER = ("units", "activation", "init", "weights", "bias", "train_weights", "train_bias")
_TRAINING = ("loss", "reduction", "batch_size", "shuffle", "l1", "l2", "optimizer")


def parse_preset(source: str, *, id: str, where: str, folder: Path | None) -> Preset:
    """The preset that TOML ``source`` describes; ``where`` names the file in messages.

    Raises InputError for bad TOML, unknown or missing keys, wrong types, values out of range, shapes
    that do not fit each other, and combinations that have no meaning.
    """
    where = printable(where)
    root = Section(where, "", _toml(source, where))
    reject_unknown_keys(root, _TOP)
    for name in ("data", "layers", "training"):
        if name not in root.values:
            header = "[[layers]]" if name == "layers" else f"[{name}]"
            raise input_error(where, header, "it is missing; a preset has [data], [[layers]] and [training]")
    preset = Preset(
        id=printable(id),
        title=read_text(root, "title") or printable(id),
        summary=read_text(root, "summary"),
        notes=read_text(root, "notes"),
        seed=read_int(root, "seed", 0, min_=0, max_=MAX_SEED),
        data=_data(read_section(root, "data")),
        layers=_layers(root),
        training=_training(read_section(root, "training")),
        expect=_expect(read_section(root, "expect")) if "expect" in root.values else None,
        folder=folder,
    )
    check_preset(preset, where)
    return preset


def _toml(source: str, where: str) -> dict[str, object]:
    if (found := long_key(source)) is not None:
        line = source.count("\n", 0, found) + 1
        raise input_error(where, f"line {line}", "a dotted key of a preset has three parts at most")
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).removesuffix(")").rpartition(" (at ")
        place = place.replace("end of document", "end of the file")
        raise input_error(where, place, f"not valid TOML: {printable(reason)[:200]}") from None
    except RecursionError:
        raise InputError(f"{where}: values are nested too deeply for a preset.") from None
    except ValueError:  # int() refuses numbers of thousands of digits
        raise InputError(f"{where}: a number has too many digits.") from None


def _data(section: Section) -> DataSpec:
    reject_unknown_keys(section, dict.fromkeys([*_EVERY_DATA, *(key for keys in _DATA.values() for key in keys)]))
    marks = {"table": ("inputs", "targets"), "generator": ("generator",), "csv": ("csv",)}
    present = [kind for kind, keys in marks.items() if any(key in section.values for key in keys)]
    if len(present) != 1:
        found = f"it has {' and '.join(present)}" if present else "it has none of them"
        message = f"it takes exactly one of inputs and targets, generator, or csv; {found}"
        raise input_error(section.file, "data", message)
    kind = present[0]
    for key in section.values:
        if key not in _EVERY_DATA and key not in _DATA[kind]:
            owner = next(each for each, keys in _DATA.items() if key in keys)
            raise section.error(key, f"it goes with a {owner}, but this data is a {kind}")
    common = DataSpec(
        standardize=read_bool(section, "standardize", False),
        test_fraction=read_float(section, "test_fraction", 0.0, min_=0, below=1),
        features=_features(section),
    )
    return {"table": _table, "generator": _generator, "csv": _csv}[kind](section, common)


def _features(section: Section) -> tuple[str, ...]:
    names = section.values.get("features", [])
    if not isinstance(names, list) or ("features" in section.values and not names):
        raise section.error("features", 'it must be a list of names, such as ["x1", "x2"]')
    entries = Section(section.file, section.path, {f"features[{i}]": name for i, name in enumerate(names)})
    return tuple(read_choice(entries, key, FEATURES, "a feature") for key in entries.values)


def _table(section: Section, common: DataSpec) -> DataSpec:
    for key in _DATA["table"]:
        if key not in section.values:
            raise section.error(key, "it is missing; a table has inputs and targets")
    inputs, targets = read_matrix(section, "inputs"), read_matrix(section, "targets")
    if len(inputs) != len(targets):
        raise section.error("targets", f"its rows are {len(targets)}, but those of inputs are {len(inputs)}")
    return replace(common, inputs=inputs, targets=targets)


def _generator(section: Section, common: DataSpec) -> DataSpec:
    name = read_choice(section, "generator", GENERATORS, "a generator")
    if "classes" in section.values and name != "blobs":
        raise section.error("classes", "only the generator blobs has a choice of classes")
    return replace(
        common,
        generator=name,
        samples=read_int(section, "samples", 200, min_=1, max_=MAX_SAMPLES),
        noise=read_float(section, "noise", 0.0, min_=0, max_=MAX_NOISE),
        classes=read_int(section, "classes", 3, min_=2, max_=MAX_CLASSES),
    )


def _csv(section: Section, common: DataSpec) -> DataSpec:
    return replace(
        common,
        csv=_required(section, "csv", "it names the file"),
        target=_required(section, "target", "it names the column to predict"),
        target_is_class=read_bool(section, "classes", False),
    )


def _required(section: Section, name: str, why: str) -> str:
    value = read_string(section, name)
    if not value:
        raise section.error(name, f"it is missing; {why}")
    return value


def _layers(root: Section) -> tuple[LayerSpec, ...]:
    tables = root.values["layers"]
    if not isinstance(tables, list) or not tables or not all(isinstance(each, dict) for each in tables):
        raise root.error("layers", "it must be one [[layers]] table for each layer, the output layer last")
    if len(tables) > MOST_LAYERS:
        raise root.error("layers", f"{len(tables)} are more than the {MOST_LAYERS} that a preset may have")
    return tuple(_layer(Section(root.file, f"layers[{i}]", table)) for i, table in enumerate(tables))


def _layer(section: Section) -> LayerSpec:
    every_option = dict.fromkeys(_INIT_PREFIX + option for each in INITIALIZERS.values() for option in each.options)
    reject_unknown_keys(section, [*_LAYER, *every_option])
    init = read_choice(section, "init", INITIALIZERS, "an initialisation", "xavier_uniform")
    options = tuple(INITIALIZERS[init].options)
    for key in every_option:
        if key in section.values and key.removeprefix(_INIT_PREFIX) not in options:
            takes = ", ".join(_INIT_PREFIX + each for each in options) or "no options"
            raise section.error(key, f"it does not go with {quote(init)}, which takes {takes}")
    return LayerSpec(
        units=read_int(section, "units", None, min_=1, max_=MOST_UNITS),
        activation=read_choice(section, "activation", ACTIVATIONS, "an activation", "identity"),
        init=init,
        init_options=tuple(
            (each, read_initializer_option(section, _INIT_PREFIX + each, each))
            for each in options
            if _INIT_PREFIX + each in section.values
        ),
        weights=read_matrix(section, "weights") if "weights" in section.values else None,
        bias=read_vector(section, "bias") if "bias" in section.values else None,
        train_weights=read_bool(section, "train_weights", True),
        train_bias=read_bool(section, "train_bias", True),
    )


def _training(section: Section) -> TrainingSpec:
    reject_unknown_keys(section, _TRAINING)
    size: int | None = None
    given = section.values.get("batch_size", "full")
    if isinstance(given, str) and given != "full":
        raise section.error("batch_size", f'{quote(given)} is not a whole number or "full"')
    if given != "full":
        size = read_int(section, "batch_size", None, min_=1, max_=MAX_SAMPLES)
    summed = read_choice(section, "reduction", ("mean", "sum"), "a reduction", "mean") == "sum"
    return TrainingSpec(
        loss=read_choice(section, "loss", LOSSES, "a loss"),
        reduction="sum" if summed else "mean",
        batch_size=size,
        shuffle=read_bool(section, "shuffle", True),
        l1=read_float(section, "l1", 0.0, min_=0),
        l2=read_float(section, "l2", 0.0, min_=0),
        optimizer=_optimizer(read_section(section, "optimizer")),
    )


def _optimizer(section: Section) -> OptimizerSpec:
    name = read_choice(section, "name", OPTIMIZERS, "an optimiser", "sgd")
    chosen = OPTIMIZERS[name]
    if "weight_decay" in section.values and "weight_decay" not in chosen.defaults:
        raise section.error(
            "weight_decay", f"{quote(name)} has none; write l2 under [training], or use the optimiser adamw"
        )
    every_option = dict.fromkeys(option for each in OPTIMIZERS.values() for option in each.defaults)
    reject_unknown_keys(section, ["name", "learning_rate", *every_option])
    for key in every_option:
        if key in section.values and key not in chosen.defaults:
            takes = ", ".join(chosen.defaults) or "learning_rate alone"
            raise section.error(key, f"it does not go with {quote(name)}, which takes {takes}")
    return OptimizerSpec(
        name=name,
        learning_rate=read_float(section, "learning_rate", chosen.learning_rate, above=0),
        options=tuple((key, read_optimizer_option(section, key)) for key in chosen.defaults if key in section.values),
    )


def _expect(section: Section) -> Expect:
    reject_unknown_keys(section, [each.name for each in fields(Expect)])
    claims = ("loss_below", "loss_above", "accuracy_at_least", "accuracy_at_most")
    return Expect(
        updates=read_int(section, "updates", None, min_=0, max_=MAX_UPDATES),
        diverges=read_bool(section, "diverges", False),
        **{
            key: read_float(section, key, None, min_=0, max_=1 if key.startswith("accuracy") else math.inf)
            for key in claims
            if key in section.values
        },
    )
