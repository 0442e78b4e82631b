"""Check that the gradient check passes for every combination of activations and losses, and finds wrong gradients."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.analysis.gradcheck import TOLERANCE, GradientCheck, gradient_check
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment, LayerSpec, Reduction, TrainingSpec
from tests._reference import COMBINATIONS, Combination, dataset, experiment, of


def first_pass(problem: Experiment) -> tuple[Engine, Trace]:
    run = Run.start(problem)
    return run.engine, run.trace(1)


def check(problem: Experiment) -> GradientCheck:
    return gradient_check(*first_pass(problem))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_every_combination_of_activations_and_losses_agrees(combination: Combination, reduction: Reduction) -> None:
    for sizes, batch, l1, l2 in (((3, 4, 3, 2), None, 0.0, 0.0), ((2, 3, 2), 2, 0.01, 0.1)):
        problem = experiment(combination, sizes, batch_size=batch, reduction=reduction, l1=l1, l2=l2)
        result = check(problem)
        assert len(result.checks) == result.parameters
        assert result.kinks == 0
        assert result.passed, result.worst


def test_the_combinations_include_every_activation_and_loss() -> None:
    outputs = {(combination.output, combination.loss) for combination in COMBINATIONS}
    allowed = {(a, loss.name) for loss in LOSSES.values() for a in ACTIVATIONS if a in (loss.outputs or ACTIVATIONS)}
    assert outputs == allowed
    assert {combination.hidden for combination in COMBINATIONS} == set(ACTIVATIONS) - {"softmax"}


@pytest.mark.parametrize("place", [(0, 1, 0), (0, 2, None), (1, 0, 2), (1, 1, None)])
@pytest.mark.parametrize("error", [1.001, 0.0, -1.0])
def test_a_wrong_gradient_is_found_and_named(place: tuple[int, int, int | None], error: float) -> None:
    engine, trace = first_pass(experiment())
    layer, unit, column = place
    if column is None:
        trace.db[layer][unit] *= error
    else:
        trace.dw[layer][unit, column] *= error
    result = gradient_check(engine, trace)
    assert not result.passed
    assert result.worst is not None
    assert (result.worst.layer, result.worst.unit, result.worst.input) == place
    name = f"b{layer + 1}[{unit + 1}]" if column is None else f"w{layer + 1}[{unit + 1},{column + 1}]"
    assert result.worst.name == name
    assert sum(check.error > TOLERANCE for check in result.checks) == 1


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_gradient_that_is_not_finite_has_the_largest_error(value: float) -> None:
    engine, trace = first_pass(experiment())
    trace.dw[0][0, 0] = value
    result = gradient_check(engine, trace)
    assert not result.passed
    assert result.worst is not None and result.worst.name == "w1[1,1]" and result.worst.error == math.inf


def by_hand(problem: Experiment, position: tuple[int, int, int], h: float = 1e-5) -> float:
    """Return the difference quotient of the loss, from passes with changed initial weights."""
    layer, unit, column = position

    def loss(shift: float) -> float:
        weights = [list(row) for row in problem.layers[layer].weights or ()]
        weights[unit][column] += shift
        changed = replace(problem.layers[layer], weights=tuple(map(tuple, weights)))
        layers = (*problem.layers[:layer], changed, *problem.layers[layer + 1 :])
        return first_pass(replace(problem, layers=layers))[1].loss

    return (loss(h) - loss(-h)) / (2 * h)


@pytest.mark.parametrize(
    "combination",
    [
        Combination("tanh", "softmax", "huber"),
        Combination("gelu", "sigmoid", "binary_cross_entropy"),
        Combination("silu", "softmax", "cross_entropy"),
        Combination("elu", "identity", "perceptron"),
    ],
    ids=lambda combination: combination.id,
)
def test_the_numeric_gradient_is_the_difference_quotient_of_the_loss(combination: Combination) -> None:
    problem = experiment(combination, (3, 4, 3, 2), l1=0.01, l2=0.1)
    engine, trace = first_pass(problem)
    checks = {(c.layer, c.unit, c.input): c for c in gradient_check(engine, trace).checks}
    for place in ((0, 1, 2), (1, 2, 0), (2, 1, 1)):
        expected = by_hand(problem, place)
        assert checks[place].numeric == pytest.approx(expected, rel=1e-6, abs=1e-9)
        assert trace.dw[place[0]][place[1:]] == pytest.approx(expected, rel=1e-6, abs=1e-9)


def one_neuron(
    activation: str, loss: str, w: float, x: float, y: float, *, b: float = 0.0, l1: float = 0.0
) -> Experiment:
    layer = LayerSpec(1, activation, weights=((w,),), bias=(b,))
    data = dataset(np.array([[x]]), np.array([[y]]))
    return of(data, (layer,), TrainingSpec(loss=loss, l1=l1))


@pytest.mark.parametrize(
    ("problem", "kinks"),
    [
        (one_neuron("relu", "half_squared_error", 0.0, 1.0, 1.0), 2),
        (one_neuron("leaky_relu", "half_squared_error", 0.5, 2.0, 1.0, b=-1.0), 2),
        (one_neuron("identity", "mean_absolute_error", 0.5, 2.0, 1.0), 2),
        (one_neuron("identity", "huber", 1.0, 2.0, 1.0), 2),
        (one_neuron("identity", "perceptron", 0.0, 1.0, 0.0), 2),
        (one_neuron("identity", "half_squared_error", 0.0, 1.0, 1.0, l1=0.1), 1),
        (one_neuron("tanh", "half_squared_error", 0.0, 1.0, 1.0), 0),
    ],
    ids=["relu", "leaky_relu", "absolute", "huber", "perceptron", "l1", "smooth"],
)
def test_parameters_at_a_kink_are_marked_and_do_not_fail(problem: Experiment, kinks: int) -> None:
    result = check(problem)
    assert result.kinks == kinks
    assert result.passed


def test_a_smaller_step_avoids_a_kink_nearby() -> None:
    # The step of 6e-6 crosses the kink at z = 0; a sixteenth of it does not.
    result = check(one_neuron("relu", "half_squared_error", 2e-6, 1.0, 1.0))
    assert result.kinks == 0
    assert result.passed


def test_a_wrong_gradient_near_a_kink_is_found() -> None:
    engine, trace = first_pass(one_neuron("relu", "half_squared_error", 2e-6, 1.0, 1.0))
    trace.dw[0][0, 0] *= 1.01
    assert not gradient_check(engine, trace).passed


def test_tiny_gradients_of_a_large_loss_pass() -> None:
    """A deep sigmoid network has gradients that are smaller than the rounding error of a difference of losses."""
    layers = tuple(LayerSpec(3, "sigmoid", init="normal", init_options=(("mean", 0.0), ("std", 0.1))) for _ in range(8))
    x = np.linspace(-1.0, 1.0, 60).reshape(20, 3)
    problem = of(dataset(x, np.full((20, 3), 0.9)), layers, TrainingSpec(reduction="sum"))
    engine, trace = first_pass(problem)
    assert np.abs(trace.dw[0]).max() < 1e-7
    assert gradient_check(engine, trace).passed


def test_steep_inputs_get_a_smaller_step() -> None:
    layer = LayerSpec(1, "sigmoid", weights=((1e-3, 2e-3),))
    data = dataset(np.array([[4000.0, 180.0], [3000.0, 210.0]]), np.array([[1.0], [0.0]]))
    assert check(of(data, (layer,), TrainingSpec(loss="binary_cross_entropy"))).passed


def test_a_limit_selects_evenly_and_a_stop_ends_the_check() -> None:
    engine, trace = first_pass(experiment(sizes=(3, 4, 3, 2)))
    some = gradient_check(engine, trace, limit=10)
    assert len(some.checks) == 10
    assert {check.layer for check in some.checks} == {0, 1, 2}
    assert some.parameters == trace.gradient.size
    assert gradient_check(engine, trace, should_stop=lambda: True).checks == ()


def test_the_trace_is_only_read() -> None:
    engine, trace = first_pass(experiment())
    arrays: list[Array] = [*trace.computed, trace.before.array, trace.after.array]
    before = [array.copy() for array in arrays]
    gradient_check(engine, trace)
    for old, new in zip(before, arrays, strict=True):
        assert np.array_equal(old, new)


def test_frozen_parameters_are_checked_too() -> None:
    problem = experiment(frozen_weights=(0,), frozen_biases=(1,))
    result = check(problem)
    assert result.passed and len(result.checks) == result.parameters
    assert all(check.analytic != 0.0 for check in result.checks)


def test_infinite_numbers_fail_the_check_without_a_warning() -> None:
    problem = one_neuron("identity", "half_squared_error", 1e200, 1e200, 1.0)
    result = check(problem)
    assert not result.passed
