"""Writes weights and biases as arrays: for NumPy, and for PyTorch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO

import numpy as np

from nn_tui.core.data.scaling import scaling_arrays
from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Array


def write_npz(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return an archive of NumPy with ``w1`` (units, inputs), ``b1`` (units,), ``w2`` and so on, in float64.

    The arrays of :func:`~nn_tui.core.data.scaling.scaling_arrays` follow.
    """
    arrays = {}
    for layer, (weights, bias) in enumerate(_layers(checkpoint), start=1):
        arrays[f"w{layer}"] = weights
        arrays[f"b{layer}"] = bias
    arrays |= scaling_arrays(checkpoint.experiment.data)
    archive = BytesIO()
    np.savez(archive, allow_pickle=False, **arrays)
    return (ExportedFile(f"{options.name}.npz", archive.getvalue()),)


def write_safetensors(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a file with the names and shapes of the ``state_dict`` of ``torch.nn.Sequential``, in float64.

    Each layer is a ``Linear`` and the module of its activation, so the layers are modules 0, 2, 4 and so on. The arrays
    of :func:`~nn_tui.core.data.scaling.scaling_arrays` are in the metadata as JSON.
    """
    from safetensors.numpy import save

    arrays = {}
    for layer, (weights, bias) in enumerate(_layers(checkpoint)):
        arrays[f"{2 * layer}.weight"] = weights
        arrays[f"{2 * layer}.bias"] = bias
    metadata = {name: json.dumps(array.tolist()) for name, array in scaling_arrays(checkpoint.experiment.data).items()}
    content = _with_metadata(save(arrays), {"format": "pt", **metadata})
    return (ExportedFile(f"{options.name}.safetensors", content),)


def _with_metadata(content: bytes, metadata: Mapping[str, str]) -> bytes:
    """Return a file of safetensors with metadata, which the package itself writes in any order."""
    size = int.from_bytes(content[:8], "little")
    header = json.dumps({"__metadata__": metadata, **json.loads(content[8 : 8 + size])}, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # the arrays start at a multiple of 8 bytes
    return len(header).to_bytes(8, "little") + header + content[8 + size :]


def _layers(checkpoint: Checkpoint) -> Iterator[tuple[Array, Array]]:
    """Yield W (units, inputs) and b (units,) of each layer, contiguous in memory."""
    for weights, bias in zip(checkpoint.state.weights, checkpoint.state.biases, strict=True):
        yield np.ascontiguousarray(weights), np.ascontiguousarray(bias)
