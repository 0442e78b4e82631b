"""Tests of programs for NumPy: they go on with a training, bit by bit as the engine does, but for rounding."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings

from nn_tui.core.edits.data import set_input, set_target
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment, preset_ids
from nn_tui.core.program.program import program
from nn_tui.core.program.values import FRAMEWORKS, Framework
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, WarmupSpec
from tests._edits import edit
from tests._reference import COMBINATIONS, SETTINGS, Combination, Setting, experiment, in_setting, scheduled
from tests.core.program._scripts import assert_same_losses, expected_losses, load, script_after
from tests.core.run._runs import experiments

TABLES = Path(__file__).parents[1] / "table" / "files"
CASES = tuple(zip(COMBINATIONS, itertools.cycle(OPTIMIZERS), itertools.cycle(SETTINGS), strict=False))


@pytest.mark.parametrize("name", preset_ids())
def test_every_preset_goes_on_with_the_same_losses(name: str) -> None:
    assert_same_losses(open_experiment(name), after=(2,), updates=3)


@pytest.mark.parametrize(("combination", "optimizer", "setting"), CASES, ids=lambda value: getattr(value, "id", None))
def test_every_activation_and_loss(combination: Combination, optimizer: str, setting: Setting) -> None:
    assert_same_losses(in_setting(combination, setting, optimizer, shuffle=True))


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", ()),
        ("momentum", (("momentum", 0.5),)),
        ("nesterov", (("momentum", 0.5),)),
        ("adagrad", (("eps", 1e-3),)),
        ("rmsprop", (("alpha", 0.8), ("eps", 1e-3))),
        ("adam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3))),
        ("adamw", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("weight_decay", 0.3))),
        ("nadam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("momentum_decay", 0.1))),
    ],
)
def test_every_optimizer_with_its_options_and_frozen_parameters(
    optimizer: str, options: tuple[tuple[str, float], ...]
) -> None:
    assert_same_losses(
        experiment(
            sizes=(3, 4, 3, 2),
            optimizer=optimizer,
            options=options,
            batch_size=2,
            frozen_weights=(1,),
            frozen_biases=(0, 2),
        )
    )


@pytest.mark.parametrize(("l1", "l2"), [(0.02, 0.0), (0.0, 0.1), (0.02, 0.1)])
def test_penalties(l1: float, l2: float) -> None:
    assert_same_losses(experiment(optimizer="adam", batch_size=2, l1=l1, l2=l2))


@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("per", ["update", "epoch"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None) -> None:
    assert_same_losses(scheduled(name, per, warmup, "sgd"), updates=12)


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_order_of_the_batches(shuffle: bool) -> None:
    assert_same_losses(experiment(rows=7, batch_size=3, shuffle=shuffle), after=(0, 4), updates=9)


@settings(max_examples=25)
@given(experiments())
def test_random_networks(problem: Experiment) -> None:
    assert_same_losses(problem, after=(3,), updates=5)


def test_many_updates_stay_the_same() -> None:
    run = Run.start(open_experiment("iris"))
    assert script_after(run, 0).losses(500) == pytest.approx(expected_losses(run, 1, 500), rel=1e-9)


def test_a_run_with_another_optimizer_since_an_edit() -> None:
    run = Run.start(experiment(batch_size=2))
    run.goto(4)
    run = edit(run, "optimizer = adam")
    run.goto(7)
    assert script_after(run, 7).losses(5) == pytest.approx(expected_losses(run, 8, 12), rel=1e-9)


def test_an_overflow_ends_in_nan_as_in_the_app() -> None:
    run = Run.start(open_experiment("exploding"))
    expected = expected_losses(run, 1, 7)
    assert np.isnan(expected[7])
    assert script_after(run, 0).losses(7) == pytest.approx(expected, rel=1e-9, nan_ok=True)


def run_command(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script from another folder, in a Python that finds NumPy but not this program."""
    lines = (
        "import runpy, sys, numpy",
        "sys.modules['nn_tui'] = None",
        f"sys.argv = {[str(path), *arguments]!r}",
        f"runpy.run_path({str(path)!r}, run_name='__main__')",
        "print('modules', [name for name in sys.modules if name.startswith('nn_tui')])",
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", "\n".join(lines)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, check=False)


def test_a_script_runs_from_any_folder_with_numpy_alone(tmp_path: Path) -> None:
    run = Run.start(open_experiment("digits"))
    run.goto(2)
    shown = program(checkpoint_at(run, 2), "mine", "numpy")
    (tmp_path / "mine.py").write_text(shown.text, encoding="utf-8")
    for name, content in shown.files.items():
        (tmp_path / name).write_bytes(content)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["mine-data.npz", "mine.py"]
    done = run_command(tmp_path / "mine.py", "--updates", "2")
    losses = expected_losses(run, 3, 4)
    *lines, last = done.stdout.splitlines()
    assert last == "modules ['nn_tui']" and done.stderr == ""
    assert {int(line.split()[1]): float(line.split()[3]) for line in lines} == pytest.approx(losses, rel=1e-9)
    assert [line.split()[::2] for line in lines] == [["update", "loss"]] * 2


def test_a_script_without_arguments_predicts_some_rows(tmp_path: Path) -> None:
    run = Run.start(open_experiment("xor"))
    run.goto(500)
    (tmp_path / "mine.py").write_text(program(checkpoint_at(run, 500), "mine", "numpy").text, encoding="utf-8")
    done = run_command(tmp_path / "mine.py")
    assert done.stdout.splitlines()[:5] == [
        "[0. 0.] prediction 0 target 0",
        "[0. 1.] prediction 1 target 1",
        "[1. 0.] prediction 1 target 1",
        "[1. 1.] prediction 0 target 0",
        "accuracy 100.0% of 4 training rows",
    ]
    assert run_command(tmp_path / "mine.py", "--updates", "0").stdout == done.stdout
    refused = run_command(tmp_path / "mine.py", "--updates", "-3")
    assert refused.returncode == 2 and "--updates needs a number that is not negative" in refused.stderr


def test_rows_with_many_numbers_are_shown_by_their_number(tmp_path: Path) -> None:
    shown = program(checkpoint_at(Run.start(open_experiment("digits")), 0), "mine", "numpy")
    (tmp_path / "mine.py").write_text(shown.text, encoding="utf-8")
    missing = run_command(tmp_path / "mine.py")
    assert missing.returncode == 1 and "Traceback" not in missing.stderr
    assert "mine-data.npz is missing; keep it beside this program." in missing.stderr
    (tmp_path / "mine-data.npz").write_bytes(shown.files["mine-data.npz"])
    lines = run_command(tmp_path / "mine.py").stdout.splitlines()
    step = len(open_experiment("digits").data.x) // 5
    assert [line.split(" prediction")[0] for line in lines[:5]] == [f"row {1 + k * step}" for k in range(5)]
    assert lines[6].startswith("accuracy ") and lines[6].endswith(" test rows")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_state_of_an_optimizer_is_in_the_file_and_not_in_the_text(framework: Framework) -> None:
    run = Run.start(open_experiment("iris"))
    run.goto(3)
    shown = program(checkpoint_at(run, 3), "mine", framework)
    assert {"w1", "m_w1", "v_b2"} <= set(shown.arrays)
    (section,) = (section for section in shown.sections if section.name == "parameters")
    assert len(section.lines) < 15
    assert not program(checkpoint_at(Run.start(open_experiment("xor")), 0), "mine", framework).arrays


def test_a_notebook_reads_its_data_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.start(open_experiment("digits"))
    shown = program(checkpoint_at(run, 0), "mine", "numpy", in_notebook=True)
    assert [section.name for section in shown.sections][-1] == "predict" and "__file__" not in shown.text
    (tmp_path / "mine-data.npz").write_bytes(shown.files["mine-data.npz"])
    monkeypatch.chdir(tmp_path)
    assert load(shown).losses(1) == pytest.approx(expected_losses(run, 1, 1), rel=1e-9)


def test_training_goes_on_from_where_it_ended_and_predictions_are_those_of_the_trained_network() -> None:
    run = Run.start(open_experiment("iris"))
    script = script_after(run, 3)
    expected = expected_losses(run, 4, 7)
    before = script.outputs(script.names["examples"])
    assert script.losses(2) | script.losses(2) == pytest.approx(expected, rel=1e-9)
    assert (script.outputs(script.names["examples"]) != before).all()


@pytest.mark.parametrize(
    ("preset", "column", "value"),
    [(str(TABLES / "unemp.csv"), 2, 0.5), (str(TABLES / "unemp.csv"), 0, 1.25), ("iris", 1, 0.5), ("features", 0, 0.5)],
)
def test_an_input_that_was_set_by_hand(preset: str, column: int, value: float) -> None:
    run = Run.start(open_experiment(preset))
    run = set_input(run, 0, 0, column, value)
    expected = expected_losses(run, 1, 12)
    assert script_after(run, 0).losses(12) == pytest.approx(expected, rel=1e-9)


def test_a_target_that_was_set_by_hand() -> None:
    run = set_target(Run.start(open_experiment("xor")), 0, 1, 0, 0.25)
    expected = expected_losses(run, 1, 3)
    assert script_after(run, 0).losses(3) == pytest.approx(expected, rel=1e-9)
