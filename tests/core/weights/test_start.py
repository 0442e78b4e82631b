"""Tests of runs that start from the weights in a file: exports come back in every bit, and compose with changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.export.writers import export_files
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.weights.start import start_with_weights
from tests.core.export.test_write_arrays import trained


def exported(folder: Path, preset: str, updates: int) -> Path:
    (file,) = export_files(trained(preset, updates), Path("mine.npz"))
    (folder / file.name).write_bytes(file.content)
    return folder / file.name


@pytest.mark.parametrize("preset", ["xor", "iris", "mazur", "digits"])
def test_an_export_comes_back_in_every_bit(tmp_path: Path, preset: str) -> None:
    run, _ = start_with_weights(open_experiment(preset), exported(tmp_path, preset, 3))
    assert np.array_equal(run.state.array[0], trained(preset, 3).state.array[0])
    assert run.position == 0 and run.experiment.preset.layers == run.experiment.layers


def test_changes_of_numbers_come_after_the_weights(tmp_path: Path) -> None:
    path = exported(tmp_path, "xor", 3)
    run, _ = start_with_weights(open_experiment("xor"), path, ["w1[2,1] = 0.25", "optimizer = adam", "eta = 0.5"])
    expected = trained("xor", 3).state.weights[0].copy()
    expected[1, 0] = 0.25
    assert np.array_equal(run.state.weights[0], expected)
    optimizer = run.experiment.training.optimizer
    assert (optimizer.name, optimizer.learning_rate) == ("adam", 0.5)


def test_changes_of_the_shape_come_before_the_weights(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", w1=np.ones((3, 2)), b1=np.zeros(3), w2=np.ones((1, 3)), b2=np.zeros(1))
    changes = ["eta = 0.25", "units 1 = 3", "w2[1,1] = 7"]
    run, _ = start_with_weights(open_experiment("xor"), tmp_path / "mine.npz", changes)
    assert run.state.weights[0].tolist() == [[1, 1]] * 3 and run.state.weights[1].tolist() == [[7, 1, 1]]
    assert run.experiment.training.optimizer.learning_rate == 0.25


def test_weights_that_fit_no_shape_are_refused_with_both(tmp_path: Path) -> None:
    path = exported(tmp_path, "xor", 0)
    with pytest.raises(InputError) as error:
        start_with_weights(open_experiment("iris"), path, ["eta = 0.25"])
    assert str(error.value) == (
        f"{path}: w1: its shape is (4, 2), but layer 1 of the network 4–10–3 needs (10, 4), or (4, 10)."
    )


def test_a_preset_of_such_a_run_starts_from_the_weights(tmp_path: Path) -> None:
    run, _ = start_with_weights(open_experiment("xor"), exported(tmp_path, "xor", 3))
    (tmp_path / "again.toml").write_text(network_text(run.experiment, run.state, 0), encoding="utf-8")
    again = open_experiment(str(tmp_path / "again.toml"))
    assert again.layers == run.experiment.layers and again.preset.summary == run.experiment.preset.summary
