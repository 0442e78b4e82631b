"""Tests of saving a network as a preset: it opens anywhere, with the same weights and data to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.edits.data import set_input
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import MAX_INLINE, network_text, preset_from_network
from nn_tui.core.preset.loader import load_experiment, open_experiment, read_preset, shipped_presets
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, Preset
from tests._edits import edit
from tests._explanations import experiments
from tests._salaries import salaries


def reopened(run: Run, folder: Path, is_relative: bool = False) -> Experiment:
    """Write the network of a run as a preset into a folder, and open it from there."""
    path = folder / "mine.toml"
    start = folder if is_relative else None
    path.write_text(network_text(run.experiment, run.state, run.position, start), encoding="utf-8")
    return load_experiment(read_preset(path))


def assert_same(experiment: Experiment, state: State, again: Experiment) -> None:
    """Assert that a reopened experiment has the data, and starts from the weights, of another one."""
    for part in ("x", "y", "x_test", "y_test"):
        assert np.array_equal(getattr(again.data, part), getattr(experiment.data, part)), part
    assert np.array_equal(Run.start(again).state.array[0], state.array[0])
    assert (again.training, again.sizes) == (experiment.training, experiment.sizes)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.id)
def test_a_shipped_network_opens_from_any_folder(preset: Preset, tmp_path: Path) -> None:
    run = Run.start(load_experiment(preset))
    run.train(3)
    if run.divergence is None:
        assert_same(run.experiment, run.state, reopened(run, tmp_path))


@pytest.mark.parametrize("name", ["mazur", "iris", "spiral", "and"])
def test_the_start_of_a_preset_trains_to_the_same_bits(name: str, tmp_path: Path) -> None:
    run = Run.start(open_experiment(name))
    again = Run.start(reopened(run, tmp_path))
    assert again.experiment.preset.notes == run.experiment.preset.notes
    assert again.experiment.preset.expect == run.experiment.preset.expect
    for each in (run, again):
        each.train(7)
    assert np.array_equal(run.state.array, again.state.array)


def test_a_network_of_standardised_targets_keeps_their_units(tmp_path: Path) -> None:
    run = Run.start(salaries())
    run.train(5)
    again = reopened(run, tmp_path)
    assert_same(run.experiment, run.state, again)
    for name in ("y_mean", "y_scale", "targets", "targets_test"):
        assert np.array_equal(getattr(again.data, name), getattr(run.experiment.data, name)), name
    changed = edit(run, "y1 = 0.5")
    with_hand = reopened(changed, tmp_path)  # the statistics of other targets would be others
    assert np.array_equal(with_hand.data.y, changed.experiment.data.y)


@given(experiments(), st.integers(0, 3))
def test_a_random_network_is_read_back_to_the_last_bit(experiment: Experiment, updates: int) -> None:
    run = Run.start(experiment)
    run.train(updates)
    if run.divergence is not None:
        return
    text = network_text(experiment, run.state, run.position)
    again = load_experiment(parse_preset(text, id="mine", file="mine.toml", folder=None))
    assert_same(experiment, run.state, again)


def test_notes_and_expectations_are_about_the_start_alone() -> None:
    run = Run.start(open_experiment("mazur"))
    run.train(2)
    text = network_text(run.experiment, run.state, 2)
    assert "after update 2 of mazur" in text and "optimiser" in text.splitlines()[1]
    assert "notes" not in text and "[expect]" not in text


def test_a_start_that_was_changed_has_no_notes_of_the_preset() -> None:
    start = Run.start(open_experiment("xor"))
    for text in ("w1[1,1] = 9", "seed = 7", "x1 = 3", "eta = 1"):
        run = edit(start, text, 0)
        preset = preset_from_network(run.experiment, run.state_after(0), 0)
        assert (preset.notes, preset.expect) == ("", None), text


def test_a_file_that_is_gone_is_not_needed(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b\n1,2\n3,4\n5,7\n", encoding="utf-8")
    run = Run.start(open_experiment(str(tmp_path / "own.csv")))
    (tmp_path / "own.csv").unlink()
    again = reopened(run, tmp_path)
    assert np.array_equal(again.data.x, run.experiment.data.x)


@pytest.mark.parametrize("name", ["elsewhere", "here"])
def test_a_file_of_ones_own_is_named_from_the_folder_of_the_preset(tmp_path: Path, name: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "elsewhere").mkdir()
    rows = "\n".join(f"{n / 2},{n * n % 7},{'red' if n % 3 else 'blue'}" for n in range(30))
    (tmp_path / "here" / "own.csv").write_text(f"a,b,colour\n{rows}\n", encoding="utf-8")
    run = Run.start(open_experiment(str(tmp_path / "here" / "own.csv")))
    run.train(2)
    again = reopened(run, tmp_path / name, is_relative=True)
    assert_same(run.experiment, run.state, again)
    assert again.preset.data.csv == {"here": "own.csv", "elsewhere": "../here/own.csv"}[name]
    assert again.data.input_names == ("a", "b") and again.data.classes == ("blue", "red")


def test_without_a_folder_a_file_is_named_with_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own.csv").write_text("x,y\n1,2\n3,4.5\n5,7\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = Run.start(open_experiment("own.csv"))
    again = reopened(run, tmp_path / "elsewhere")
    assert_same(run.experiment, run.state, again)
    assert again.preset.data.csv == str(tmp_path / "own.csv")


@pytest.mark.parametrize("rows", [30, MAX_INLINE])
def test_a_self_contained_preset_has_the_numbers_of_a_small_file(tmp_path: Path, rows: int) -> None:
    (tmp_path / "own.csv").write_text("x,y\n" + "".join(f"{n},{n / 7}\n" for n in range(rows)), encoding="utf-8")
    run = Run.start(open_experiment(str(tmp_path / "own.csv")))
    preset = preset_from_network(run.experiment, run.state, 0, is_self_contained=True)
    assert (preset.data.csv is None) == (rows < MAX_INLINE)
    assert_same(run.experiment, run.state, load_experiment(preset))


def test_samples_that_were_changed_are_written_as_they_are(tmp_path: Path) -> None:
    run = set_input(Run.start(open_experiment("iris")), 0, 2, 1, 0.75)
    again = reopened(run, tmp_path)
    assert np.array_equal(again.data.x, run.experiment.data.x) and again.data.x[2, 1] == 0.75
    assert np.array_equal(again.data.y, run.experiment.data.y)
    assert not again.data.x_test.size


def test_a_weight_that_is_no_number_is_refused() -> None:
    run = Run.start(open_experiment("mazur"))
    state = run.state
    state.array[0, 3] = np.nan
    with pytest.raises(InputError, match="not a finite number"):
        network_text(run.experiment, state, 0)


def test_a_network_that_is_too_large_for_a_preset_is_refused() -> None:
    experiment = open_experiment("mazur")
    layers = (
        replace(experiment.layers[0], units=100_000, weights=None, bias=None),
        replace(experiment.layers[1], weights=None),
    )
    run = Run.start(load_experiment(replace(experiment.preset, layers=layers)))
    with pytest.raises(InputError, match="larger than the 8 MiB"):
        network_text(run.experiment, run.state, 0)
