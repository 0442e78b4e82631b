"""Tests of exported weights with PyTorch: a model as a person writes it loads them (`make test-torch`)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, save_file

from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.export.writers import export_files
from nn_tui.core.files.array_file import read_array_file
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import predict
from nn_tui.core.weights.start import start_with_weights
from tests.core.export.test_write_arrays import trained

MODELS = {
    "xor": lambda: [torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()],
    "mazur": lambda: [torch.nn.Linear(2, 2), torch.nn.Sigmoid(), torch.nn.Linear(2, 2), torch.nn.Sigmoid()],
}


@pytest.mark.parametrize("preset", MODELS)
def test_a_sequential_model_loads_safetensors_strictly(preset: str, tmp_path: Path) -> None:
    checkpoint = trained(preset, 20)
    (file,) = export_files(checkpoint, Path("mine.safetensors"))
    model = torch.nn.Sequential(*MODELS[preset]()).double()
    tensors = load(file.content)
    assert all(tensor.dtype == torch.float64 for tensor in tensors.values())
    model.load_state_dict(tensors, strict=True)
    x = checkpoint.experiment.data.x
    with torch.no_grad():
        theirs = model(torch.from_numpy(x.copy())).numpy()
    ours = predict(Engine(checkpoint.experiment), checkpoint.state, x)
    assert np.abs(theirs - ours).max() < 1e-12
    assert export_files(checkpoint, Path("other.safetensors"))[0].content == file.content
    (tmp_path / file.name).write_bytes(file.content)
    run, _ = start_with_weights(open_experiment(preset), tmp_path / file.name)
    assert np.array_equal(run.state.array[0], checkpoint.state.array[0])


def test_the_scale_of_the_inputs_is_in_the_metadata_of_safetensors(tmp_path: Path) -> None:
    checkpoint = trained("digits", 2)
    (file,) = export_files(checkpoint, Path("mine.safetensors"))
    path = tmp_path / file.name
    path.write_bytes(file.content)
    assert set(load(file.content)) == {"0.weight", "0.bias", "2.weight", "2.bias"}
    data = checkpoint.experiment.data
    with safe_open(path, "pt") as opened:
        mean, scale = (np.array(json.loads(opened.metadata()[name])) for name in ("x_mean", "x_scale"))
    assert np.array_equal(mean, data.x_mean) and np.array_equal(scale, data.x_scale)
    assert start_with_weights(open_experiment("digits"), path)[1] == []
    other = open_experiment("digits")
    (note,) = start_with_weights(replace(other, data=replace(other.data, x_scale=2 * data.x_scale)), path)[1]
    assert "another mean or scale" in str(note)


def test_the_advice_where_pytorch_is_missing_writes_a_file_that_opens(tmp_path: Path) -> None:
    model = torch.nn.Sequential(*MODELS["mazur"]()).double()
    np.savez(tmp_path / "model.npz", **{name: t.numpy() for name, t in model.state_dict().items()})
    run, notes = start_with_weights(open_experiment("mazur"), tmp_path / "model.npz")
    assert np.array_equal(run.state.weights[0], model[0].weight.detach().numpy()) and notes == []


def test_weights_of_a_model_come_back(tmp_path: Path) -> None:
    model = torch.nn.Sequential(*MODELS["mazur"]()).double()
    torch.save(model.state_dict(), tmp_path / "mine.pt")
    torch.save({"epoch": 3, "model_state_dict": model.state_dict()}, tmp_path / "checkpoint.pth")
    save_file(model.state_dict(), tmp_path / "mine.safetensors")
    for name in ("mine.pt", "checkpoint.pth", "mine.safetensors"):
        run, notes = start_with_weights(open_experiment("mazur"), tmp_path / name)
        for layer, ours in zip((0, 2), run.state.weights, strict=True):
            assert np.array_equal(ours, model[layer].weight.detach().numpy())
        assert notes == []


def test_a_whole_model_and_a_tensor_that_grows_are_refused(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "model.pt")
    torch.save({"w1": torch.zeros(1).expand(2**30)}, tmp_path / "large.pt")
    torch.save({"w1": torch.eye(2).to_sparse()}, tmp_path / "sparse.pt")
    (tmp_path / "text.pt").write_text("w1 = 1")
    (tmp_path / "header.safetensors").write_bytes((2**40).to_bytes(8, "little") + b"{}")
    (tmp_path / "empty.safetensors").write_bytes(b"")
    for name, sentence in (
        ("model.pt", "not a file of PyTorch with arrays alone"),
        ("large.pt", "larger than 256 MiB"),
        ("sparse.pt", "w1: it must be an array of numbers"),
        ("text.pt", "not a file of PyTorch"),
        ("header.safetensors", "not a .safetensors file, or it is damaged"),
        ("empty.safetensors", "not a .safetensors file"),
    ):
        with pytest.raises(InputError, match=sentence):
            read_array_file(tmp_path / name)


def test_bfloat16_in_safetensors_is_refused_with_advice(tmp_path: Path) -> None:
    save_file({"0.weight": torch.ones(2, 2, dtype=torch.bfloat16)}, tmp_path / "mine.safetensors")
    with pytest.raises(InputError, match="save them as float32 or float64"):
        read_array_file(tmp_path / "mine.safetensors")


def test_the_layers_of_safetensors_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = [f"fc{number}.weight" for number in range(1, 12)] + ["out.weight"]
    save_file({name: torch.ones(1) for name in names}, tmp_path / "mine.safetensors")
    assert list(read_array_file(tmp_path / "mine.safetensors")) == names
