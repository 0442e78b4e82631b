"""Tests that the examples of changes fit the network on screen."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.examples import edits_for
from nn_tui.core.edits.grammar import EDITS
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from tests._app import experiment

OF_THE_NETWORK = ("weight", "weights", "bias", "biases", "input", "all inputs")


@pytest.mark.parametrize("preset", ["and", "neuron", "mazur", "xor"])
@pytest.mark.parametrize("name", OF_THE_NETWORK)
def test_an_example_fits_the_network(preset: str, name: str) -> None:
    run = Run.start(experiment(preset))
    edits = edits_for(run.engine.sizes)
    assert list(edits) == list(EDITS)
    try:
        apply_edit(edits[name].example, run, 0)
    except InputError as error:
        assert error.code == "unchanged", error


def test_the_examples_of_a_network_like_the_usual_one_are_the_usual_ones() -> None:
    assert edits_for((2, 4, 1)) == EDITS
