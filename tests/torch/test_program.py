"""Programs for PyTorch, run by PyTorch: they go on with a training, and predict raw rows, as the engine does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from nn_tui.core.data.input_rows import own_rows, row_positions
from nn_tui.core.export.values import ExportOptions
from nn_tui.core.export.write_program import write_notebook
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, Reduction, WarmupSpec
from nn_tui.presets import COURSE
from tests._edits import edit
from tests._reference import COMBINATIONS, SETTINGS, Combination, experiment, in_setting, scheduled
from tests.core.program._scripts import (
    TOLERANCE,
    Script,
    assert_same_losses,
    assert_same_scores,
    expected_losses,
    load,
    script_after,
)
from tests.core.run._runs import experiments

FILES = Path(__file__).parents[1] / "core" / "table" / "files"
torch.set_num_threads(1)


def check(problem: Experiment, after: tuple[int, ...] = (4,), updates: int = 8) -> None:
    """Compare the losses of programs at some updates of a run with those of the run."""
    assert_same_losses(problem, after=after, updates=updates, framework="pytorch")


# The training


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_every_allowed_combination(combination: Combination, optimizer: str) -> None:
    setting = SETTINGS[crc32(f"{combination.id}-{optimizer}".encode()) % len(SETTINGS)]
    check(in_setting(combination, setting, optimizer, shuffle=True))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_reductions(loss: str, reduction: Reduction) -> None:
    output = (LOSSES[loss].outputs or ("tanh",))[0]
    check(experiment(Combination("tanh", output, loss), rows=7, batch_size=3, reduction=reduction))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_start_a_state_and_options(optimizer: str) -> None:
    different = {
        "momentum": 0.5, "eps": 1e-3, "alpha": 0.8, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.3,
        "momentum_decay": 0.1,
    }  # fmt: skip
    options = tuple((name, different[name]) for name in OPTIMIZERS[optimizer].defaults)
    check(experiment(optimizer=optimizer, options=options), after=(0, 1, 30))


def test_nesterov_without_momentum() -> None:
    check(experiment(optimizer="nesterov", options=(("momentum", 0.0),)), after=(0, 4))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("l1", "l2"), [(0.02, 0.0), (0.0, 0.1), (0.02, 0.1)])
def test_penalties(optimizer: str, l1: float, l2: float) -> None:
    check(experiment(optimizer=optimizer, batch_size=2, l1=l1, l2=l2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("weights", [(1,), (0, 1, 2)])
@pytest.mark.parametrize("biases", [(0, 2), (0, 1, 2)])
def test_frozen_parameters(optimizer: str, weights: tuple[int, ...], biases: tuple[int, ...]) -> None:
    problem = experiment(sizes=(3, 4, 3, 2), optimizer=optimizer, frozen_weights=weights, frozen_biases=biases)
    check(problem, after=(0, 4))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "nadam"])
@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("per", ["update", "epoch"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None, optimizer: str) -> None:
    # In, at the end of and behind the warm-up, of updates or of epochs of three batches; and behind T_max.
    check(scheduled(name, per, warmup, optimizer), after=(0, 3, 5, 14, 15, 17, 70))


@settings(max_examples=150)
@given(experiments())
def test_random_networks(problem: Experiment) -> None:
    check(problem, after=(0, 5))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "change",
    [
        "eta = 0.03", "optimizer = nadam 0.01", "optimizer = momentum 0.01", "schedule = cosine T_max=50",
        "warmup = 20", "batch = 2", "reduction = sum", "l1 = 0.01", "loss = huber", "activation 1 = mish",
        "init = he_normal", "w1[2,1] = 0.3", "add 2 units to layer 1", "remove unit 2 of layer 1", "add layer 2 4 relu",
        "freeze w1", "freeze w2; freeze b1", "standardize = on", "standardize_target = on",
    ],
)  # fmt: skip
def test_a_run_that_was_changed(change: str, optimizer: str) -> None:
    run = edit(Run.start(open_experiment("sine")), f"optimizer = {optimizer} 0.012")
    run.goto(5)
    run = edit(run, change)
    expected = expected_losses(run, 6, 15)
    for update in (5, 9):
        wanted = {n: loss for n, loss in expected.items() if update < n <= update + 6}
        assert script_after(run, update, "pytorch").losses(6) == pytest.approx(wanted, rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("name", COURSE)
def test_presets(name: str) -> None:
    check(open_experiment(name), after=(3,) if name in ("digits", "exploding") else (0, 30), updates=5)


def test_training_goes_on_from_where_it_ended() -> None:
    run = Run.start(experiment(rows=7, batch_size=3, optimizer="adam", shuffle=True))
    script = script_after(run, 2, "pytorch")
    assert script.losses(3) | script.losses(4) == pytest.approx(expected_losses(run, 3, 9), rel=TOLERANCE, abs=0)


# Predictions


@pytest.mark.parametrize("name", COURSE)
def test_predictions_of_raw_rows(name: str) -> None:
    check_predictions(open_experiment(name))


@pytest.mark.parametrize("target", ["survived", "fare", "class"])
def test_predictions_for_a_table_with_texts_and_gaps(target: str) -> None:
    changes = {"target": target, "missing": "mean"}
    problem = open_experiment(str(FILES / "titanic-seaborn.csv"), changes=changes)
    assert any(None in row for row in own_rows(problem, range(1, 20)).cells)
    check_predictions(problem)


@pytest.mark.parametrize("name", [*COURSE, str(FILES / "titanic-seaborn.csv"), str(FILES / "unemp.csv")])
def test_scores(name: str) -> None:
    assert_same_scores(open_experiment(name), "pytorch")


def check_predictions(problem: Experiment) -> None:
    """Compare what a program predicts for some raw rows with what the network predicts."""
    run = Run.start(problem)
    script = script_after(run, 4 if run.engine.parameters < 1000 else 1, "pytorch")
    numbers = np.flatnonzero(row_positions(problem) >= 0)[[0, 1, 2, -2, -1][: len(problem.data.x)]] + 1
    rows = own_rows(problem, numbers.tolist())
    ours = predict_rows(run.engine, run.state, rows)
    assert script.outputs(rows.cells) == pytest.approx(ours.outputs, rel=TOLERANCE)
    if problem.data.classes:
        assert script.predict(rows.cells) == [ours.classes[index] for index in ours.predicted]


# The files


@pytest.mark.parametrize("name", ["xor", "iris", "digits", "spiral", "mazur"])
def test_the_script_of_the_command(name: str, tmp_path: Path) -> None:
    def nn_tui(*args: str) -> str:
        command = [sys.executable, "-m", "nn_tui.tui", *args]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    nn_tui("export", name, "--updates", "7", "-o", "mine.py")
    (tmp_path / "elsewhere").mkdir()
    command = [sys.executable, "-W", "error", str(tmp_path / "mine.py"), "--updates", "3"]
    done = subprocess.run(command, cwd=tmp_path / "elsewhere", check=True, capture_output=True, text=True)
    lines = [re.fullmatch(r"update (\d+) loss (\S+)", line) for line in done.stdout.splitlines()]
    traces = (json.loads(nn_tui("trace", name, "--updates", str(update), "--json")) for update in (8, 9, 10))
    losses = {trace["update"]: trace["loss"] for trace in traces}
    assert {int(line[1]): float(line[2]) for line in lines if line} == pytest.approx(losses, rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("name", ["xor", "iris", "schedule", "digits"])
def test_the_cells_of_a_notebook(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run.start(open_experiment(name))
    run.goto(3)
    notebook, *others = write_notebook(checkpoint_at(run, 3), ExportOptions("mine"))
    for other in others:
        (tmp_path / other.name).write_bytes(other.content)
    monkeypatch.chdir(tmp_path)
    variables: dict[str, Any] = {}
    for cell in json.loads(notebook.content)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), variables)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    losses = {int(line[1]): float(line[3]) for line in lines if line[0] == "update"}
    assert losses == pytest.approx(expected_losses(run, 4, 13), rel=TOLERANCE, abs=0)


# Programs that a person changes


@pytest.mark.parametrize(
    ("line", "changed", "change"),
    [
        (r"nn.ReLU\(\)", "nn.Tanh()", "activation 1 = tanh"),
        ("batch_size = 16", "batch_size = 30", "batch = 30"),
        ("lr=0.01", "lr=0.03", "eta = 0.03"),
        (
            r"Adam\(.*\n    optimizer.state\[parameter\] = .*?\n    }",
            "SGD(model.parameters(), lr=1.0)",
            "optimizer = sgd 1",
        ),
    ],
)
def test_a_changed_line_is_a_changed_run(line: str, changed: str, change: str) -> None:
    run = edit(Run.start(open_experiment("iris")), "batch = 16")
    script = changed_script(script_after(run, 4, "pytorch"), (line, changed))
    assert script.losses(10) == pytest.approx(expected_losses(edit(run, change), 5, 14), rel=TOLERANCE, abs=0)


def test_layers_of_another_size_start_from_random_weights() -> None:
    script = changed_script(
        script_after(Run.start(open_experiment("iris")), 4, "pytorch"),
        (r"model.load_state_dict\(.*?\n\)", ""),
        (r"for name, parameter in .*?\n    }", ""),
        (r"Linear\(4, 10\)", "Linear(4, 12)"),
        (r"Linear\(10, 3\)", "Linear(12, 3)"),
    )
    assert list(script.losses(2)) == [5, 6]


def changed_script(script: Script, *changes: tuple[str, str]) -> Script:
    """Return a script in which patterns, each of which is there once, are replaced."""
    text = script.program.text
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, flags=re.DOTALL)
        assert count == 1, pattern
    return load(script.program, text)
