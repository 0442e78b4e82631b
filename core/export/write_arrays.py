"""Writes weights and biases as arrays: for NumPy, and for PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np

from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Array


def write_npz(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return an archive of NumPy with ``w1`` (units, inputs), ``b1`` (units,), ``w2`` and so on, in float64."""
    arrays = {}
    for layer, (weights, bias) in enumerate(_layers(checkpoint), start=1):
        arrays[f"w{layer}"] = weights
        arrays[f"b{layer}"] = bias
    archive = BytesIO()
    np.savez(archive, allow_pickle=False, **arrays)
    return (ExportedFile(f"{options.name}.npz", archive.getvalue()),)


def write_safetensors(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a file with the names and shapes of the ``state_dict`` of ``torch.nn.Sequential``, in float64.

    Each layer is a ``Linear`` and the module of its activation, so the layers are modules 0, 2, 4 and so on.
    """
    from safetensors.numpy import save

    arrays = {}
    for layer, (weights, bias) in enumerate(_layers(checkpoint)):
        arrays[f"{2 * layer}.weight"] = weights
        arrays[f"{2 * layer}.bias"] = bias
    # One key only: the package writes several in any order, and the same network should give the same bytes.
    content = save(arrays, metadata={"format": "pt"})
    return (ExportedFile(f"{options.name}.safetensors", content),)


def _layers(checkpoint: Checkpoint) -> Iterator[tuple[Array, Array]]:
    """Yield W (units, inputs) and b (units,) of each layer, contiguous in memory."""
    for weights, bias in zip(checkpoint.state.weights, checkpoint.state.biases, strict=True):
        yield np.ascontiguousarray(weights), np.ascontiguousarray(bias)
