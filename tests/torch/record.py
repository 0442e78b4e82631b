"""Writes tests/data/torch_figures.npz: PyTorch's parameters after 1 and 50 updates of every recorded case.

    .venv/bin/python -m tests.torch.record [--all]    (after `make test-torch`, which installs PyTorch)

The cases are ``tests._reference.recorded_cases``. Figures that are in the file stay as they are, and new cases are
added; ``--all`` records every case again. In the file, ``ids`` names the cases in order, ``settings`` and ``counts``
give the setting and the number of parameters of each, ``values`` holds for each the parameters after 1 and then after
50 updates (layer by layer, W row by row and then b), and ``torch`` is the release.
``tests/core/nn/test_recorded_torch.py`` compares ours with them, without PyTorch.
"""

from __future__ import annotations

import sys

import numpy as np
import torch

from nn_tui.core.engine.engine import Engine
from nn_tui.core.spec import Array
from tests._reference import FIGURES, Recorded, parameters, read_figures, recorded_cases
from tests.torch._torch import Reference


def record(case: Recorded) -> Array:
    """Train a case in PyTorch: the parameters after 1 and after 50 updates, (2, parameters)."""
    engine = Engine(case.experiment)
    start = engine.initial_state()
    theirs = Reference(case.experiment, start.weights, start.biases)
    found = []
    for update in range(1, 51):
        theirs.update(engine.batch_rows(update))
        if update in (1, 50):
            found.append(parameters(theirs.weights, theirs.biases))
    return np.array(found)


def main() -> None:
    """Record the cases and write the file."""
    torch.set_num_threads(1)
    settings, figures, _ = read_figures()
    if "--all" in sys.argv[1:]:
        figures = {}
    cases = list(recorded_cases(settings))
    values = [figures[case.id] if case.id in figures else record(case) for case in cases]
    np.savez_compressed(
        FIGURES,
        ids=np.array([case.id for case in cases]),
        settings=np.array([case.setting for case in cases]),
        counts=np.array([value.shape[1] for value in values]),
        values=np.concatenate([value.ravel() for value in values]),
        torch=np.array(torch.__version__),
    )
    added = sum(case.id not in figures for case in cases)
    print(f"{FIGURES}: {len(cases)} cases, {added} of them recorded now, {FIGURES.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
