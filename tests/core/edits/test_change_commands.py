"""Tests of changes as commands: typed again, they make the same change to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.edits.change_commands import change_commands
from nn_tui.core.edits.parser import EDITS
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from tests._edits import edit, small_experiment

MORE = (
    "eta = 0.1234567890123", "optimizer = adam 0.02", "optimizer = rmsprop", "batch = full", "batch = 3",
    "init 1 = normal std=0.1 mean=0.25", "schedule = exponential gamma=0.9 per=epoch", "warmup = 7 start_factor=0.125",
    "add layer 1 3 relu", "units 1 = 2", "unfreeze w1", "activation 2 = tanh", "remove unit 1 of layer 1",
)  # fmt: skip

FIRST = {  # what makes the change one
    "unfreeze w1": ("freeze w1",),
    "inputs = 3": ("data = 0 1 -> 1; 1 1 -> 0",),
    "standardize_target = on": ("data = 0 1 -> 0.5; 1 1 -> 2",),
    "b1[2] = 0": ("b1[2] = 1",),
    "eta = 0.1": ("eta = 0.2",),
    "activation 2 = tanh": ("activation 2 = relu",),
}


@pytest.mark.parametrize("text", [*(syntax.example for syntax in EDITS.values()), *MORE])
def test_a_change_that_is_typed_again_gives_the_same_run(text: str) -> None:
    start = Run.start(small_experiment(hidden=(4,) if text.startswith("w2") else (4, 3)))
    for before in FIRST.get(text, ()):
        start = edit(start, before, 0)
    run = edit(start, text, 0)
    again = start
    for command in change_commands(run.segments[-1]):
        try:
            again = edit(again, command, 0)
        except InputError as error:
            assert error.code == "unchanged", command
    assert again is not start, "the change can be typed"
    assert np.array_equal(again.state.array, run.state.array)
    assert (again.experiment.layers, again.experiment.training) == (run.experiment.layers, run.experiment.training)
    assert np.array_equal(again.experiment.data.x, run.experiment.data.x)
    assert np.array_equal(again.experiment.data.y, run.experiment.data.y)


def test_an_input_of_another_sample_cannot_be_typed() -> None:
    run = edit(Run.start(small_experiment()), "x1 = 0.5", 0, row=3)
    assert change_commands(run.segments[-1]) == ()
    first = edit(Run.start(small_experiment()), "x1 = 0.5", 0)
    assert change_commands(first.segments[-1]) == ("x1 = 0.5",)
