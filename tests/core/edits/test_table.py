"""Tests of changes of whole rows: matrices and vectors of parameters, samples, typed data, the number of inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, small_experiment, trained

HAN_KAMBER = (
    "data = 1 0 1 -> 1",
    "units 1 = 2",
    "activation 1 = sigmoid",
    "w1 = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]",
    "b1 = −0.4 0.2",
    "w2 = -0.3 -0.2",
    "b2 = 0.1",
    "eta = 0.9",
)


def start(name: str = "xor") -> Run:
    return Run.start(load_experiment(find_preset(name)))


def test_an_exercise_of_a_text_book_is_typed_line_by_line() -> None:
    """Han and Kamber, Data Mining, the example of backpropagation: x = (1, 0, 1), y = 1, η = 0.9."""
    run = start()
    for line in HAN_KAMBER:
        run = edit(run, line)
    assert run.experiment.sizes == (3, 2, 1) and not run.experiment.preset.data.standardize
    trace = run.trace(1)
    assert np.allclose(trace.z[0], [[-0.7, 0.1]], atol=1e-12)
    assert np.allclose(trace.z[1], [[-0.10454]], atol=1e-5)
    assert np.allclose(trace.after.weights[0], [[0.192148, 0.4, -0.507852], [-0.305888, 0.1, 0.194112]], atol=1e-6)
    assert np.allclose(trace.after.biases[1], [0.218052], atol=1e-6)
    run.release(trace)


def test_all_weights_and_biases_of_a_layer_are_set_and_nothing_else() -> None:
    run = trained(small_experiment())
    before = run.state
    changed = edit(edit(run, "w2 = 1 2 3 4"), "b1 = 1/2 1/4 0 -1").state
    assert changed.weights[1].tolist() == [[1, 2, 3, 4]] and changed.biases[0].tolist() == [0.5, 0.25, 0, -1]
    assert changed.weights[0].tolist() == before.weights[0].tolist()
    assert changed.array[1:].tobytes() == before.array[1:].tobytes() and changed.steps == before.steps
    with pytest.raises(InputError, match="these are the current values"):
        edit(edit(run, "w2 = 1 2 3 4"), "w2 = 1 2 3 4")


def test_weights_of_a_layer_with_one_input_may_be_a_column_or_a_row() -> None:
    run = edit(trained(small_experiment()), "data = 1 -> 0; 2 -> 1")
    for text in ("w1 = 1 2 3 4", "w1 = [[1], [2], [3], [4]]", "w1 = 1; 2; 3; 4"):
        assert edit(run, text).state.weights[0].tolist() == [[1], [2], [3], [4]]
    assert edit(run, "b1 = 1; 2; 3; 4").state.biases[0].tolist() == [1, 2, 3, 4]


def test_all_inputs_and_targets_of_one_sample_are_set() -> None:
    run = start()
    changed = edit(edit(run, "x = 0.5 1/4", row=2), "y = 0.75", row=2)
    assert changed.experiment.data.x[2].tolist() == [0.5, 0.25] == changed.experiment.data.points[2].tolist()
    assert changed.experiment.data.y[2].tolist() == [0.75]
    rest = [0, 1, 3]
    assert changed.experiment.data.x[rest].tobytes() == run.experiment.data.x[rest].tobytes()
    with pytest.raises(InputError, match="these are the current values"):
        edit(changed, "x = 0.5 0.25", row=2)


def test_typed_data_replace_the_data_as_they_are() -> None:
    run = edit(start("iris"), "data = 5 1 2 3 -> 1 0 0; 5 1 2 4 -> 0 0 1")
    data = run.experiment.data
    assert data.x.tolist() == [[5, 1, 2, 3], [5, 1, 2, 4]] and data.y.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert not len(data.x_test) and not run.experiment.preset.data.standardize
    assert run.state.array.tobytes() == start("iris").state.array.tobytes()
    assert run.train(3) == 3


@pytest.mark.parametrize("rows", ["1 0 1 -> 1 0; 0 1 1 -> 0 1", "1 -> 1 0 1"])
def test_layers_fit_typed_data_and_keep_the_parameters_that_survive(rows: str) -> None:
    run = edit(trained(small_experiment()), f"data = {rows}")
    old, new = trained(small_experiment()).state, run.state
    assert run.experiment.sizes == (run.experiment.data.x.shape[1], 4, run.experiment.data.y.shape[1])
    inputs = min(2, run.experiment.sizes[0])
    assert new.weights[0][:, :inputs].tobytes() == old.weights[0][:, :inputs].tobytes()
    assert new.weights[1][0].tobytes() == old.weights[1][0].tobytes()
    assert new.biases[0].tobytes() == old.biases[0].tobytes()
    assert run.train(3) == 12


def test_the_number_of_inputs_of_a_table_changes() -> None:
    run = edit(start(), "x1 = 3", row=1)
    more = edit(run, "inputs = 4")
    assert more.experiment.sizes == (4, 4, 1)
    assert more.experiment.data.x[1].tolist() == [3.0, 1.0, 0.0, 0.0], "a value that was set stays"
    assert more.state.weights[0][:, :2].tobytes() == run.state.weights[0].tobytes()
    assert more.state.weights[0][:, 2:].all(), "new weights are drawn"
    back = edit(more, "inputs = 2")
    assert (
        bits(back.state)[0] == bits(run.state)[0] and back.experiment.data.x.tolist() == run.experiment.data.x.tolist()
    )
    assert [change_text(segment.change) for segment in back.segments[2:]] == ["inputs 2 → 4", "inputs 4 → 2"]
    with pytest.raises(InputError, match="the value is 2 already"):
        edit(back, "inputs = 2")


def test_the_same_data_again_is_no_change() -> None:
    run = edit(start(), "data = 1 0 -> 1")
    with pytest.raises(InputError, match="these are the current values"):
        edit(run, "data = 1 0 -> 1")
    assert edit(edit(run, "y = 0"), "data = 1 0 -> 1").experiment.data.y.tolist() == [[1]]


@pytest.mark.parametrize("fraction", [0.0, 0.25])
@pytest.mark.parametrize("standardize", [False, True])
def test_another_number_of_inputs_keeps_the_values_that_were_set(standardize: bool, fraction: float) -> None:
    preset = find_preset("xor")
    spec = replace(preset.data, test_fraction=fraction, standardize=standardize)
    run = Run.start(load_experiment(replace(preset, data=spec)))
    old = edit(edit(run, "x1 = 3", row=1), "y = 0.25", row=2).experiment.data
    wide = edit(edit(edit(run, "x1 = 3", row=1), "y = 0.25", row=2), "inputs = 3")
    data = wide.experiment.data
    assert np.array_equal(data.x, np.column_stack([old.x, np.zeros(len(old.x))])) and np.array_equal(data.y, old.y)
    assert np.array_equal(data.points, np.column_stack([old.points, np.zeros(len(old.x))]))
    assert data.x_test.shape == (round(4 * fraction), 3) and data.classes == old.classes
    assert np.array_equal(data.x_test[:, :2], old.x_test)
    assert not data.x.flags.writeable and not data.points.flags.writeable
    narrow = edit(wide, "inputs = 2").experiment.data
    assert np.array_equal(narrow.x, old.x) and np.array_equal(narrow.points, old.points)


def test_the_targets_of_classes_stay_one_hot() -> None:
    run = start("iris")
    for text in ("y1 = 0.5", "y = 0.5 0.5 0", "y = 0.2 0.3 0.5"):
        with pytest.raises(InputError, match="write 1 at the right class, and the others become 0"):
            edit(run, text)
    kind = int(run.experiment.data.y[0].argmax())
    row = [float(k == (kind + 1) % 3) for k in range(3)]
    changed = edit(run, "y = " + " ".join(f"{value:g}" for value in row))
    assert changed.experiment.data.y[0].tolist() == row


def test_all_inputs_with_features_are_set_if_the_computed_ones_agree() -> None:
    run = start("features")  # x1 x2 x1² x2² x1·x2 sin(x1) sin(x2)
    data = edit(run, "x = 0.5 0.25 0.25 0.0625 0.125 0.4794 0.2474", row=2).experiment.data
    assert data.points[2].tolist() == [0.5, 0.25]
    assert data.x[2] == pytest.approx([0.5, 0.25, 0.25, 0.0625, 0.125, np.sin(0.5), np.sin(0.25)], abs=1e-12)
    x1, x2 = run.experiment.data.points[2].tolist()
    squares = f"{x1 * x1!r} {x2 * x2!r}"  # of the values that the sample had
    with pytest.raises(InputError, match=r"it is computed from the inputs as .*; these can be set: x1, x2"):
        edit(run, f"x = 0.5 0.25 {squares} 0.125 0.4794 0.2474", row=2)
