"""Tests of the exported arrays: they are the bits of the network."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.export.writers import WRITERS, export_files
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
    assert list(found) == ["w1", "b1", "w2", "b2", "x_mean", "x_scale"]
    for layer, (weights, bias) in enumerate(zip(checkpoint.state.weights, checkpoint.state.biases, strict=True), 1):
        assert np.array_equal(found[f"w{layer}"], weights) and found[f"w{layer}"].dtype == np.float64
        assert np.array_equal(found[f"b{layer}"], bias) and found[f"b{layer}"].flags.c_contiguous


@pytest.mark.parametrize("preset", ["xor", "iris", "digits"])
def test_the_arrays_of_a_file_predict_raw_rows(preset: str) -> None:
    checkpoint = trained(preset, 3)
    file = export_files(checkpoint, Path("mine.npz"))[0]
    with np.load(BytesIO(file.content)) as arrays:
        found = dict(arrays)
    points = x = checkpoint.experiment.data.points
    if "x_mean" in found:
        assert "Scale the inputs first" in str(WRITERS[".npz"].usage("mine.npz", checkpoint))
        x = (points - found["x_mean"]) / found["x_scale"]
    assert ("x_mean" in found) == (preset != "xor")
    assert np.allclose(x, checkpoint.experiment.data.x, rtol=1e-12, atol=1e-12)


def test_targets_that_are_standardised_have_their_scale(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("x,y\n1,200\n2,300\n3,400\n4,600\n", encoding="utf-8")
    checkpoint = trained(str(tmp_path / "own.csv"), 1)
    with np.load(BytesIO(export_files(checkpoint, Path("mine.npz"))[0].content)) as arrays:
        data = checkpoint.experiment.data
        assert np.array_equal(arrays["y_mean"], data.y_mean) and np.array_equal(arrays["y_scale"], data.y_scale)
    assert "output * y_scale + y_mean" in str(WRITERS[".npz"].usage("mine.npz", checkpoint))


def test_the_same_network_gives_the_same_bytes() -> None:
    assert (
        export_files(trained("xor", 2), Path("a.npz"))[0].content
        == export_files(trained("xor", 2), Path("b.npz"))[0].content
    )
