"""The formats of exports by the ending of the file's name, and the files of an export."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.export.values import ExportedFile, ExportOptions, Writer
from nn_tui.core.export.write_arrays import write_npz, write_safetensors
from nn_tui.core.export.write_csv import write_csv
from nn_tui.core.export.write_onnx import write_onnx
from nn_tui.core.export.write_preset import write_preset
from nn_tui.core.export.write_program import MODULES, write_notebook, write_script
from nn_tui.core.files.packages import check_package
from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.text import quote
from nn_tui.core.translation import message

WRITERS: Mapping[str, Writer] = {
    ".toml": Writer(
        message("a preset that starts from these weights"),
        write_preset,
        lambda file: message("Open it with: nn-tui {file}", file=shlex.quote(file)),
    ),
    ".py": Writer(
        message("a program that predicts and goes on with the training"),
        write_script,
        lambda file: message("Run it with: python {file} --updates 10", file=shlex.quote(file)),
        has_framework=True,
        modules=MODULES,
    ),
    ".ipynb": Writer(
        message("the program as a notebook, with the mathematics"),
        write_notebook,
        lambda file: message("Open it with: jupyter lab {file}", file=shlex.quote(file)),
        has_framework=True,
    ),
    ".npz": Writer(
        message("weights and biases as NumPy arrays"),
        write_npz,
        lambda file: message(
            'Its arrays are w1, b1, w2 and so on; read one with: np.load({file})["w1"]', file=repr(file)
        ),
    ),
    ".safetensors": Writer(
        message("weights and biases for PyTorch, with the names of nn.Sequential"),
        write_safetensors,
        lambda file: message(
            "Load it with: model.load_state_dict(safetensors.torch.load_file({file}))", file=repr(file)
        ),
        package="safetensors",
    ),
    ".csv": Writer(
        message("weights and biases as tables, for a spreadsheet"),
        write_csv,
        lambda file: message(
            "{file} has a row for each weight and bias; each file beside it has one matrix, a row for each unit.",
            file=file,
        ),
    ),
    ".onnx": Writer(
        message("a model that predicts raw rows in other programs and languages"),
        write_onnx,
        lambda file: message("Predict raw rows with: onnxruntime.InferenceSession({file})", file=repr(file)),
        package="onnx",
    ),
}


def writer_for(path: Path) -> Writer:
    """Return the writer for the ending of a file's name.

    Raises:
        InputError: No format has that ending, the format needs a package that is not installed, or the file would hide
            a module of Python.
    """
    if path.suffix.lower() not in WRITERS:
        raise ending_error(path)
    writer = WRITERS[path.suffix.lower()]
    check_package(writer.package)
    if path.stem in writer.modules:
        problem = message(
            "a file {name} would be imported instead of the module {module}; choose another name.",
            name=quote(path.name), module=quote(path.stem),
        )  # fmt: skip
        raise InputError("not_available", problem, value=path.name)
    return writer


def ending_error(path: Path) -> InputError:
    """Return the error for a file's name whose ending belongs to no format."""
    problem = message(
        "{name} has none of the endings that say what to write: {endings}; write for example {example}.",
        name=quote(path.name),
        endings=", ".join(WRITERS),
        example=quote(f"{path.stem or 'mine'}{next(iter(WRITERS))}"),
    )
    return InputError("not_a_choice", problem, value=path.name)


def export_files(checkpoint: Checkpoint, path: Path, framework: Framework = "pytorch") -> tuple[ExportedFile, ...]:
    """Return the files of an export, in the format of the ending of ``path``; nothing is written to the disk.

    Args:
        checkpoint: The network.
        path: The file to write; the other files have their place beside it.
        framework: What an exported program computes with.

    Returns:
        The file at ``path`` first, then those beside it.

    Raises:
        InputError: If the ending is unknown, a package is missing, or the network cannot be written in this format.
    """
    writer = writer_for(path)
    if not np.isfinite(checkpoint.state.array[0]).all():
        raise InputError("not_finite", message("a weight is not a finite number; go back to an earlier update."))
    first, *others = writer.write(checkpoint, ExportOptions(path.stem, path.parent, framework))
    return (ExportedFile(path.name, first.content), *others)  # an ending such as .NPZ stays as it is
