"""Write the current network as a preset that starts from its weights."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_tui.core.data.rows import load_rows
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import SHIPPED_DATA, load_experiment
from nn_tui.core.preset.parser import parse_data, parse_preset
from nn_tui.core.preset.toml import MAX_BYTES
from nn_tui.core.preset.writer import data_table, preset_text
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DEFAULT_INIT, Array, Dataset, DataSpec, Experiment, LayerSpec, Preset, to_matrix
from nn_tui.core.translation import message, tr

MAX_INLINE = 20_000  # numbers of a file with a table that a self-contained preset has; larger files are named


def preset_from_network(
    experiment: Experiment,
    state: State,
    update: int,
    *,
    folder: Path | None = None,
    is_self_contained: bool = False,
) -> Preset:
    """Return a preset that starts from the current weights, on the current data and with the current training.

    A file with a table is named, because numbers written into the preset would lose the names of columns and classes.

    Args:
        experiment: The experiment in force.
        state: The parameters; the state of the optimiser is not a part of a preset.
        update: The update after which they are.
        folder: The folder in which the preset will be a file: a path to a table starts there if both are near each
            other. None for the whole path.
        is_self_contained: Whether to write the numbers of a small table into the preset instead.

    Returns:
        A preset without an id or a folder of its own. Its data are exactly those of the experiment; a test part is left
        out if samples were changed by hand.

    Raises:
        InputError: If a weight is not a finite number, so that no preset can have it.
    """
    if not np.isfinite(state.array[0]).all():
        raise InputError("not_finite", message("a weight is not a finite number; go back to an earlier update."))
    preset = experiment.preset
    new = replace(
        preset,
        layers=_layers(experiment, state.weights, state.biases),
        training=experiment.training,
        seed=experiment.seed,
    )
    # The notes and the expected result are about the start of the preset.
    if update or not _is_own_start(experiment, state):
        summary = tr("{title}, starting from the weights after update {update}.", title=preset.title, update=update)
        new = replace(new, summary=summary, notes="", expect=None)
    data = experiment.data
    for spec, start in _data_specs(experiment, folder, is_self_contained):
        candidate = replace(new, data=spec, folder=start)
        with suppress(InputError):  # the file of the data may be gone, or have names that a preset cannot have
            _check_names(spec)
            if _same_data(load_experiment(candidate).data, data):
                return candidate
    return replace(new, data=DataSpec(inputs=to_matrix(data.x), targets=to_matrix(data.y)), folder=None, expect=None)


def _layers(experiment: Experiment, weights: Sequence[Array], biases: Sequence[Array]) -> tuple[LayerSpec, ...]:
    return tuple(
        replace(layer, init=DEFAULT_INIT, init_options=(), weights=to_matrix(w), bias=tuple(b.tolist()))
        for layer, w, b in zip(experiment.layers, weights, biases, strict=True)
    )


def with_weights(experiment: Experiment, weights: Sequence[Array], biases: Sequence[Array]) -> Experiment:
    """Return an experiment with other initial weights, as if they stood in its preset.

    Args:
        experiment: The experiment.
        weights: W (units, inputs) of each layer.
        biases: b (units,) of each layer.
    """
    layers = _layers(experiment, weights, biases)
    # The notes and the expected result are about the weights that the preset had.
    preset = replace(experiment.preset, layers=layers, notes="", expect=None)
    return replace(experiment, layers=layers, preset=preset)


def restarted_experiment(experiment: Experiment, state: State) -> Experiment:
    """Return an experiment that starts from the current weights, on the data as they are, also if changed by hand."""
    return replace(experiment, layers=_layers(experiment, state.weights, state.biases))


def experiment_from_network(experiment: Experiment, state: State, update: int, seed: int | None = None) -> Experiment:
    """Return an experiment that starts from the current weights; its data need no file.

    Args:
        experiment: The experiment in force.
        state: The parameters.
        update: The update after which they are.
        seed: Replaces the seed.

    Raises:
        InputError: As :func:`preset_from_network` does.
    """
    preset = preset_from_network(experiment, state, update, is_self_contained=True)
    own, table = experiment.preset.data, experiment.data.table
    if table is not None:
        candidate = replace(preset, data=own, folder=experiment.preset.folder)
        if _same_data(load_experiment(candidate, table=table).data, experiment.data):
            return load_experiment(candidate, seed, table=table)
    return load_experiment(preset, seed)


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Return an experiment with another seed: its data are drawn or split again, and its weights drawn again.

    Data that do not follow from the preset, because samples were changed by hand, stay as they are.

    Raises:
        InputError: If the file of the data cannot be read any more.
    """
    preset = replace(experiment.preset, layers=experiment.layers, training=experiment.training, seed=experiment.seed)
    table = experiment.data.table
    if _same_data(load_experiment(preset, table=table).data, experiment.data):
        return replace(load_experiment(preset, seed, table=table), preset=experiment.preset)
    return replace(experiment, seed=seed, init_seed=seed)


def network_text(experiment: Experiment, state: State, update: int, folder: Path | None = None) -> str:
    """Return the text of the preset file of :func:`preset_from_network`; arguments and errors are the same.

    Raises:
        InputError: Also if the text is longer than a preset file may be.
    """
    comment = tr(
        "It starts from the weights after update {update} of {preset}.\n"
        "It contains neither the state of the optimiser nor the number of updates.",
        update=update,
        preset=experiment.preset.id,
    )
    text = preset_text(preset_from_network(experiment, state, update, folder=folder), comment)
    if len(text.encode()) > MAX_BYTES:
        problem = message(
            "its text is larger than the {max} MiB that a preset may have; use fewer units or samples.",
            max=MAX_BYTES >> 20,
        )
        raise InputError("too_large", problem)
    # A check: what is written can be read back.
    parse_preset(text, id=experiment.preset.id, file=f"{experiment.preset.id}.toml", folder=None)
    return text


def _data_specs(
    experiment: Experiment, target: Path | None, is_self_contained: bool
) -> Iterator[tuple[DataSpec, Path | None]]:
    """Yield descriptions that may give the data of the experiment, the best one first, and where their paths start."""
    spec, folder = experiment.preset.data, experiment.preset.folder
    if spec.csv is None or folder == SHIPPED_DATA:
        yield spec, folder
        return
    test_csv = None if spec.options is None else spec.options.test_csv
    named = replace(
        spec,
        csv=_path_from(target, folder, spec.csv),
        options=spec.options and replace(spec.options, test_csv=test_csv and _path_from(target, folder, test_csv)),
    )
    rows = load_rows(spec, experiment.seed, folder, outputs=experiment.layers[-1].units, table=experiment.data.table)
    if not is_self_contained or rows.points.size + rows.y.size > MAX_INLINE:
        yield named, target
    inline = replace(spec, csv=None, target=None, target_is_class=False, options=None)
    yield replace(inline, inputs=to_matrix(rows.points), targets=to_matrix(rows.y)), None


def _check_names(spec: DataSpec) -> None:
    """Raise InputError if the file or its columns have names that a preset cannot have."""
    if spec.csv is not None:
        parse_data({key: list(value) if isinstance(value, tuple) else value for key, value in data_table(spec).items()})


def _path_from(target: Path | None, folder: Path | None, file: str) -> str:
    """Return the path of a file that starts at the folder ``target``, if both have more than the root in common."""
    path = ((folder or Path()) / file).resolve()
    if target is None:
        return str(path)
    start = target.resolve()
    with suppress(ValueError):  # on two drives
        common = Path(os.path.commonpath([start, path]))
        if common != Path(common.anchor):
            return Path(os.path.relpath(path, start)).as_posix()
    return str(path)


def _is_own_start(experiment: Experiment, state: State) -> bool:
    """Return whether a state and an experiment are the preset's own start, with nothing changed."""
    preset = experiment.preset
    if (preset.layers, preset.training, preset.seed) != (experiment.layers, experiment.training, experiment.seed):
        return False
    try:
        own = load_experiment(preset, table=experiment.data.table)
    except InputError:
        return False
    return _same_data(own.data, experiment.data) and np.array_equal(Run.start(own).state.array, state.array)


def _same_data(first: Dataset, second: Dataset) -> bool:
    parts = ("x", "y", "x_test", "y_test")
    return all(np.array_equal(getattr(first, part), getattr(second, part)) for part in parts)
