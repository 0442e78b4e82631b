"""Tests of the text of programs for PyTorch; ``tests/torch/test_program.py`` runs them."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace

import pytest

from nn_tui.core.engine.steps import steps_of
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.program import program
from nn_tui.core.program.values import Program
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, WarmupSpec
from tests._reference import COMBINATIONS, Combination, experiment, scheduled


def written(problem: Experiment, update: int = 0) -> Program:
    """Return the program after some updates; its text is Python."""
    run = Run.start(problem)
    run.goto(update)
    found = program(checkpoint_at(run, update), "mine")
    ast.parse(found.text)
    return found


def lines(found: Program, start: str) -> list[str]:
    return [line.text.strip() for section in found.sections for line in section.lines if start in line.text]


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_each_step_of_a_pass_is_on_one_line(combination: Combination) -> None:
    problem = experiment(combination, (3, 4, 3, 2))
    done = Counter(
        operation for section in written(problem).sections for line in section.lines for operation in line.operations
    )
    units = tuple(layer.units for layer in problem.layers)
    assert done == Counter({(each.operation, each.layer): 1 for each in steps_of(units).operations})


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_modules_lie_at_even_numbers_whatever_the_activation_is(activation: str) -> None:
    found = written(experiment(Combination(activation, "identity", "half_squared_error"), (3, 4, 3, 2)))
    assert [line.startswith("nn.Linear(") for line in lines(found, "    nn.")] == [True, False, True, False, True]
    assert [line.split(":")[0] for line in lines(found, '": w')] == [
        '"0.weight"', '"2.weight"', '"4.weight"',
    ]  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_of_logits_have_no_last_activation(loss: str) -> None:
    output = (LOSSES[loss].outputs or ("sigmoid",))[0]
    modules = lines(written(experiment(Combination("tanh", output, loss))), "    nn.")
    assert modules[-1].startswith("nn.Linear(") == (loss in ("binary_cross_entropy", "cross_entropy", "perceptron"))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_state_of_an_optimizer_is_loaded_after_its_first_update(optimizer: str) -> None:
    problem = experiment(optimizer=optimizer, frozen_weights=(0,))
    assert lines(written(problem), "optimizer.state") == []
    found = written(problem, 3)
    assert len(lines(found, "optimizer.state[parameter] = ")) == bool(OPTIMIZERS[optimizer].slots)
    assert [line.split(" = ")[0] for line in lines(found, "requires_grad")] == ["model[0].weight.requires_grad"]


@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_goes_on_where_it_was(name: str, warmup: WarmupSpec | None) -> None:
    problem = scheduled(name, "epoch", warmup, "sgd")
    assert lines(written(problem), "last_epoch") == []
    found = lines(written(problem, 20), "last_epoch")
    if name == "constant" and warmup is None:
        assert found == []
    elif name == "constant" or warmup is None:
        assert found == ["scheduler.last_epoch = 6"]
    else:
        assert found == ["scheduler.last_epoch, decay.last_epoch = 6, 1"]


def test_a_network_that_learns_nothing_has_no_optimizer() -> None:
    found = written(experiment(frozen_weights=(0, 1), frozen_biases=(0, 1)), 2)
    assert "optimizer" not in [section.name for section in found.sections]
    assert lines(found, "backward()") == [] and lines(found, "loss = loss_function") != []


def test_only_what_a_training_needs_is_in_its_program() -> None:
    text = written(open_experiment("mazur")).text
    for word in ("lr_scheduler", "penalty", "batch_rows", "classes", "optimizer.state"):
        assert word not in text
    xor = open_experiment("xor")
    assert "penalty()" in written(replace(xor, training=replace(xor.training, l2=0.1))).text
