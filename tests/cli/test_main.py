"""Tests of the commands: their text and JSON, their exit codes, and one line for every failure."""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.core import __version__
from nn_tui.core.analysis.gradcheck import gradient_check
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.preset.writer import preset_text
from nn_tui.presets import COURSE
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli import commands
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.settings import Settings, UsageError, read_settings
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from tests._salaries import salaries

COMMAND = [sys.executable, "-m", "nn_tui.tui"]
Captured = pytest.CaptureFixture[str]

needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="pseudo-terminals are Unix's")

WITH_TEST_ROWS = """
title = "A line"
summary = "For a test."
seed = 3
[data]
generator = "plane"
samples = 40
noise = 0.1
test_fraction = 0.25
[[layers]]
units = 1
[training]
loss = "mean_squared_error"
batch_size = 8
l2 = 0.5
[training.optimizer]
learning_rate = 0.05
"""


@pytest.fixture(autouse=True)
def _unset_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the settings of the machine that runs the tests."""
    for name in [name for name in os.environ if name.startswith("NN_TUI_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def line_preset(tmp_path: Path) -> str:
    path = tmp_path / "line.toml"
    path.write_text(WITH_TEST_ROWS)
    return str(path)


def run(capsys: Captured, *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of one command line."""
    code = main(argv)
    done = capsys.readouterr()
    return code, done.out, done.err


def failure(capsys: Captured, code: int, *argv: str) -> str:
    """Run a command line that fails with ``code``; return the only line on stderr."""
    exit_code, out, err = run(capsys, *argv)
    assert exit_code == code, err
    assert out == ""
    assert err.startswith("nn-tui: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


# Version and help


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_needs_neither_numpy_nor_textual(flag: str) -> None:
    code = (
        "import sys; from nn_tui.tui.__main__ import main; code = main(sys.argv[1:]);"
        "heavy = {name.split('.')[0] for name in sys.modules} & {'numpy', 'textual', 'rich', 'argparse', 'plotext'};"
        "print(code, sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code, flag], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"nn-tui {__version__}", "0 []"]


def test_commands_import_neither_textual_nor_packages_that_only_some_formats_need() -> None:
    code = (
        "import sys, nn_tui.tui.cli.commands;"
        "print([name for name in ('textual', 'plotext', 'onnx', 'safetensors', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_names_the_commands_and_needs_no_numpy() -> None:
    code = (
        "import sys; from nn_tui.tui.__main__ import main; code = main(['--help']); print(code, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for word in ("list", "train", "trace", "check", "export", "--ascii", "--log", "--seed", "--palette", "Exit codes"):
        assert word in done.stdout
    assert done.stdout.splitlines()[-1] == "0 False"


@pytest.mark.parametrize("command", ["list", "train", "predict", "trace", "check", "export"])
def test_every_command_has_help(capsys: Captured, command: str) -> None:
    code, out, err = run(capsys, command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: nn-tui {command}")


# --set


def test_set_changes_the_start_of_every_command(capsys: Captured) -> None:
    code, out, _ = run(capsys, "trace", "mazur", "--json", "--set", "w1[1,1] = 0.3", "--set", "eta = 0.25")
    assert code == 0
    layer = json.loads(out)["layers"][0]
    assert layer["weights"][0][0] == 0.3
    step = layer["weights_after"][0][0] - 0.3
    assert step == pytest.approx(-0.25 * layer["dw"][0][0], rel=1e-9)
    assert "half_squared_error loss, adam." in run(capsys, "check", "mazur", "--set", "optimizer = adam")[1]
    train_losses = [
        json.loads(run(capsys, "train", "xor", "--updates", "3", "--json", *more)[1])["train_loss"]
        for more in ((), ("--set", "optimizer = adam"))
    ]
    assert train_losses[0] != train_losses[1]
    assert "[0.3, 0.2]" in run(capsys, "export", "mazur", "--set", "w1[1,1] = 0.3")[1]
    assert "layer 1 has units 1 to 2" in failure(capsys, 1, "trace", "mazur", "--set", "w1[3,1] = 1")


def test_what_is_probably_not_meant_is_a_warning_and_no_failure(capsys: Captured) -> None:
    code, out, err = run(capsys, "trace", "mazur", "--seed", "5", "--json")
    assert code == 0 and json.loads(out)["preset"] == "mazur"
    assert "The seed changes nothing here" in err and err.count("\n") == 1
    code, _, err = run(capsys, "check", "ravine-momentum", "--set", "momentum = 1.5")
    assert code == 0 and "The momentum 1.5 is not below 1" in err
    assert run(capsys, "trace", "mazur")[2] == "" == run(capsys, "trace", "xor", "--seed", "5")[2]


def test_a_document_opens_as_it_was_saved(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "mine.nntui"
    write_session(path, new_session(open_experiment("xor")))
    assert "leave out --set" in failure(capsys, 2, str(path), "--set", "eta = 1")
    assert "no such file" in failure(capsys, 1, str(tmp_path / "none.nntui"))


def test_commands_start_from_the_weights_of_a_document(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "lec 1.nntui"
    session = new_session(open_experiment("xor"))
    session = stepping.goto(session, session.run.goto(3))
    write_session(path, session)
    notice = "nn-tui: lec 1.nntui: starts from the weights after update 3, without the state of the optimiser.\n"
    code, out, err = run(capsys, "trace", str(path), "--json")
    report = json.loads(out)
    assert (code, err, report["preset"]) == (0, notice, "lec 1")
    assert report["layers"][0]["weights"] == session.run.state_after(3).weights[0].tolist()
    for argv in (["train", "--updates", "2"], ["check"], ["worksheet"], ["export", "--set", "eta = 0.5"]):
        code, out, err = run(capsys, argv[0], str(path), *argv[1:])
        assert code == 0 and out and err == notice, argv
    code, _, err = run(capsys, str(path))
    assert code == 2 and err.endswith(f"run: nn-tui train '{path}' --epochs 100\n")


def test_a_file_with_the_wrong_ending_gets_the_right_one(capsys: Captured, tmp_path: Path) -> None:
    write_session(tmp_path / "a.nntui", new_session(open_experiment("xor")))
    (tmp_path / "a.nntui").rename(tmp_path / "document.toml")
    write_session(tmp_path / "a.toml", new_session(open_experiment("xor")))
    (tmp_path / "a.toml").rename(tmp_path / "preset.nntui")
    (tmp_path / "none").write_text("")
    (tmp_path / "folder.nntui").mkdir()
    for name, said in (
        ("document.toml", 'rename it to "document.nntui".'), ("preset.nntui", 'rename it to "preset.toml".'),
        ("none", "none: it is empty"), ("folder.nntui", "it is a folder"), (".", "is a folder"),
    ):  # fmt: skip
        assert said in failure(capsys, 1, str(tmp_path / name))


def test_a_saved_session_is_not_resumed_at_a_moment(capsys: Captured) -> None:
    for option in (("--set", "eta = 1"), ("--at", "3"), ("--select", "x1"), ("--view", "layer")):
        assert "leave out --set, --weights, --at, --select and --view" in failure(capsys, 2, "xor", "--resume", *option)


# list


def test_list_gives_the_course_in_order(capsys: Captured) -> None:
    code, out, err = run(capsys, "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(COURSE)
    code, out, _ = run(capsys, "list", "--json")
    presets = json.loads(out)["presets"]
    assert [preset["id"] for preset in presets] == list(COURSE)
    assert all(set(preset) == {"id", "title", "summary"} for preset in presets)


def test_list_aligns_columns_also_with_wide_letters(capsys: Captured, own_preset: Callable[[str, str], None]) -> None:
    own_preset("own", "선 하나")
    _, out, _ = run(capsys, "list")
    first, *_, last = out.splitlines()
    assert last.startswith("own ")
    assert cell_len(first[: first.index("One sigmoid")]) == cell_len(last[: last.index("For a test")])


@pytest.fixture
def own_preset(tmp_path: Path) -> Callable[[str, str], None]:
    """Return a function that writes a preset into the user's folder."""

    def write(name: str, title: str) -> None:
        folder = tmp_path / "config" / "nn-tui" / "presets"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.toml").write_text(WITH_TEST_ROWS.replace("A line", title), encoding="utf-8")

    return write


def test_list_fits_the_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, _ = run(capsys, "list")
    assert max(len(line) for line in out.splitlines()) <= 70
    assert "…" in out


def test_an_invalid_preset_of_the_user_is_reported_by_list(
    capsys: Captured, own_preset: Callable[[str, str], None]
) -> None:
    own_preset("own", 'Broken"')
    code, out, err = run(capsys, "list")
    assert code == 0
    assert len(out.splitlines()) == len(COURSE)
    assert err.startswith("nn-tui: own.toml")
    assert err.count("\n") == 1


# train


def test_train_prints_one_json_object(capsys: Captured, line_preset: str) -> None:
    code, out, err = run(capsys, "train", line_preset, "--epochs", "30", "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    report = json.loads(out)
    assert report["preset"] == "line"
    # 30 training rows in batches of 8 are 4 updates an epoch.
    assert (report["updates"], report["epochs"]) == (120, 30)
    assert 0 < report["train_loss"] < 0.1
    assert 0 < report["test_loss"] < 0.1
    assert report["train_accuracy"] is report["test_accuracy"] is None
    assert 0.5 < report["train_r2"] < 1 and 0.5 < report["test_r2"] < 1
    assert report["train_rmse"] == pytest.approx(report["train_loss"] ** 0.5)
    assert report["test_rmse"] == pytest.approx(report["test_loss"] ** 0.5)
    assert report["diverged"] is False
    assert report["updates_per_second"] == pytest.approx(report["updates"] / report["seconds"])


def test_the_losses_are_those_of_the_whole_set_without_the_penalty(capsys: Captured, line_preset: str) -> None:
    """After 0 updates the loss is that of the initial weights, which the test computes from the first pass."""
    _, out, _ = run(capsys, "train", line_preset, "--updates", "0", "--json")
    report = json.loads(out)
    _, out, _ = run(capsys, "trace", line_preset, "--json")
    layer = json.loads(out)["layers"][0]
    from nn_tui.core.preset.loader import find_preset, load_experiment

    data = load_experiment(find_preset(line_preset)).data
    for x, y, loss in ((data.x, data.y, report["train_loss"]), (data.x_test, data.y_test, report["test_loss"])):
        answer = x @ np.array(layer["weights"]).T + np.array(layer["bias"])
        assert loss == pytest.approx(np.square(answer - y).mean(), rel=1e-12)
    assert report["updates_per_second"] is None


def test_classes_and_single_rows_have_no_r2(capsys: Captured) -> None:
    reports = [json.loads(run(capsys, "train", name, "--updates", "3", "--json")[1]) for name in ("iris", "mazur")]
    for report in reports:
        assert report["train_r2"] is report["test_r2"] is None
    iris, mazur = reports
    assert iris["train_rmse"] is iris["test_rmse"] is mazur["test_rmse"] is None and mazur["train_rmse"] > 0


def test_the_summary_has_r2_and_rmse_of_numbers(capsys: Captured, line_preset: str) -> None:
    _, out, _ = run(capsys, "train", line_preset, "--epochs", "30")
    report = json.loads(run(capsys, "train", line_preset, "--epochs", "30", "--json")[1])
    shown = re.findall(r"^(train|test)  ?loss \S+, R² (0\.\d{4}), RMSE (\S+)$", out, re.MULTILINE)
    assert [part for part, _, _ in shown] == ["train", "test"]
    for part, r2, rmse in shown:
        assert float(r2) == pytest.approx(report[f"{part}_r2"], abs=1e-4)
        assert float(rmse) == pytest.approx(report[f"{part}_rmse"], rel=1e-5)


def test_the_summary_says_in_which_units_loss_and_rmse_are(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "salaries.toml"
    path.write_text(preset_text(salaries().preset))
    _, out, _ = run(capsys, "train", str(path), "--epochs", "100")
    report = json.loads(run(capsys, "train", str(path), "--epochs", "100", "--json")[1])
    assert report["standardized_target"] is True and report["train_loss"] < 0.2 and report["train_rmse"] > 1000
    deviation = salaries().data.y_scale[0]
    assert report["train_rmse"] == pytest.approx(deviation * report["train_loss"] ** 0.5, rel=1e-9)
    assert "\nThe loss is that of the standardised targets; RMSE is in the units of the data." in out
    assert "standardised" not in run(capsys, "train", "sine", "--epochs", "1")[1]


def test_accuracy_is_a_fraction_and_the_seed_can_be_set(capsys: Captured) -> None:
    reports = []
    for seed in ("1", "2"):
        _, out, _ = run(capsys, "train", "iris", "--updates", "200", "--json", "--seed", seed)
        reports.append(json.loads(out))
    assert all(0.9 < report["train_accuracy"] <= 1.0 for report in reports)
    assert all(0.8 < report["test_accuracy"] <= 1.0 for report in reports)
    assert [report["seed"] for report in reports] == [1, 2]
    assert reports[0]["train_loss"] != reports[1]["train_loss"]


def test_train_prints_a_summary(capsys: Captured) -> None:
    code, out, err = run(capsys, "train", "and", "--epochs", "1_000")
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("and: 4,000 updates, 1,000 whole epochs, ")
    assert second == "train loss 0, accuracy 100 %"


def test_divergence_is_a_result(capsys: Captured) -> None:
    code, out, err = run(capsys, "train", "too-fast", "--epochs", "100000", "--json")
    assert code == 0
    report = json.loads(out)
    assert report["diverged"] is True
    assert report["updates"] < 1000
    assert report["train_loss"] in ("inf", "nan")
    assert err.startswith(f"nn-tui: training diverged and stopped: update {report['updates']}: ")
    assert err.count("\n") == 1


# trace


def test_the_keys_of_the_trace_as_json_do_not_change(capsys: Captured) -> None:
    code, out, err = run(capsys, "trace", "mazur", "--json")
    assert (code, err) == (0, "")
    trace = json.loads(out)
    figures = ["loss", "data_loss", "penalty", "learning_rate"]
    assert list(trace) == ["format", "preset", "update", "epoch", *figures, "x", "y", "prediction", "layers"]
    assert trace["learning_rate"] == 0.5
    assert (trace["format"], trace["preset"], trace["update"], trace["epoch"]) == ("nn-tui-trace/1", "mazur", 1, 1)
    layer_keys = (
        "activation",
        "weights",
        "bias",
        "z",
        "a",
        "da",
        "dz",
        "dw",
        "db",
        "dx",
        "weights_after",
        "bias_after",
    )
    assert all(tuple(layer) == layer_keys for layer in trace["layers"])
    assert trace["loss"] == pytest.approx(0.298371109, abs=5.1e-10)
    assert trace["layers"][1]["weights_after"][0][0] == pytest.approx(0.35891648, abs=5.1e-9)


def test_the_trace_as_json_has_the_state_of_the_optimiser(capsys: Captured) -> None:
    traces = []
    for update in ("2", "3"):
        _, out, _ = run(capsys, "trace", "ravine-adam", "--updates", update, "--json")
        traces.append(json.loads(out))
    for before, layer in zip(*(trace["layers"] for trace in traces), strict=True):
        state, old = layer["optimizer_state"], before["optimizer_state"]
        assert list(state) == ["m", "v"]
        for part, gradient in (("weights", "dw"), ("bias", "db")):
            g = np.array(layer[gradient])
            for name, beta, moved in (("m", 0.9, g), ("v", 0.999, g**2)):
                assert state[name][part] == old[name][f"{part}_after"]
                expected = beta * np.array(state[name][part]) + (1 - beta) * moved
                assert np.array(state[name][f"{part}_after"]) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_the_trace_of_a_pass_starts_with_the_weights_after_the_last_one(capsys: Captured) -> None:
    traces = []
    for update in ("7", "8"):
        _, out, _ = run(capsys, "trace", "xor", "--updates", update, "--json")
        traces.append(json.loads(out))
    assert [trace["update"] for trace in traces] == [7, 8]
    assert traces[0]["layers"][0]["weights_after"] == traces[1]["layers"][0]["weights"]


def test_the_trace_after_a_divergence_has_strings_for_numbers_that_are_not_finite(capsys: Captured) -> None:
    _, out, err = run(capsys, "trace", "too-fast", "--updates", "2000", "--json")
    assert err.startswith("nn-tui: pass 2,000 is not reached: training diverges at update 319: the loss became ")
    assert err.count("\n") == 1
    trace = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert trace["loss"] == "nan"
    assert trace["layers"][0]["weights"] == [["nan", "nan"]]


def test_trace_ends_at_the_pass_that_diverges(capsys: Captured) -> None:
    _, reached, err = run(capsys, "trace", "too-fast", "--updates", "319")
    assert err == ""
    assert "This pass diverges: update 319: the loss became +∞." in reached
    for update in ("320", "400"):
        code, out, err = run(capsys, "trace", "too-fast", "--updates", update)
        assert (code, out) == (0, reached)
        assert err == (
            f"nn-tui: pass {update} is not reached: training diverges at update 319: the loss became +∞; "
            "printing pass 319\n"
        )


def test_trace_as_text_and_in_ascii(capsys: Captured) -> None:
    code, out, _ = run(capsys, "trace", "mazur")
    assert code == 0
    assert "a₁[1] = sigmoid(0.3775) = 0.59327" in out
    code, plain, _ = run(capsys, "--ascii", "trace", "mazur", "--digits", "9")
    assert plain.isascii()
    assert "a1[1] = sigmoid(0.3775) = 0.593269992" in plain
    assert "delta2[1] = 0.741365070" not in plain  # trailing zeros are not written
    assert max(len(line) for line in plain.splitlines()) <= 96


def test_output_is_ascii_if_the_encoding_lacks_a_character() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "trace", "neuron"], capture_output=True, env=env, check=True)
    assert done.stderr == b""
    assert b"delta1[1] = " in done.stdout


# check


def test_check_names_the_parameter_with_the_largest_error(capsys: Captured) -> None:
    code, out, err = run(capsys, "check", "iris")
    assert (code, err) == (0, "")
    assert out.startswith(
        "iris: valid, 4-10-3, 83 parameters.\n"
        "105 training samples and 45 for testing; 4 inputs (standardised) to 3 classes (setosa, versicolor, "
        "virginica); cross_entropy loss, adam.\n"
        "Gradient check passed: worst relative error "
    )
    assert re.search(r" at [wb][0-9]\[", out)
    assert "83 of 83 parameters compared; 0 skipped" in out


@pytest.mark.parametrize(("last", "is_reported"), [("012012", True), (["0.5", *"12345"], False), ("abcabc", False)])
def test_check_reports_that_whole_numbers_are_not_classes(
    capsys: Captured, tmp_path: Path, last: Sequence[str], is_reported: bool
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,kind\n" + "".join(f"{k},{k % 3},{value}\n" for k, value in enumerate(last)))
    units, loss = (3, "cross_entropy") if last == "abcabc" else (1, "mean_squared_error")
    activation = "softmax" if units == 3 else "identity"
    preset = tmp_path / "mine.toml"
    preset.write_text(
        f'[data]\ncsv = "table.csv"\ntarget = "kind"\nstandardize = true\n'
        f'[[layers]]\nunits = {units}\nactivation = "{activation}"\n[training]\nloss = "{loss}"\n'
    )
    code, out, _ = run(capsys, "check", str(preset))
    assert code == 0
    assert (
        "values of kind are taken as numbers; if they are classes, write a preset with classes" in out
    ) == is_reported
    assert ("to 1 number;" in out) == (last != "abcabc") and "6 training samples; 2 inputs (standardised) to" in out


def test_check_counts_the_parameters_at_kinks(capsys: Captured) -> None:
    code, out, _ = run(capsys, "check", "xor-perceptron")
    assert code == 0
    assert "1 skipped at kinks" in out


def test_a_wrong_gradient_fails_the_check(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def off(engine: Any, trace: Any) -> Any:
        trace.dw[0][...] *= 1.001
        return gradient_check(engine, trace)

    monkeypatch.setattr("nn_tui.tui.cli.check.gradient_check", off)
    code, out, err = run(capsys, "check", "neuron")
    assert code == 1
    assert "Gradient check failed: worst relative error 1.0e-03 at w1[1,1]" in out
    assert err.startswith("nn-tui: the gradient of w1[1,1] has a relative error of 1.0e-03")
    assert err.count("\n") == 1


# Failures


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["--nope"], "--nope"),
        (["train", "xor"], "--epochs"),
        (["train", "--epochs", "3"], "PRESET"),
        (["train", "xor", "--epochs", "-1"], "'-1' is not a whole number from 0 up"),
        (["train", "xor", "--epochs", "many"], "'many' is not a whole number"),
        (["train", "xor", "--epochs", "9" * 5000], "is not a whole number"),
        (["train", "xor", "--epochs", "1", "--updates", "1"], "not allowed with"),
        (["trace", "xor", "--updates", "0"], "'0' is not a whole number from 1 up"),
        (["trace", "xor", "--digits", "none"], "neither a whole number from 1 to 17 nor all"),
        (["check", "xor", "--seed", "-3"], "'-3' is not a whole number"),
        (["list", "--palette", "pink"], "'pink' is not a palette; choose one of dark"),
        (["xor", "and"], "and"),
        (["--\x1b[31m\u202e"], "--\\x1b[31m\\u202e"),
    ],
)
def test_an_invalid_command_line_exits_with_2(capsys: Captured, argv: list[str], expected: str) -> None:
    line = failure(capsys, 2, *argv)
    assert expected in line
    assert "--help" in line


@pytest.mark.parametrize("before", [[], ["train", "--epochs", "1"], ["trace"], ["check"]])
def test_an_unknown_preset_fails_with_the_closest_name(capsys: Captured, before: list[str]) -> None:
    assert "moons" in failure(capsys, 1, *before, "mons")
    assert "nn-tui list" in failure(capsys, 1, *before, "qqqqqq")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("bad.toml", "title = 'A'\nsummary = x\n", "line 2"),
        ("bad.toml", WITH_TEST_ROWS.replace("units = 1", 'units = 1\nactivation = "sigmod"'), "sigmoid"),
        ("bad.csv", "", "bad.csv"),
        ("bad.csv", "a,b\n1,2\n3,4,5\n", "line 3"),
    ],
)
def test_an_invalid_file_is_reported_in_one_line(
    capsys: Captured, tmp_path: Path, name: str, text: str, expected: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert expected in failure(capsys, 1, "check", str(path))
    assert f"missing-{name}" in failure(capsys, 1, "check", str(tmp_path / f"missing-{name}"))


def test_a_csv_file_can_be_trained_on(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("x,kind\n" + "".join(f"{n},{'high' if n > 20 else 'low'}\n" for n in range(40)))
    code, out, err = run(capsys, "train", str(path), "--epochs", "100", "--json")
    assert code == 0
    assert err.startswith("nn-tui: Read as UTF-8 text separated by commas, with a header.") and err.count("\n") == 1
    assert json.loads(out)["train_accuracy"] > 0.9


WORDS = (
    "list", "train", "trace", "check", "mazur", "nosuch", "-", "--", "--json", "--epochs", "--updates", "-1", "0", "2",
    "predict", "--rows", "1-2", "--input", "1,0", "--csv", "--seed", "--ascii", "--no-ascii", "--digits", "all", "-V",
    "-h", "--log", "--palette", "mono", "", "\x00", "é\n",
)  # fmt: skip


@given(argv=st.lists(st.sampled_from(WORDS), max_size=5))
def test_no_command_line_ends_in_a_traceback(argv: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    out, err = io.StringIO(), io.StringIO()
    folder = tmp_path_factory.getbasetemp()  # the command line may name a log
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(folder):
        code = main(argv)
    assert code in (0, 1, 2)
    assert err.getvalue().count("\n") == (code != 0), err.getvalue()
    assert "internal error" not in err.getvalue()


def test_an_internal_error_is_one_line_and_its_traceback_goes_to_the_log(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(args: argparse.Namespace, settings: Settings) -> int:
        raise KeyError("lost\nkey")

    monkeypatch.setattr(commands, "list_presets", broken)
    assert "internal error: KeyError: 'lost\\nkey'; run with --log FILE" in failure(capsys, 1, "list")
    log = tmp_path / "log.txt"
    assert str(log) in failure(capsys, 1, "list", "--log", str(log))
    assert "Traceback" in log.read_text()
    assert "cannot be written" in failure(capsys, 1, "list", "--log", str(tmp_path))


@pytest.mark.parametrize(
    ("words", "command"),
    [("trian xor", "train"), ("trian xor --epochs 5", "train"), ("lsit", "list"), ("--seed 3 tarce xor", "trace")],
)
def test_a_misspelled_command_is_reported(capsys: Captured, words: str, command: str) -> None:
    (slip,) = {"trian", "lsit", "tarce"} & set(words.split())
    line = failure(capsys, 2, *words.split())
    assert line == f'nn-tui: there is no command "{slip}"; did you mean "{command}"?\n'


def test_a_word_closer_to_a_preset_or_a_file_is_not_a_misspelled_command(capsys: Captured, tmp_path: Path) -> None:
    assert 'there is no preset "iirs". Did you mean "iris"' in failure(capsys, 1, "iirs")
    assert "unrecognized arguments: xor" in failure(capsys, 2, "mazur", "xor")
    assert "trian.toml" in failure(capsys, 1, "trian.toml")
    (tmp_path / "trian").mkdir()
    with contextlib.chdir(tmp_path):
        assert '"trian" is a folder' in failure(capsys, 1, "trian")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are Unix's")
def test_a_pipe_as_a_log_is_rejected_without_blocking(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = subprocess.run([*COMMAND, "list", "--log", str(pipe)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'nn-tui: --log: "{pipe}" is a pipe; a log is a regular file.\n'
    assert main(["list", "--log", os.devnull]) == 0


def test_ctrl_c_outside_training_ends_with_130(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: argparse.Namespace, settings: Settings) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "list_presets", interrupted)
    assert run(capsys, "list") == (130, "", "")


def test_sigterm_outside_training_ends_with_143(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def terminated(args: argparse.Namespace, settings: Settings) -> int:
        signal.raise_signal(signal.SIGTERM)
        return 0

    monkeypatch.setattr(commands, "list_presets", terminated)
    assert run(capsys, "list") == (143, "", "")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@needs_pty
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGQUIT", 131)])
def test_a_signal_stops_training_and_the_report_follows(name: str, code: int) -> None:
    terminal, inside = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "train", "xor", "--updates", "1000000000", "--json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=inside, text=True,
    )  # fmt: skip
    os.close(inside)
    try:
        shown = b""
        while b" left" not in shown:  # the progress line shows that training has started
            shown += os.read(terminal, 4096)
        process.send_signal(signal.Signals[name])
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(terminal)
    assert process.returncode == code
    report = json.loads(out)
    assert 0 < report["updates"] < 1_000_000_000
    assert b" of 1,000,000,000 " in shown
    assert b"updates/s" in shown


def test_there_is_no_progress_without_a_terminal(line_preset: str) -> None:
    done = subprocess.run(
        [*COMMAND, "train", line_preset, "--epochs", "10"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_closed_pipe_is_not_an_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*COMMAND, "list"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "nn-tui: the output cannot be written: no space left on device\n"


@pytest.mark.parametrize(
    "words", ["list", "list --kept", "list --json", "learn --list", "train xor --epochs 1", "trace xor", "check xor"]
)
def test_a_closed_stdout_is_one_line(words: str) -> None:
    line = shlex.join([*COMMAND, *words.split()])
    done = subprocess.run(["sh", "-c", f"{line} >&-"], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "nn-tui: the output cannot be written: stdout is closed\n"


def test_messages_do_not_go_to_stdout_if_stderr_is_closed() -> None:
    for words, code in (("train xor --epochs 1 --json", 0), ("train xo --epochs 1", 1)):
        line = shlex.join([*COMMAND, *words.split()])
        done = subprocess.run(["sh", "-c", f"{line} 2>&-"], stdout=subprocess.PIPE, text=True, check=False)
        assert done.returncode == code
        assert [json.loads(row)["updates"] for row in done.stdout.splitlines()] == ([1] if code == 0 else [])


# An invalid log


def _config_file(log: Path) -> Path:
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "nn-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f"log = {json.dumps(str(log))}\n", encoding="utf-8")
    return path


def test_a_folder_as_a_log_is_rejected_with_its_source(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = failure(capsys, 1, "list", "--log", str(tmp_path))
    assert line == f'nn-tui: --log: "{tmp_path}" cannot be written: is a directory.\n'
    monkeypatch.setenv("NN_TUI_LOG", str(tmp_path))
    assert failure(capsys, 1, "list") == f'nn-tui: NN_TUI_LOG: "{tmp_path}" cannot be written: is a directory.\n'


def test_an_invalid_log_in_the_config_file_is_only_reported(capsys: Captured, tmp_path: Path) -> None:
    path = _config_file(tmp_path)
    code, out, err = run(capsys, "list")
    assert code == 0 and "xor" in out
    assert err == f'nn-tui: {path}: log: "{tmp_path}" cannot be written: is a directory. No log is written.\n'
    log = tmp_path / "log.txt"
    assert run(capsys, "list", "--log", str(log))[2] == "", "the flag overrides it"


# The app


def test_without_a_terminal_the_app_names_the_command_to_use(capsys: Captured) -> None:
    for argv in ([], ["mazur"]):
        line = failure(capsys, 2, *argv)
        assert "needs a terminal" in line
        assert f"nn-tui train {argv[0] if argv else 'xor'}" in line
    for command, instead in (("learn", "nn-tui learn --list"), ("practice", "nn-tui worksheet mazur -o mazur.html")):
        line = failure(capsys, 2, command)
        assert "needs a terminal" in line and line.rstrip().endswith(f"run: {instead}")


@needs_pty
@pytest.mark.parametrize("dumb", [True, False])
def test_the_app_rejects_a_dumb_terminal_and_a_redirected_stderr(dumb: bool) -> None:
    terminal, inside = os.openpty()
    env = {**os.environ, "TERM": "dumb" if dumb else "xterm"}
    process = subprocess.Popen(
        [*COMMAND], stdin=inside, stdout=inside, stderr=inside if dumb else subprocess.PIPE, env=env
    )
    os.close(inside)
    _, err = process.communicate(timeout=60)
    message = os.read(terminal, 4096) if dumb else err
    os.close(terminal)
    assert process.returncode == 2
    assert b"nn-tui train" in message
    assert (b"TERM=dumb" in message) == dumb
    assert message.count(b"\n") == 1


def test_the_app_gets_the_session_and_the_settings(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[tuple[Session, Settings]] = []

    def app(session: Session, settings: Settings, config: Config, **options: bool) -> int:
        assert not gc.isenabled()
        calls.append((session, settings))
        return 7

    fake = types.ModuleType("nn_tui.tui.app")
    fake.run = app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nn_tui.tui.app", fake)
    monkeypatch.setattr("nn_tui.tui.app", fake, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    log = tmp_path / "log"

    assert main([]) == 7
    assert main(["--seed", "5", "mazur", "--palette", "light", "--ascii", "--log", str(log)]) == 7

    assert [session.experiment.preset.id for session, _ in calls] == ["xor", "mazur"]
    experiment = calls[1][0].experiment
    assert experiment.seed == experiment.init_seed == 5
    assert calls[0][1] == Settings(palette=None, ascii=False, log=None)
    assert calls[1][1] == Settings(seed=5, palette="light", ascii=True, log=log, is_ascii_set=True)
    assert gc.isenabled()


# Settings


def read(environ: dict[str, str] | None = None, config: dict[str, object] | None = None, **flags: object) -> Settings:
    return read_settings(argparse.Namespace(**flags), environ or {}, config or {})


def test_a_flag_wins_over_the_environment_and_that_over_the_config_file() -> None:
    environ = {"NN_TUI_SEED": "2", "NN_TUI_PALETTE": "light", "NN_TUI_ASCII": "1", "NN_TUI_LOG": "/env"}
    config: dict[str, object] = {"seed": 1, "palette": "ansi", "ascii": False, "log": "/config"}
    assert read({}) == Settings(None, None, False, None)
    assert read({}, config) == Settings(1, "ansi", False, Path("/config"), True)
    assert read(environ, config) == Settings(2, "light", True, Path("/env"), True)
    flags = {"seed": 0, "palette": "mono", "ascii": False, "log": Path("/flag")}
    assert read(environ, config, **flags) == Settings(0, "mono", False, Path("/flag"), True)


def test_no_color_means_mono_unless_a_palette_is_set() -> None:
    assert read({"NO_COLOR": "1"}, {"palette": "ansi"}).palette == "mono"
    assert read({"NO_COLOR": ""}, {"palette": "ansi"}).palette == "ansi"
    assert read({"NO_COLOR": "1", "NN_TUI_PALETTE": "dark"}).palette == "dark"
    assert read({"NO_COLOR": "1"}, palette="light").palette == "light"


@pytest.mark.parametrize(("name", "value"), [("SEED", "x"), ("PALETTE", "pink"), ("ASCII", "maybe")])
def test_an_invalid_variable_is_reported(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(UsageError, match=f"NN_TUI_{name}: '{value}'"):
        read({f"NN_TUI_{name}": value})
    monkeypatch.setenv(f"NN_TUI_{name}", value)
    assert f"NN_TUI_{name}" in failure(capsys, 2, "list")


@pytest.mark.parametrize("name", PALETTES)
def test_every_palette_of_the_command_line_exists(name: str) -> None:
    assert read(palette=name).palette == get_palette(name).name == name


def test_a_pass_over_the_limit_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "xor", "--updates", "99999999999"]) == 2
    assert "not a whole number from 1 up to 100,000,000" in capsys.readouterr().err
