"""Our parameters against figures recorded from PyTorch 2.13.0 by tests/torch/record.py; PyTorch is not needed."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.run.run import Run
from tests._reference import Recorded, disagreement, parameters, read_figures, recorded_cases

TOLERANCE = 1e-9  # relative: see ``disagreement``
SETTINGS, FIGURES, RELEASE = read_figures()
CASES = tuple(recorded_cases(SETTINGS))


def test_every_case_is_recorded() -> None:
    assert RELEASE.startswith("2.13.0")
    missing = [case.id for case in CASES if case.id not in FIGURES]
    assert not missing, "run `python -m tests.torch.record`, which needs PyTorch, to add them"


@pytest.mark.parametrize("case", [case for case in CASES if case.id in FIGURES], ids=lambda case: case.id)
def test_parameters_agree(case: Recorded) -> None:
    run = Run.start(case.experiment)
    for update, theirs in zip((1, 50), FIGURES[case.id], strict=True):
        run.goto(update)
        state = run.state
        start = 0
        for w, b in zip(state.weights, state.biases, strict=True):
            for ours in (w, b):
                assert disagreement(ours.ravel(), theirs[start : start + ours.size]) <= TOLERANCE
                start += ours.size
        assert np.array_equal(parameters(state.weights, state.biases).shape, theirs.shape)
