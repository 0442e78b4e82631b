"""Tests of exported weights with PyTorch: a model as a person writes it loads them (`make test-torch`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load

from nn_tui.core.engine.engine import Engine
from nn_tui.core.export.writers import export_files
from nn_tui.core.run.metrics import predict
from tests.core.export.test_write_arrays import trained

MODELS = {
    "xor": lambda: [torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()],
    "mazur": lambda: [torch.nn.Linear(2, 2), torch.nn.Sigmoid(), torch.nn.Linear(2, 2), torch.nn.Sigmoid()],
}


@pytest.mark.parametrize("preset", MODELS)
def test_a_sequential_model_loads_safetensors_strictly(preset: str) -> None:
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
