"""Tests of the loss landscape: its losses, its directions, its path, and the errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from nn_tui.core.analysis.landscape import GridPlan, Landscape, evaluate_grid, plan_grid
from nn_tui.core.engine.blas import use_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec
from nn_tui.presets import COURSE

W1, W2 = Ref("w", 0, 0, 0), Ref("w", 0, 0, 1)


def trained(name: str, updates: int) -> Run:
    run = Run.start(load_experiment(find_preset(name)))
    run.goto(updates)
    return run


def grid_of(plan: GridPlan) -> Landscape:
    landscape = evaluate_grid(plan)
    assert landscape is not None
    return landscape


def parts(run: Run, direction: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    layers = split_parameters(direction, run.experiment.sizes)
    return [layer[:, :-1] for layer in layers], [layer[:, -1] for layer in layers]


def test_two_weights_of_a_linear_unit_give_the_paraboloid_of_the_squared_error() -> None:
    run = trained("plane", 10)
    landscape = grid_of(plan_grid(run, 10, axes=(W1, W2), size=9, radius=2.0))
    data, state = run.experiment.data, run.state_after(10)
    (weights,), (bias,) = state.weights, state.biases
    assert landscape.xs.tolist() == (weights[0, 0] + np.linspace(-2, 2, 9)).tolist()
    for row, second in enumerate(landscape.ys):
        for column, first in enumerate(landscape.xs):
            answer = data.x @ [first, second] + bias
            expected = np.mean((answer - data.y[:, 0]) ** 2)
            assert landscape.losses[row, column] == pytest.approx(expected, rel=1e-12)


def test_random_directions_of_a_linear_unit_have_constant_second_differences() -> None:
    landscape = grid_of(plan_grid(trained("plane", 5), 5, size=9))
    for axis in (0, 1):
        second = np.diff(landscape.losses, 2, axis=axis)
        assert np.allclose(second, second.flat[0], rtol=1e-9)
        assert second.flat[0] > 0


@pytest.mark.parametrize("name", ["xor", "mazur", "features", "autoencoder", "blobs", "sine", "neuron", "and"])
@pytest.mark.parametrize("update", [0, 7])
def test_the_middle_has_the_loss_of_the_update(name: str, update: int) -> None:
    run = trained(name, update)
    one = replace(run.experiment, training=replace(run.experiment.training, batch_size=None))
    whole = Run.start(one).edited(0, one, Change("text", "full batch"), run.state_after(update))
    trace = whole.trace(1)
    landscape = grid_of(plan_grid(run, update, size=5))
    assert landscape.losses[2, 2] == landscape.loss == pytest.approx(trace.loss, rel=1e-12)
    assert landscape.path[-1].tolist() == pytest.approx([landscape.xs[2], landscape.ys[2]])
    assert landscape.updates[-1] == landscape.update == update
    assert landscape.rows == len(run.experiment.data.x)


def test_the_losses_include_penalties() -> None:
    run = trained("features", 20)
    free = replace(run.experiment, training=replace(run.experiment.training, l1=0.0))
    bare = Run.start(free).edited(0, free, Change("text", "no penalty"), run.state_after(20))
    with_l1 = grid_of(plan_grid(run, 20, size=3, radius=1.0))
    without = grid_of(plan_grid(bare, 0, size=3, radius=1.0))
    size = 0.01 * sum(float(np.abs(w).sum()) for w in run.state_after(20).weights)
    assert with_l1.loss - without.loss == pytest.approx(size, rel=1e-9)


def test_directions_are_normalised_per_unit_and_leave_biases() -> None:
    run = trained("spiral", 3)
    plan = plan_grid(run, 3)
    for direction in plan.directions:
        weights, biases = parts(run, direction)
        for part, own in zip(weights, run.state_after(3).weights, strict=True):
            assert np.linalg.norm(part, axis=1) == pytest.approx(np.linalg.norm(own, axis=1))
        assert not any(bias.any() for bias in biases)


@pytest.mark.parametrize("name", COURSE)
def test_the_directions_of_shipped_networks_are_not_nearly_parallel(name: str) -> None:
    first, second = plan_grid(Run.start(load_experiment(find_preset(name))), 0).directions
    assert abs(first @ second) <= 0.5 * np.linalg.norm(first) * np.linalg.norm(second)


def test_directions_leave_frozen_weights() -> None:
    preset = find_preset("xor")
    frozen = replace(preset, layers=(replace(preset.layers[0], train_weights=False), preset.layers[1]))
    run = Run.start(load_experiment(frozen))
    for direction in plan_grid(run, 0).directions:
        weights, _ = parts(run, direction)
        assert not weights[0].any()
        assert weights[1].any()


def test_a_network_of_one_weight_gets_its_weight_and_bias_as_axes() -> None:
    plan = plan_grid(trained("neuron", 0), 0)
    assert plan.names == ("w₁[1,1]", "b₁[1]")
    assert plan.origin == (0.5, -1.5)


def test_weights_of_zero_have_directions_too() -> None:
    landscape = grid_of(plan_grid(trained("xor-zeros", 0), 0, size=5))
    assert np.ptp(landscape.losses) > 0


def test_the_seed_determines_the_directions() -> None:
    run = trained("moons", 5)
    again = plan_grid(trained("moons", 5), 5)
    plan = plan_grid(run, 5)
    assert (plan.directions == again.directions).all()
    assert (grid_of(plan).losses == grid_of(again).losses).all()
    assert (plan_grid(run, 5, seed=99).directions != plan.directions).any()


def test_the_path_along_two_parameters_has_their_values() -> None:
    run = trained("ravine-sgd", 20)
    landscape = grid_of(plan_grid(run, 20, axes=(W2, W1), size=3))
    assert landscape.updates.tolist() == list(range(21))
    for at, point in zip(landscape.updates, landscape.path, strict=True):
        weights = run.state_after(int(at)).weights[0][0]
        assert point.tolist() == pytest.approx([weights[1], weights[0]])
    assert landscape.xs[0] < landscape.path[:, 0].min() and landscape.xs[-1] > landscape.path[:, 0].max()


def test_the_path_is_the_orthogonal_projection() -> None:
    run = trained("circles", 60)
    plan = plan_grid(run, 60)
    for at, point in zip(plan.updates, plan.path, strict=True):
        rest = run.state_after(int(at)).parameters - plan.center - point @ plan.directions
        assert plan.directions @ rest == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_long_path_has_a_limited_number_of_points() -> None:
    run = trained("xor", 30_000)
    plan = plan_grid(run, 29_999, size=3)
    assert 10 < len(plan.updates) <= 41
    assert (plan.updates[0], plan.updates[-1]) == (0, 29_999)


def test_the_path_begins_at_the_last_change_of_shape() -> None:
    run = trained("xor", 10)
    layers = (LayerSpec(3, "tanh"), *run.experiment.layers[1:])
    other = replace(run.experiment, layers=layers)
    changed = run.edited(10, other, Change("text", "3 units"), Run.start(other).state_after(0))
    changed.goto(15)
    assert plan_grid(changed, 15).updates.tolist() == [10, 11, 12, 13, 14, 15]
    same_shape = run.edited(10, run.experiment, Change("text", "same shape"))
    same_shape.goto(12)
    assert plan_grid(same_shape, 12).updates.tolist() == list(range(13))


def test_the_evaluation_reports_progress_and_can_be_stopped() -> None:
    plan = plan_grid(trained("xor", 3), 3, size=5)
    done: list[float] = []
    assert evaluate_grid(plan, done.append, lambda: len(done) >= 2) is None
    assert done == [0.2, 0.4]
    assert evaluate_grid(plan, done.append) is not None
    assert done[2:] == [0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize("name", ["local-minimum-full", "ravine-sgd"])
def test_the_choice_of_the_window_can_be_stopped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, forward, passes = plan_grid(trained(name, 3), 3), Engine.forward, []

    def count(*arguments: Any) -> None:
        passes.append(1)
        forward(*arguments)

    monkeypatch.setattr(Engine, "forward", count)
    assert plan.is_whole
    assert evaluate_grid(plan, should_stop=lambda: len(passes) >= 3) is None
    assert len(passes) == 3


def test_the_plan_names_the_parameters_that_are_its_axes() -> None:
    assert plan_grid(trained("xor", 3), 3).axes == ()
    chosen = Ref("w", 0, 1, 0), Ref("b", 1, 0)
    assert plan_grid(trained("xor", 3), 3, axes=chosen).axes == chosen
    assert plan_grid(trained("local-minimum-full", 3), 3).axes == (Ref("w", 0, 0, 0),)


def test_the_evaluation_leaves_the_run_as_it_is() -> None:
    run = trained("digits", 3)
    before = run.state_after(3).array.copy()
    landscape = grid_of(plan_grid(run, 3, size=3))
    assert landscape.rows == 500
    assert (run.state_after(3).array == before).all()
    assert (run.position, run.reached) == (3, 3)


def test_the_evaluation_uses_the_threads_of_the_run() -> None:
    wide = replace(find_preset("digits"), layers=(LayerSpec(1000, "tanh"), LayerSpec(10, "softmax")))
    run = Run.start(load_experiment(replace(wide, training=replace(wide.training, batch_size=8))))
    plan = plan_grid(run, 0, size=3)
    losses = []
    for threads in (1, 2):
        use_threads(threads)
        losses.append(grid_of(plan).losses.tobytes())
        # A grid of 500 rows alone would use more threads, but another thread may run passes of 8 rows meanwhile.
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
    assert losses[0] == losses[1]


def test_losses_that_overflow_are_infinite_and_raise_nothing() -> None:
    landscape = grid_of(plan_grid(trained("plane", 2), 2, size=3, radius=1e200))
    assert np.isinf(landscape.losses).any()
    assert np.isfinite(landscape.loss)


def test_a_run_that_has_diverged_has_no_landscape() -> None:
    run = trained("too-fast", 1000)
    with pytest.raises(InputError, match="too large; step back"):
        plan_grid(run, run.position)
    assert grid_of(plan_grid(run, 100, size=3)).path.shape[1] == 2


@pytest.mark.parametrize("ref", [Ref("w", 0, 0, 2), Ref("w", 0, 1, 0), Ref("b", 1, 0), Ref("z", 0, 0), Ref("loss")])
def test_an_axis_must_be_a_parameter(ref: Ref) -> None:
    with pytest.raises(InputError, match="not a weight or bias of this network"):
        plan_grid(trained("plane", 0), 0, axes=(W1, ref))


def test_two_equal_axes_are_rejected() -> None:
    with pytest.raises(InputError, match="choose two different"):
        plan_grid(trained("plane", 0), 0, axes=(W1, W1))
