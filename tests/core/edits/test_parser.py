"""Test of parsing a change without a run."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.parser import complete_edit, parse_change
from nn_tui.core.errors import InputError
from tests._edits import small_experiment, trained


def test_a_change_is_parsed_without_a_run() -> None:
    change = parse_change("optimizer = adam")
    assert change(trained(small_experiment()), 4).reached == 4
    with pytest.raises(InputError, match="is not a setting"):
        parse_change("colour = blue")


def test_an_optimiser_without_a_learning_rate_is_completed() -> None:
    run = trained(small_experiment("sgd", 0.2))
    assert complete_edit("Optimizer = adam ", run, 0) == "Optimizer = adam 0.01"
    assert complete_edit("opt momentum", run, 9) == "opt momentum 0.02"
    for text in (
        "optimizer = adam 0.3",
        "optimizer = sgd",
        "optimizer = adm",
        "optimizer",
        "eta = 1",
        "optimizer adam x",
    ):
        assert complete_edit(text, run, 0) == text


def test_one_of_several_changes_may_be_in_force_already() -> None:
    run = trained(small_experiment())
    first = float(run.state_after(4).parameters[0])
    changed = parse_change(f"w1[1,1] = {first!r}; eta = 0.7")(run, 4)
    assert changed.segment(4).experiment.training.optimizer.learning_rate == 0.7
    with pytest.raises(InputError, match=r"the value is -0.399183 already"):
        parse_change(f"w1[1,1] = {first!r}; w1[1,1] = {first!r}")(run, 4)
