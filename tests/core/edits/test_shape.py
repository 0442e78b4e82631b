"""Tests of changes of the shape: parameters that survive keep their values and their optimiser state exactly."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from tests._edits import bits, edit, small_experiment, trained


def blocks(run: Run, layer: int) -> Array:
    """Return [W | b] of a layer for each array of the state, shape ``(1 + slots, units, inputs + 1)``."""
    return np.array([split_parameters(row, run.engine.sizes)[layer] for row in run.state.array])


@pytest.mark.parametrize("text", ["units 1 = 6", "add 2 units to layer 1"])
def test_added_units_leave_the_others_as_they_are(text: str) -> None:
    run = trained(small_experiment("adam", hidden=(4, 3)))
    new = edit(run, text)
    assert new.engine.sizes == (2, 6, 3, 1)
    assert change_text(new.segments[-1].change) == "+2 units in layer 1"
    assert new.state.steps == run.state.steps == 9
    assert np.array_equal(blocks(new, 0)[:, :4], blocks(run, 0))
    assert np.array_equal(blocks(new, 1)[:, :, [0, 1, 2, 3, 6]], blocks(run, 1))  # the bias is the last column
    assert np.array_equal(blocks(new, 2), blocks(run, 2))
    assert blocks(new, 0)[0, 4:, :2].all() and blocks(new, 1)[0, :, 4:6].all()
    assert not blocks(new, 0)[1:, 4:].any() and not blocks(new, 1)[1:, :, 4:6].any()
    assert new.train(5) == 14


def test_a_removed_unit_takes_only_its_own_weights() -> None:
    run = trained(small_experiment("adam", hidden=(4, 3)))
    new = edit(run, "remove unit 2 of layer 1")
    assert new.engine.sizes == (2, 3, 3, 1)
    assert np.array_equal(blocks(new, 0), np.delete(blocks(run, 0), 1, 1))
    assert np.array_equal(blocks(new, 1), np.delete(blocks(run, 1), 1, 2))
    assert np.array_equal(blocks(new, 2), blocks(run, 2))
    last = edit(run, "units 1 = 3")
    assert change_text(last.segments[-1].change) == "−1 unit in layer 1"
    assert np.array_equal(blocks(last, 0), blocks(run, 0)[:, :3])
    assert np.array_equal(blocks(last, 1), np.delete(blocks(run, 1), 3, 2))


def test_a_unit_added_again_differs_from_all_others() -> None:
    start = Run.start(small_experiment())
    new = edit(edit(start, "remove unit 1 of layer 1"), "units 1 = 4")
    rows = new.state.weights[0]
    assert len(np.unique(rows, axis=0)) == 4
    again = edit(edit(start, "remove unit 1 of layer 1"), "units 1 = 4")
    assert bits(again.state) == bits(new.state)


def test_an_added_layer_moves_the_others_up() -> None:
    run = trained(small_experiment("adam", hidden=(4, 3)))
    new = edit(run, "add layer 2 5 relu")
    assert new.engine.sizes == (2, 4, 5, 3, 1)
    assert [layer.activation for layer in new.experiment.layers] == ["tanh", "relu", "tanh", "sigmoid"]
    assert np.array_equal(blocks(new, 0), blocks(run, 0))
    assert np.array_equal(blocks(new, 3), blocks(run, 2))
    assert np.array_equal(blocks(new, 2)[:, :, -1], blocks(run, 1)[:, :, -1])
    drawn = blocks(new, 2)[:, :, :-1]
    assert drawn[0].all() and not drawn[1:].any()
    assert blocks(new, 1)[0, :, :-1].all() and not blocks(new, 1)[1:].any()
    assert new.state.steps == 9
    same = edit(run, "add layer 2 4 relu")  # as many as come in: the layer above keeps its weights too
    assert np.array_equal(blocks(same, 2), blocks(run, 1))


def test_a_removed_layer_leaves_the_others_as_they_are() -> None:
    run = trained(small_experiment("adam", hidden=(4, 3)))
    new = edit(run, "remove layer 2")
    assert new.engine.sizes == (2, 4, 1)
    assert np.array_equal(blocks(new, 0), blocks(run, 0))
    assert np.array_equal(blocks(new, 1)[:, :, -1], blocks(run, 2)[:, :, -1])
    assert blocks(new, 1)[0, :, :-1].all() and not blocks(new, 1)[1:, :, :-1].any()
    square = trained(small_experiment("adam", hidden=(3, 3)))
    removed = edit(square, "remove layer 2")
    assert np.array_equal(blocks(removed, 1), blocks(square, 2))
    assert edit(edit(removed, "remove layer 1"), "l2 = 0.1").train(2) == 11


def test_a_unit_with_zero_outgoing_weights_changes_no_prediction() -> None:
    """A unit with outgoing weights of 0 does not change the loss."""
    run = trained(small_experiment())
    silent = edit(edit(run, "units 1 = 5"), "w2[1,5] = 0")
    with_it, without = silent.trace(10), run.trace(10)
    assert with_it.loss == pytest.approx(without.loss, rel=1e-12)
    assert np.allclose(with_it.dw[0][:4], without.dw[0], rtol=1e-12)


def test_a_layer_added_to_a_network_of_zeros_has_different_units() -> None:
    run = Run.start(load_experiment(find_preset("xor-perceptron")))
    new = edit(run, "add layer 1 4 tanh")
    assert new.experiment.layers[0].init == "xavier_uniform"
    assert new.experiment.layers[1].init == "zeros"
    assert len(np.unique(new.state.weights[0], axis=0)) == 4


def test_a_network_has_at_most_64_layers() -> None:
    run = Run.start(small_experiment(hidden=(1,) * 63))
    with pytest.raises(InputError, match=r"layers: a network has at most 64 layers; remove one first\.$"):
        edit(run, "add layer 1 1")


def test_limits_are_checked_before_memory_is_used() -> None:
    run = Run.start(small_experiment(hidden=(4, 3)))
    wide = edit(run, "units 2 = 20000")
    with pytest.raises(InputError, match="parameters are more than the 20,000,000"):
        edit(wide, "units 1 = 100000")
