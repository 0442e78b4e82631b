"""A run that starts from the weights in a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.edits.parser import is_learning_rate
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.files.array_file import read_array_file
from nn_tui.core.preset.from_network import with_weights
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import shown_path
from nn_tui.core.translation import Message, message
from nn_tui.core.weights.match import match_weights


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
    texts = tuple(changes)
    arrays = read_array_file(path)
    changed, current, count = None, experiment, 0
    while True:
        try:
            with locate_errors(file=shown_path(path)):
                found = match_weights(arrays, current.sizes)
            break
        except InputError as error:
            if error.code != "wrong_shape" or count == len(texts):
                raise
        changed = start_with(changed or Run.start(experiment), [texts[count]])
        current, count = changed.experiment, count + 1
    run = Run.start(with_weights(current, found.weights, found.biases))
    run = start_with(run, [*texts[count:], *filter(is_learning_rate, texts)])
    return run, [message("{file}: {note}", file=shown_path(path), note=note) for note in found.notes]
