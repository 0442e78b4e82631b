"""Tests of the window of a landscape whose axes are all trained parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.analysis.landscape import plan_grid
from nn_tui.core.analysis.landscape_axes import trained_parameters
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from tests.core.analysis.test_landscape import grid_of, trained

RAVINES = ("ravine-sgd", "ravine-momentum", "ravine-rmsprop", "ravine-adam")


def minima(losses: np.ndarray, xs: np.ndarray) -> list[float]:
    return [float(x) for x in xs[1:-1][(losses[1:-1] < losses[:-2]) & (losses[1:-1] < losses[2:])]]


@pytest.mark.parametrize("update", [0, 7, 300])
@pytest.mark.parametrize("name", ["local-minimum-full", "local-minimum-single"])
def test_one_trained_parameter_gets_a_curve_with_both_valleys(name: str, update: int) -> None:
    curve = grid_of(plan_grid(trained(name, update), update))
    assert curve.names[0] == "w₁[1,1]" and len(curve.ys) == 1
    shallow_and_deep = minima(curve.losses[0], curve.xs)
    assert shallow_and_deep == pytest.approx([-2.53, 1.0], abs=0.04)
    path = curve.path[:, 0]
    assert path[0] == pytest.approx(1.5)
    margin = 0.05 * (curve.xs[-1] - curve.xs[0])
    assert curve.xs[0] < min(path.min(), *shallow_and_deep) - margin
    assert curve.xs[-1] > max(path.max(), *shallow_and_deep) + margin


def test_the_curve_has_the_loss_of_each_weight() -> None:
    run = trained("local-minimum-full", 4)
    curve = grid_of(plan_grid(run, 4))
    data = run.experiment.data
    for x, loss in zip(curve.xs[::40], curve.losses[0][::40], strict=True):
        z = data.x * x - 1.5
        assert loss == pytest.approx(float(np.mean(0.5 * (z / (1 + np.exp(-z)) - data.y) ** 2)), rel=1e-12)


def test_the_four_ravines_have_the_same_window_at_every_update() -> None:
    windows = set()
    for name in RAVINES:
        for update in (0, 3, 100):
            found = grid_of(plan_grid(trained(name, update), update, size=9))
            assert found.names == ("w₁[1,1]", "w₁[1,2]")
            windows.add(tuple(np.round([*found.xs[[0, -1]], *found.ys[[0, -1]]], 9).tolist()))
            path = found.path
            assert found.xs[0] < path[:, 0].min() and path[:, 0].max() < found.xs[-1]
            assert found.ys[0] < path[:, 1].min() and path[:, 1].max() < found.ys[-1]
    ((left, right, bottom, top),) = windows
    assert (left + right) / 2 == pytest.approx(1.0) and (bottom + top) / 2 == pytest.approx(-2.0), "the minimum"
    assert left < 2 < right and bottom < 8 < top, "the start"


def test_the_zigzag_of_a_ravine_keeps_every_update() -> None:
    assert plan_grid(trained("ravine-sgd", 100), 100).updates.tolist() == list(range(101))


def test_a_path_that_leaves_the_window_widens_it() -> None:
    preset = find_preset("ravine-sgd")
    optimizer = replace(preset.training.optimizer, learning_rate=0.5)
    run = Run.start(load_experiment(replace(preset, training=replace(preset.training, optimizer=optimizer))))
    run.goto(4)
    found = grid_of(plan_grid(run, 4, size=9))
    assert found.xs[0] < found.path[:, 0].min() and found.xs[-1] > found.path[:, 0].max() > 100


def test_without_a_minimum_nearby_the_window_follows_the_path() -> None:
    found = grid_of(plan_grid(trained("neuron", 20), 20, size=9))
    assert found.names == ("w₁[1,1]", "b₁[1]")
    assert (found.xs[4], found.ys[4]) == pytest.approx(tuple(found.path[-1]))


def test_trained_parameters_leave_out_frozen_ones() -> None:
    assert trained_parameters(load_experiment(find_preset("local-minimum-full"))) == (Ref("w", 0, 0, 0),)
    assert trained_parameters(load_experiment(find_preset("mazur")))[4] == Ref("w", 1, 0, 0)
    assert len(trained_parameters(load_experiment(find_preset("xor")))) == 17


def test_a_network_without_trained_parameters_has_no_landscape() -> None:
    preset = find_preset("neuron")
    frozen = replace(preset, layers=(replace(preset.layers[0], train_weights=False, train_bias=False),))
    with pytest.raises(InputError, match="no weight or bias is trained"):
        plan_grid(Run.start(load_experiment(frozen)), 0)
