"""Tests of changes of the data: inputs, targets, generated samples and standardisation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.data.consistency import is_consistent
from nn_tui.core.data.features import network_inputs
from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.data import regenerate, set_input, set_standardize
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment, open_experiment
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, small_experiment, trained
from tests._salaries import salaries


def test_an_input_is_set_in_the_networks_units_and_its_point_follows() -> None:
    run = trained(load_experiment(find_preset("iris")), 3)
    old = run.experiment.data
    data = edit(run, "x2 = 0.5", row=4).experiment.data
    assert data.x[4, 1] == 0.5 and np.count_nonzero(data.x != old.x) == 1
    assert data.points[4, 1] == pytest.approx(0.5 * old.x_scale[1] + old.x_mean[1])
    assert np.count_nonzero(data.points != old.points) == 1
    assert data.x_mean is old.x_mean and data.x_scale is old.x_scale
    assert not data.x.flags.writeable


def test_an_input_of_features_moves_the_point_and_its_other_features() -> None:
    run = trained(load_experiment(find_preset("features")), 3)
    data = edit(run, "x1 = 0.5", row=2).experiment.data
    assert data.points[2, 0] == 0.5
    x2 = data.points[2, 1]
    assert data.x[2] == pytest.approx([0.5, x2, 0.25, x2 * x2, 0.5 * x2, np.sin(0.5), np.sin(x2)])
    assert np.array_equal(np.delete(data.x, 2, 0), np.delete(run.experiment.data.x, 2, 0))


def test_a_target_changes_the_next_pass() -> None:
    run = trained(load_experiment(find_preset("xor")), 2)
    new = edit(run, "y1 = 0.75", row=1)
    trace = new.trace(3)
    assert trace.y[:, 0].tolist() == [0.0, 0.75, 1.0, 0.0]
    new.release(trace)
    assert change_text(new.segments[-1].change) == "y1 of sample 2 = 0.75"


def test_a_one_hot_target_moves_to_another_class() -> None:
    run = trained(load_experiment(find_preset("iris")), 2)
    kind = int(run.experiment.data.y[0].argmax())
    other = (kind + 1) % 3
    assert edit(run, f"y{other + 1} = 1").experiment.data.y[0].tolist() == [float(k == other) for k in range(3)]


def test_new_data_leave_the_weights_as_they_are() -> None:
    run = trained(small_experiment())
    noisy, more, again = (edit(run, text) for text in ("noise = 0.3", "samples = 30", "data seed = 8"))
    assert all(bits(new.state) == bits(run.state) for new in (noisy, more, again))
    spec = run.experiment.preset.data
    for new, data, seed in (
        (noisy, replace(spec, noise=0.3), 3),
        (more, replace(spec, samples=30), 3),
        (again, spec, 8),
    ):
        expected = load_experiment(replace(run.experiment.preset, data=data), seed).data
        assert np.array_equal(new.experiment.data.x, expected.x) and new.experiment.seed == seed
        assert new.experiment.preset.data == data and new.experiment.init_seed == 3


def test_standardised_inputs_equal_those_of_a_standardised_preset() -> None:
    run = trained(small_experiment())
    new = edit(run, "standardise on")
    spec = replace(run.experiment.preset.data, standardize=True)
    expected = load_experiment(replace(run.experiment.preset, data=spec))
    assert new.experiment.preset.data == spec
    assert np.array_equal(new.experiment.data.x, expected.data.x)
    assert np.allclose(new.experiment.data.x.std(axis=0), 1.0)
    assert np.array_equal(new.experiment.data.points, run.experiment.data.points)
    assert bits(new.state) == bits(run.state)
    back = edit(new, "standardize = off")
    assert np.array_equal(back.experiment.data.x, run.experiment.data.x)


def test_standardised_targets_equal_those_of_a_standardised_preset() -> None:
    run = trained(salaries(standardize_target=False))
    new = edit(run, "standardize_target = true")
    expected = salaries()
    assert new.experiment.preset.data == expected.preset.data
    for name in ("y", "y_test", "y_mean", "y_scale", "targets", "targets_test"):
        assert np.array_equal(getattr(new.experiment.data, name), getattr(expected.data, name)), name
    assert bits(new.state) == bits(run.state)
    back = edit(new, "standardise targets off")
    assert np.array_equal(back.experiment.data.y, run.experiment.data.y) and not back.experiment.data.targets.size


def test_classes_are_not_standardised() -> None:
    with pytest.raises(InputError, match="standardize_target: only targets that are numbers can be standardised"):
        edit(trained(small_experiment()), "standardize_target = on")


def test_a_standardised_target_is_set_in_the_units_of_the_network() -> None:
    run = trained(salaries())
    old = run.experiment.data
    new = edit(run, "y1 = 0.5").experiment.data
    assert new.y[0, 0] == 0.5 and np.array_equal(new.y[1:], old.y[1:])
    assert new.targets[0, 0] == 0.5 * old.y_scale[0] + old.y_mean[0]
    assert np.array_equal(new.targets[1:], old.targets[1:]) and is_consistent(new)
    with pytest.raises(InputError, match="is so large that the target overflows"):
        edit(run, "y1 = 1e307")


def test_another_number_of_inputs_keeps_standardised_targets() -> None:
    run = edit(trained(salaries(test_fraction=0.0)), "y1 = 0.5")
    new = edit(run, "inputs = 2").experiment.data
    for name in ("y", "y_mean", "y_scale", "targets"):
        assert np.array_equal(getattr(new, name), getattr(run.experiment.data, name)), name
    assert is_consistent(new)


def test_a_missing_sample_is_rejected() -> None:
    run = trained(small_experiment())
    for text in ("x1 = 0.1", "y1 = 0.1"):
        with pytest.raises(InputError, match=r": there is no such sample; the training data has samples 1 to 16\.$"):
            apply_edit(text, run, 9, row=16)


def test_inputs_of_a_table_of_any_kind_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    cells = ((n / 4 if n % 5 else "NA", "yes" if n % 2 else "no", "abc"[n % 3], n * n % 7 + 0.5) for n in range(30))
    path.write_text("size,wet,kind,y\n" + "\n".join(",".join(map(str, row)) for row in cells) + "\n")
    run = Run.start(open_experiment(str(path), changes={"test_fraction": 0.2}))
    path.unlink()
    data = run.experiment.data
    assert data.input_names == ("size", "size missing", "wet", "kind=a", "kind=b", "kind=c")
    row = int(np.flatnonzero(data.x[:, 1])[0])
    assert data.points[row, 0] == data.fill[0] and data.x[row, 0] == (data.fill[0] - data.x_mean[0]) / data.x_scale[0]
    assert data.x_mean[1:].tolist() == [0.0] * 5 and data.x_scale[1:].tolist() == [1.0] * 5
    changed = set_input(run, 0, row, 3, 0.25).experiment.data
    assert changed.points[row, 3] == changed.x[row, 3] == 0.25
    assert np.array_equal(np.delete(changed.x[row], 3), np.delete(data.x[row], 3))
    raw = set_standardize(run, 0, False).experiment.data
    assert np.array_equal(raw.x, data.points) and raw.fill.tolist() == data.fill.tolist()
    other = regenerate(run, 0, 5).experiment.data
    numbers = other.points[other.x[:, 1] == 0.0, 0]
    assert other.fill[0] == other.x_mean[0] != data.fill[0]  # the network gets exactly 0 for a missing number
    assert other.fill[0] == pytest.approx(numbers.mean(), rel=1e-15)  # the mean of the new training part
    assert np.array_equal(network_inputs(other, other.points), other.x)
    with pytest.raises(InputError, match="only typed data can get another number of inputs"):
        edit(run, "inputs = 3", 0)
    with pytest.raises(InputError, match="this data is a file; only generated data"):
        edit(run, "noise = 0.1", 0)
