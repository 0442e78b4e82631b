"""Writes tests/data/torch_figures.npz: PyTorch's parameters after 1 and 50 updates of every recorded case.

    .venv/bin/python -m tests.torch.record        (after `make test-torch`, which installs PyTorch)

The cases are ``tests._reference.recorded_cases``. ``ids`` names them in order, ``values`` holds for each the
parameters after 1 and then after 50 updates (layer by layer, W row by row and then b), ``torch`` the release.
``tests/core/nn/test_recorded_torch.py`` compares ours with them, without PyTorch.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from nn_tui.core.engine.engine import Engine
from tests._reference import parameters, recorded_cases
from tests.torch._torch import Reference

FILE = Path(__file__).parents[1] / "data" / "torch_figures.npz"


def main() -> None:
    """Train every case in PyTorch and write the file."""
    torch.set_num_threads(1)
    ids, values = [], []
    for case in recorded_cases():
        engine = Engine(case.experiment)
        start = engine.initial_state()
        theirs = Reference(case.experiment, start.weights, start.biases)
        ids.append(case.id)
        for update in range(1, 51):
            theirs.update(engine.batch_rows(update))
            if update in (1, 50):
                values.append(parameters(theirs.weights, theirs.biases))
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(FILE, ids=np.array(ids), values=np.concatenate(values), torch=np.array(torch.__version__))
    print(f"{FILE}: {len(ids)} cases, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
