"""Tests of the exported arrays: they are the bits of the network."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from nn_tui.core.export.writers import export_files
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.checkpoint import Checkpoint, checkpoint_at
from nn_tui.core.run.run import Run


def trained(preset: str, updates: int) -> Checkpoint:
    run = Run.start(open_experiment(preset))
    run.goto(updates)
    return checkpoint_at(run, updates)


def test_npz_has_each_matrix_in_every_bit() -> None:
    checkpoint = trained("iris", 3)
    (file,) = export_files(checkpoint, Path("mine.npz"))
    assert file.name == "mine.npz"
    with np.load(BytesIO(file.content)) as arrays:
        found = dict(arrays)
    assert list(found) == [f"{letter}{layer}" for layer in range(1, len(found) // 2 + 1) for letter in "wb"]
    for layer, (weights, bias) in enumerate(zip(checkpoint.state.weights, checkpoint.state.biases, strict=True), 1):
        assert np.array_equal(found[f"w{layer}"], weights) and found[f"w{layer}"].dtype == np.float64
        assert np.array_equal(found[f"b{layer}"], bias) and found[f"b{layer}"].flags.c_contiguous


def test_the_same_network_gives_the_same_bytes() -> None:
    assert (
        export_files(trained("xor", 2), Path("a.npz"))[0].content
        == export_files(trained("xor", 2), Path("b.npz"))[0].content
    )
