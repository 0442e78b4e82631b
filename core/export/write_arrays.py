"""Writes weights and biases as arrays: for NumPy, and for PyTorch."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Array


def write_npz(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return an archive of NumPy with ``w1`` (units, inputs), ``b1`` (units,), ``w2`` and so on, in float64."""
    archive = BytesIO()
    np.savez(archive, allow_pickle=False, **_by_name(checkpoint))
    return (ExportedFile(f"{options.name}.npz", archive.getvalue()),)


def _by_name(checkpoint: Checkpoint) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    state = checkpoint.state
    for layer, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), start=1):
        arrays[f"w{layer}"] = np.ascontiguousarray(weights)
        arrays[f"b{layer}"] = np.ascontiguousarray(bias)
    return arrays
