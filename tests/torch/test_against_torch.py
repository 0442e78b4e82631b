"""Our parameters against PyTorch's after 1 and after 50 updates, for everything that may be combined."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np
import pytest
import torch

from nn_tui.core.engine.engine import Engine
from nn_tui.core.nn.initializers import INITIALIZERS, initial_parameters
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec, WarmupSpec
from tests._reference import COMBINATIONS, SETTINGS, Combination, disagreement, experiment, in_setting, scheduled
from tests.torch._torch import Reference

TOLERANCE = 1e-9  # relative, per tensor and per element: see ``disagreement``
torch.set_num_threads(1)


def worst(problem: Experiment, updates: tuple[int, ...] = (1, 50)) -> float:
    """The largest disagreement of any tensor, and of the loss, after these updates."""
    run = Run.start(problem)
    start = run.state
    theirs = Reference(problem, start.weights, start.biases)
    found, done = 0.0, 0
    for stop in updates:
        for update in range(done + 1, stop + 1):
            loss = theirs.update(run.engine.batch_rows(update))
        done = stop
        trace = run.trace(stop) if stop == 1 else run.trace(run.goto(stop - 1) + 1)
        assert run.divergence is None
        pairs = zip(
            [*trace.after.weights, *trace.after.biases, np.array(trace.loss)],
            [*theirs.weights, *theirs.biases, np.array(loss)],
            strict=True,
        )
        found = max(found, *(disagreement(np.asarray(one), np.asarray(other)) for one, other in pairs))
        run.release(trace)
    return found


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_every_allowed_combination(combination: Combination, optimizer: str) -> None:
    for setting in SETTINGS:
        assert worst(in_setting(combination, setting, optimizer, shuffle=True)) <= TOLERANCE, setting


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("l1", "l2"), [(0.02, 0.0), (0.0, 0.1), (0.02, 0.1)])
def test_penalties_are_what_autograd_makes_of_them(optimizer: str, l1: float, l2: float) -> None:
    assert worst(experiment(optimizer=optimizer, batch_size=2, l1=l1, l2=l2)) <= TOLERANCE


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_parameters_stay_and_the_others_learn(optimizer: str) -> None:
    problem = experiment(sizes=(3, 4, 3, 2), optimizer=optimizer, frozen_weights=(1,), frozen_biases=(0, 2))
    assert worst(problem) <= TOLERANCE


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("momentum", (("momentum", 0.5),)),
        ("nesterov", (("momentum", 0.5),)),
        ("adagrad", (("eps", 1e-3),)),
        ("rmsprop", (("alpha", 0.8), ("eps", 1e-3))),
        ("adam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3))),
        ("adamw", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("weight_decay", 0.3))),
        ("nadam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("momentum_decay", 0.1))),
    ],
)
def test_options(optimizer: str, options: tuple[tuple[str, float], ...]) -> None:
    assert worst(experiment(optimizer=optimizer, options=options)) <= TOLERANCE


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "nadam"])
@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("per", ["update", "epoch"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None, optimizer: str) -> None:
    assert worst(scheduled(name, per, warmup, optimizer)) <= TOLERANCE


@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_rates_of_a_long_run(name: str, warmup: WarmupSpec | None) -> None:
    problem = scheduled(name, "update", warmup, "sgd")
    engine = Engine(problem)
    start = engine.initial_state()
    theirs = Reference(problem, start.weights, start.biases)
    for update in range(1, 151):
        assert engine.learning_rate(update) == pytest.approx(theirs.learning_rate, rel=1e-9, abs=1e-15), update
        theirs.update(engine.batch_rows(update))


def test_the_comparison_can_fail() -> None:
    problem, other = experiment(learning_rate=0.02), experiment(learning_rate=0.02 * (1 + 1e-6))
    run = Run.start(problem)
    theirs = Reference(other, run.state.weights, run.state.biases)
    theirs.update(None)
    run.train(1)
    assert disagreement(run.state.weights[0], theirs.weights[0]) > TOLERANCE


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initialisers_draw_from_the_distribution_of_torch(name: str) -> None:
    units, inputs = 300, 200
    ours, our_bias = initial_parameters(LayerSpec(units, "identity", init=name), 0, inputs, seed=3)
    linear = torch.nn.Linear(inputs, units, dtype=torch.float64)
    torch.manual_seed(3)
    with torch.no_grad():
        draws = {
            "zeros": torch.nn.init.zeros_,
            "constant": lambda w: torch.nn.init.constant_(w, 0.5),
            "normal": torch.nn.init.normal_,
            "uniform": torch.nn.init.uniform_,
            "xavier_uniform": torch.nn.init.xavier_uniform_,
            "xavier_normal": torch.nn.init.xavier_normal_,
            "he_uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
            "he_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
            "lecun_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
            "torch_default": lambda w: linear.reset_parameters(),
        }
        draws[name](linear.weight)
    theirs = linear.weight.detach().numpy()
    # 60,000 draws: a mean is known to 0.4 % of the deviation, the deviation to 0.3 %; five times that.
    assert abs(ours.mean() - theirs.mean()) <= 0.03 * theirs.std()
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)
    if "normal" not in name:
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=1e-3)
    if name == "torch_default":
        assert np.abs(our_bias).max() == pytest.approx(linear.bias.detach().abs().max().item(), rel=0.05)
    else:
        assert not our_bias.any()


def test_gradients_of_a_pass_are_those_of_autograd() -> None:
    for combination, setting in itertools.product(COMBINATIONS, SETTINGS[:3]):
        problem = in_setting(combination, setting, "sgd")
        run = Run.start(problem)
        trace = run.trace(1)
        theirs = Reference(problem, trace.before.weights, trace.before.biases)
        theirs.update(run.engine.batch_rows(1))
        for linear, dw, db in zip(theirs.linears, trace.dw, trace.db, strict=True):
            assert linear.weight.grad is not None and linear.bias.grad is not None
            assert disagreement(dw, linear.weight.grad.numpy()) <= TOLERANCE, combination
            assert disagreement(db, linear.bias.grad.numpy()) <= TOLERANCE, combination
