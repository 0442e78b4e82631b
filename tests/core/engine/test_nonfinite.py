"""Whether a pass is finite: what a shortcut says is what looking at every number says."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import first_nonfinite, is_finite
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._reference import COMBINATIONS, Combination, dataset, experiment

ODD = (0.0, 1.0, 1e308, -1e308, math.inf, -math.inf, math.nan, 1e155, 1e200, 1e145, 1e-300, 5e-324, -800.0, 800.0)
REGRESSION = Combination("tanh", "identity", "half_squared_error")


def _problem(random: Random, combination: Combination) -> Experiment:
    sizes = random.choice([(2, 3, 2), (3, 4, 3, 2), (1, 2), (2, 8, 3)])
    frozen = [tuple(layer for layer in range(len(sizes) - 1) if random.random() < 0.3) for _ in range(2)]
    problem = experiment(
        combination,
        sizes,
        random.randint(1, 6),
        optimizer=random.choice(list(OPTIMIZERS)),
        learning_rate=random.choice([1.0, 0.1, 1e-5, 1e-300, 1e300]),
        l1=random.choice([0.0, 0.0, 0.01, 1e10]),
        l2=random.choice([0.0, 0.0, 0.1, 1.0]),
        frozen_weights=frozen[0],
        frozen_biases=random.choice([frozen[1], ()]),
    )
    return replace(problem, data=dataset(problem.data.x * random.choice([0.0, 1.0, 1e155]), problem.data.y))


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_the_shortcut_says_what_looking_at_every_number_says(combination: Combination) -> None:
    random = Random(combination.id)
    told = {True: 0, False: 0}
    for _ in range(60):
        engine = Engine(_problem(random, combination))
        state = engine.initial_state()
        for _ in range(random.choice([0, 1, 2, 4])):
            part = random.choice([state.weights[0], state.augmented[-1], state.biases[0], state.array[-1:]])
            part[...] = random.choice(ODD)
        with np.errstate(all="ignore"):
            trace = engine.run(state, 1)
            assert is_finite(trace) == (first_nonfinite(trace) is None)
        told[is_finite(trace)] += 1
    assert min(told.values()) > 5


WIDE = (150, 120, 2)  # more parameters than the optimiser moves in one block


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("where", [0.0, 0.4, 0.95, 1.0])
def test_a_number_that_is_not_finite_is_noticed_in_every_block_and_row(optimizer: str, where: float) -> None:
    """The inputs are zeros, so that no product of the pass itself meets the parameter; the last one is a bias."""
    problem = experiment(REGRESSION, WIDE, 2, optimizer=optimizer)
    problem = replace(problem, data=dataset(np.zeros((2, 150)), problem.data.y))
    engine = Engine(problem)
    assert len(engine.new_state().blocks) > 1
    for row in range(1 + len(engine.optimizer.slots)):
        for value in (math.inf, -math.inf, math.nan):
            state = engine.initial_state()
            with np.errstate(all="ignore"):
                assert engine.run(state, 1).known_finite
                state.array[row, round(where * (engine.parameters - 1))] = value
                trace = engine.run(state, 1)
            assert not trace.known_finite and not is_finite(trace)


def test_a_z_that_is_infinite_is_noticed_where_all_that_follows_is_finite() -> None:
    """tanh takes it to 1, and no weight is large enough to tell."""
    problem = experiment(REGRESSION, (1, 2, 1), 1, optimizer="sgd", learning_rate=1e-5)
    layer = replace(problem.layers[0], weights=((1e10,), (1e10,)), bias=(0.0, 0.0))
    data = dataset(np.full((1, 1), 1e300), np.zeros((1, 1)))
    run = Run.start(replace(problem, layers=(layer, problem.layers[1]), data=data))
    run.train(3)
    assert run.divergence is not None and (run.divergence.update, run.divergence.key) == (1, "z")


def test_a_penalty_that_overflows_is_no_finite_loss() -> None:
    """The update that follows takes the weight to 0, so that nothing else tells of it."""
    problem = experiment(REGRESSION, (1, 1), 1, optimizer="sgd", learning_rate=1.0, l2=1.0)
    layer = replace(problem.layers[0], weights=((1e200,),))
    run = Run.start(replace(problem, layers=(layer,), data=dataset(np.zeros((1, 1)), np.zeros((1, 1)))))
    run.train(3)
    assert run.losses.points()[1][0] == math.inf
    assert run.divergence is not None and (run.divergence.update, run.divergence.key) == (1, "loss")


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop"])
def test_a_state_that_has_diverged_is_still_so_after_a_change(optimizer: str) -> None:
    """An infinite average stops its parameter, whose finite value says nothing of that."""
    problem = experiment(REGRESSION, optimizer=optimizer, frozen_biases=(0,))
    run = Run.start(problem)
    run.train(3)
    state = run.engine.copy_state(run.state)
    state.array[-1, 0] = math.inf
    changed = run.edited(3, problem, Change("text", "changed"), state)
    changed.train(2)
    assert changed.divergence is not None and (changed.divergence.update, changed.divergence.key) == (4, "state")


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_scratch_of_a_frozen_layer_is_no_divergence(optimizer: str) -> None:
    problem = experiment(REGRESSION, (1, 1), 1, optimizer=optimizer, frozen_weights=(0,), frozen_biases=(0,))
    run = Run.start(replace(problem, data=dataset(np.array([[1e100]]), np.array([[1e80]]))))
    trace = run.trace(1)
    assert 1e170 < abs(trace.dw[0][0, 0]) < math.inf  # its square is not finite, and nothing takes it
    assert run.divergence is None
    assert "divergence" not in [finding.kind for finding in diagnose(run, trace, 1)]
