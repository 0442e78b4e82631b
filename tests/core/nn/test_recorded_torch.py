"""Our parameters against figures recorded from PyTorch 2.13.0 by tests/torch/record.py; PyTorch is not needed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from tests._reference import COMBINATIONS, Recorded, disagreement, parameters, recorded_cases

TOLERANCE = 1e-9  # relative: see ``disagreement``
CASES = tuple(recorded_cases())


@pytest.fixture(scope="module")
def recorded() -> dict[str, tuple[Array, Array]]:
    """Per case, the parameters after 1 and after 50 updates."""
    with np.load(Path(__file__).parents[2] / "data" / "torch_figures.npz") as file:
        ids, values = file["ids"].tolist(), file["values"]
        assert str(file["torch"]).startswith("2.13.0")
    assert ids == [case.id for case in CASES], "run `python -m tests.torch.record` again: the cases have changed"
    figures, at = {}, 0
    for case in CASES:
        count = sum(units * (inputs + 1) for inputs, units in itertools.pairwise(case.experiment.sizes))
        figures[case.id] = values[at : at + count], values[at + count : at + 2 * count]
        at += 2 * count
    assert at == len(values)
    return figures


def test_every_combination_with_every_optimiser_is_recorded() -> None:
    assert len(CASES) == (len(COMBINATIONS) + 1) * len(OPTIMIZERS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_parameters_agree(case: Recorded, recorded: dict[str, tuple[Array, Array]]) -> None:
    run = Run.start(case.experiment)
    for update, theirs in zip((1, 50), recorded[case.id], strict=True):
        run.goto(update)
        state = run.state
        at = 0
        for w, b in zip(state.weights, state.biases, strict=True):
            for ours in (w, b):
                assert disagreement(ours.ravel(), theirs[at : at + ours.size]) <= TOLERANCE
                at += ours.size
        assert np.array_equal(parameters(state.weights, state.biases).shape, theirs.shape)
