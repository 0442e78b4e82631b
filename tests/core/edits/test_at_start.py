"""Tests of changes at the start of a run."""

from __future__ import annotations

from itertools import permutations

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from tests._edits import small_experiment


def test_a_learning_rate_that_is_named_wins_in_any_order() -> None:
    for texts in permutations(["optimizer = adam", "eta = 0.1", "optimizer = rmsprop"]):
        optimizer = start_with(Run.start(small_experiment()), texts).experiment.training.optimizer
        assert optimizer.learning_rate == 0.1, texts
        assert optimizer.name == [text for text in texts if "opt" in text][-1].split()[-1]


def test_a_value_in_force_is_no_error() -> None:
    run = Run.start(small_experiment(rate=0.1))
    assert start_with(run, ["eta = 0.1", "batch = 5"]) is run


def test_a_wrong_change_says_where_it_stands() -> None:
    with pytest.raises(InputError) as caught:
        start_with(Run.start(small_experiment()), ["eta = 0.5", "nonsense = 3"])
    assert '--set "nonsense = 3"' in str(caught.value)
