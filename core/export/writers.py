"""The formats of exports by the ending of the file's name, and the files of an export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.export import usage
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
    ".toml": Writer(message("a preset with these weights, for nn-tui"), write_preset, usage.preset_usage),
    ".py": Writer(
        message("a program that predicts and trains on"),
        write_script,
        usage.script_usage,
        has_framework=True,
        modules=MODULES,
    ),
    ".ipynb": Writer(
        message("a notebook with the mathematics"), write_notebook, usage.notebook_usage, has_framework=True
    ),
    ".npz": Writer(message("the weights as NumPy arrays"), write_npz, usage.npz_usage),
    ".safetensors": Writer(
        message("the weights for PyTorch's nn.Sequential"),
        write_safetensors,
        usage.safetensors_usage,
        package="safetensors",
    ),
    ".csv": Writer(message("the weights as tables, for a spreadsheet"), write_csv, usage.csv_usage),
    ".onnx": Writer(message("a model that predicts raw rows elsewhere"), write_onnx, usage.onnx_usage, package="onnx"),
}

_NEAREST = {
    ".pt": ".safetensors", ".pth": ".safetensors", ".bin": ".safetensors", ".ckpt": ".safetensors",
    ".npy": ".npz", ".mat": ".npz", ".pkl": ".npz", ".pickle": ".npz", ".h5": ".npz", ".hdf5": ".npz",
    ".xlsx": ".csv", ".xls": ".csv", ".ods": ".csv", ".tsv": ".csv",
    ".keras": ".onnx", ".pb": ".onnx", ".tflite": ".onnx",
}  # fmt: skip
"""The format that does the work of one that is not written, by ending."""


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
        example=quote(f"{path.stem or 'mine'}{nearest_ending(path.suffix)}"),
    )
    return InputError("not_a_choice", problem, value=path.name)


def nearest_ending(suffix: str) -> str:
    """Return the ending of the format that does the work of another one, such as ``.safetensors`` for ``.pt``."""
    return _NEAREST.get(suffix.lower(), next(iter(WRITERS)))


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
