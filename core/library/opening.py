"""Opening what a network can start from: presets, documents, files with tables, data frames."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.files.text_file import read_bytes
from nn_tui.core.library.arguments import argument_errors
from nn_tui.core.library.calling import refuse_argument
from nn_tui.core.library.columns import named_columns, table_of, to_array
from nn_tui.core.library.samples import warn_of_rows_left_out
from nn_tui.core.preset.from_network import with_weights
from nn_tui.core.preset.loader import load_experiment, open_experiment
from nn_tui.core.preset.parser import TABLE_KEYS
from nn_tui.core.preset.table_options import DataChanges, not_a_table_error
from nn_tui.core.run.run import Run
from nn_tui.core.saved.document import MAX_BYTES
from nn_tui.core.saved.run_document import read_run
from nn_tui.core.spec import Experiment
from nn_tui.core.table.file_names import is_document_name, suggesting_files
from nn_tui.core.text import printable, shorten_path
from nn_tui.core.translation import message


def open_run(source: object, seed: int | None, weights: object, changes: Mapping[str, object]) -> tuple[Run, int]:
    """Return a run and the update after which it is.

    Args:
        source: The id of a preset, a path, a data frame or a mapping from names to columns.
        seed: Replaces the seed.
        weights: A file with weights or arrays by name, from which the network starts; None without them.
        changes: Keys of ``[data]`` for a table.

    Raises:
        InputError: If there is no such preset or file, and for anything wrong with it.
        TypeError: For a source of another kind.
    """
    for key in changes:
        if key not in TABLE_KEYS:
            refuse_argument("open", key, ("weights", "seed", *TABLE_KEYS))
    options = {key: list(value) if isinstance(value, tuple) else value for key, value in changes.items()}
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        if is_document_name(name):
            if options:
                raise not_a_table_error(options, Path(name).name)
            return _open_document(Path(name), seed, weights)
        return _start(open_experiment(str(name), seed, changes=options), weights), 0
    if named_columns(source) is None:
        raise TypeError(
            f"open() takes the name of a preset, a path or a data frame, and not {type(source).__name__}; "
            "arrays go into Network(sizes, x, y)"
        )
    return _start(_open_frame(source, seed, options), weights), 0


def _start(experiment: Experiment, weights: object) -> Run:
    """Return a run at its start, perhaps with other weights; warn of what was assumed about these."""
    if weights is None:
        return Run.start(experiment)
    from nn_tui.core.weights.match import match_weights  # most networks have weights of their own
    from nn_tui.core.weights.start import start_with_weights

    state_dict = getattr(weights, "state_dict", None)  # of a module of PyTorch
    weights = state_dict() if callable(state_dict) else weights
    if isinstance(weights, str | os.PathLike):
        run, notes = start_with_weights(experiment, Path(weights))
    elif isinstance(weights, Mapping):
        with locate_errors(path=("weights",)):
            arrays = {str(name): to_array(values) for name, values in weights.items()}
            found = match_weights(arrays, experiment.sizes)
        run, notes = Run.start(with_weights(experiment, found.weights, found.biases)), found.notes
    else:
        raise TypeError(f"weights is a path or arrays by name, and not {type(weights).__name__}")
    for note in notes:
        warnings.warn(str(note), UserWarning, stacklevel=4)
    return run


def _open_frame(frame: object, seed: int | None, changes: DataChanges) -> Experiment:
    from nn_tui.core.preset.table_file import table_preset  # most networks have no table

    with argument_errors():
        preset, opened = table_preset("data", changes, table_of(frame, "source"))
        experiment = load_experiment(preset, seed, table=opened.table)
    if "missing" not in changes:
        warn_of_rows_left_out(experiment.data)
    return experiment


def _open_document(path: Path, seed: int | None, weights: object) -> tuple[Run, int]:
    with locate_errors(file=shorten_path(printable(str(path)))):
        if seed is not None or weights is not None:
            problem = message("a document opens as it was saved; leave out seed and weights.")
            raise InputError("conflict", problem, value=seed)
        with suggesting_files(path):
            content = read_bytes(path, MAX_BYTES)
        return read_run(content)
