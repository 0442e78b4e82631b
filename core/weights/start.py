"""A run that starts from the weights in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from nn_tui.core.data.scaling import SCALING, scaling_arrays
from nn_tui.core.edits.at_start import start_with
from nn_tui.core.edits.parser import is_learning_rate
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.files.array_file import AnyArray, read_array_file
from nn_tui.core.preset.from_network import with_weights
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset, Experiment
from nn_tui.core.text import shown_path
from nn_tui.core.translation import Message, message
from nn_tui.core.weights.match import Weights, match_weights


def start_with_weights(experiment: Experiment, path: Path, changes: Iterable[str] = ()) -> tuple[Run, list[Message]]:
    """Return a run that starts from the weights in a file, as if they stood in the preset.

    The weights are set as soon as their shapes fit: before all changes, or after those that give the network its shape.

    Args:
        experiment: The experiment.
        path: The file.
        changes: Changes of the start, as a person types them in the app.

    Returns:
        The run, and what was assumed about the file.

    Raises:
        InputError: The file cannot be read or does not fit the network, or a change is not valid.
    """
    arrays, texts = read_array_file(path), tuple(changes)
    found, fitted, later = _match_after_changes(arrays, experiment, texts, path)
    run = Run.start(with_weights(fitted, found.weights, found.biases))
    run = start_with(run, [*later, *filter(is_learning_rate, texts)])
    notes = [*found.notes, *_scaling_notes(arrays, run.experiment.data)]
    return run, [message("{file}: {note}", file=shown_path(path), note=note) for note in notes]


def _match_after_changes(
    arrays: Mapping[str, AnyArray], experiment: Experiment, changes: Sequence[str], path: Path
) -> tuple[Weights, Experiment, Sequence[str]]:
    """Return the weights, the experiment after the first changes with which they fit, and the changes that are left."""
    run, later = None, changes
    while True:
        try:
            with locate_errors(file=shown_path(path)):
                return match_weights(arrays, experiment.sizes), experiment, later
        except InputError as error:
            if error.code != "wrong_shape" or not later:
                raise
        run = start_with(run or Run.start(experiment), later[:1])
        experiment, later = run.experiment, later[1:]


def _scaling_notes(arrays: Mapping[str, AnyArray], data: Dataset) -> list[Message]:
    """Say if the weights were trained on inputs or targets that were standardised in another way."""
    own = scaling_arrays(data)
    if not any(name in arrays for name in SCALING) or all(
        name in arrays and name in own and np.array_equal(arrays[name], own[name])
        for name in SCALING
        if name in arrays or name in own
    ):
        return []
    return [
        message(
            "its weights are for data with another mean or scale (x_mean, x_scale) than here, so the network predicts "
            "otherwise than where they were trained."
        )
    ]
