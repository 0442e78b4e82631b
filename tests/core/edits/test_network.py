"""Tests of changes of single parameters, of trainability and of initial values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.network import set_activation, set_parameter
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, small_experiment, trained


def test_one_parameter_changes_and_every_other_number_stays() -> None:
    run = trained(small_experiment("adam"))
    old = run.state.array.copy()
    for ref, text in ((Ref("w", 0, 2, 1), "w1[3,2] = 0.25"), (Ref("b", 1, 0), "b2[1] = 0.25")):
        new = set_parameter(run, 9, ref, 0.25)
        assert bits(new.state) == bits(edit(run, text).state)
        parameters = new.state.biases if ref.quantity == "b" else new.state.weights
        assert parameters[ref.layer].ravel()[5 if ref.quantity == "w" else 0] == 0.25
        assert np.count_nonzero(new.state.array != old) == 1
        assert new.state.steps == 9
    assert np.array_equal(run.state.array, old)


def test_frozen_parameters_stay_and_unfrozen_ones_change_again() -> None:
    run = edit(trained(small_experiment("adam")), "freeze w1")
    frozen = run.state.weights[0].copy()
    run.train(5)
    assert np.array_equal(run.state.weights[0], frozen)
    assert not np.array_equal(run.state.biases[0], run.state_after(9).biases[0])
    run = edit(run, "unfreeze w1")
    run.train(1)
    assert not np.array_equal(run.state.weights[0], frozen)


def test_a_new_seed_or_initialisation_equals_the_start_of_such_a_preset() -> None:
    run = trained(small_experiment("adam"))
    base = run.experiment
    assert bits(edit(run, "seed = 5").state) == bits(Run.start(replace(base, init_seed=5)).state)
    he = tuple(replace(layer, init="he_normal") for layer in base.layers)
    assert bits(edit(run, "init = he_normal").state) == bits(Run.start(replace(base, layers=he)).state)
    one = edit(run, "init 1 = constant value=0.25")
    assert (one.state.weights[0] == 0.25).all() and np.array_equal(one.state.weights[1], run.state.weights[1])
    m, v = (one.state.slot(index) for index in (0, 1))
    assert not m[0][0].any() and not v[1][0].any() and m[0][1].any() and one.state.steps == 9
    spread = edit(run, "init 1 = uniform low=0.5 high=0.75").state.weights[0]
    assert spread.min() >= 0.5 and spread.max() <= 0.75


def test_drawing_anew_replaces_explicit_values() -> None:
    run = trained(load_experiment(find_preset("mazur")), 2)
    assert not np.array_equal(edit(run, "init = xavier_uniform").state.array[0], run.state.array[0])
    assert edit(run, "units 1 = 3").train(2) == 4


def test_calls_without_text_are_rejected_too() -> None:
    run = trained(small_experiment())
    with pytest.raises(InputError, match=r"^δ₁\[1\] is computed; only a weight, a bias"):
        set_parameter(run, 9, Ref("dz"), 1.0)
    with pytest.raises(InputError, match=r"^there is no w1\[9,1\]; layer 1 has 4 units of 2 inputs\.$"):
        set_parameter(run, 9, Ref("w", 0, 8), 1.0)
    with pytest.raises(InputError, match=r"there is no such layer; this network has layers 1 to 2"):
        set_activation(run, 9, -1, "relu")
