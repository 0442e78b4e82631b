"""Tests of `nn-tui train --until`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nn_tui.tui.cli.main import main
from nn_tui.tui.exit import FAILED, USAGE

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def train(capsys: Captured, preset: str, *options: str) -> dict[str, Any]:
    assert main(["train", preset, *options, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    for name in ("seconds", "updates_per_second"):
        del report[name]
    return report


@pytest.mark.parametrize("preset", ["xor", "iris"])
def test_training_ends_after_the_first_update_with_which_the_condition_holds(preset: str, capsys: Captured) -> None:
    report = train(capsys, preset, "--updates", "400", "--until", "train_loss < 0.2 and accuracy > 0.7")
    updates = report["updates"]
    assert 1 < updates < 400 and report["train_loss"] < 0.2 and report["train_accuracy"] > 0.7
    assert report == train(capsys, preset, "--updates", str(updates))
    before = train(capsys, preset, "--updates", str(updates - 1))
    assert not (before["train_loss"] < 0.2 and before["train_accuracy"] > 0.7)


def test_a_goal_needs_no_number_of_updates(capsys: Captured) -> None:
    report = train(capsys, "xor", "--until", "train_loss < 0.11")
    assert report == train(capsys, "xor", "--updates", "100", "--until", "train_loss < 0.11")
    assert main(["train", "xor"]) == USAGE
    assert capsys.readouterr().err.startswith("nn-tui: one of --epochs, --updates and --until is required;")


def test_a_goal_that_holds_at_the_start_needs_no_update(capsys: Captured) -> None:
    assert main(["train", "xor", "--until", "train_loss < 5"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("xor: 0 updates")
    assert err == "nn-tui: the goal holds before the first update: train_loss < 5\n"


def test_numbers_train_until_r2_is_large_enough(capsys: Captured) -> None:
    report = train(capsys, "sine", "--updates", "400", "--until", "train_r2 > 0.8")
    before = train(capsys, "sine", "--updates", str(report["updates"] - 1))
    assert before["train_r2"] <= 0.8 < report["train_r2"] and report["updates"] < 400


def test_a_goal_that_is_not_reached_fails(capsys: Captured) -> None:
    assert main(["train", "xor", "--updates", "20", "--until", "loss < 1e-9"]) == FAILED
    out, err = capsys.readouterr()
    assert out.startswith("xor: 20 updates")
    assert err == "nn-tui: the goal was not reached within 20 updates: loss < 1e-9\n"
    assert main(["train", "xor", "--updates", "0", "--until", "loss < 1"]) == FAILED


def test_a_training_that_diverges_reaches_no_goal(capsys: Captured) -> None:
    assert main(["train", "exploding", "--updates", "100", "--until", "updates == 90"]) == FAILED
    assert capsys.readouterr().err.splitlines()[-1].startswith("nn-tui: the goal was not reached within ")


def test_a_goal_does_not_change_where_a_training_diverges(capsys: Captured) -> None:
    changes = ["activation 1 = identity", "activation 2 = identity", "loss = mean_squared_error", "w1[1,1] = 1e200"]
    words = [
        "train",
        "xor",
        "--updates",
        "3",
        "--json",
        *(f"--set={change}" for change in (*changes, "w2[1,1] = 1e200")),
    ]
    reports = []
    for goal in ([], ["--until", "loss < 0"]):
        main([*words, *goal])
        report = json.loads(capsys.readouterr().out)
        reports.append({name: value for name, value in report.items() if "second" not in name})
    assert reports[0] == reports[1] and reports[0]["diverged"] and reports[0]["updates"] == 1


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("loss", '--until: "loss" is not a comparison;'),
        ("accurcy > 0.5", '--until: "accurcy" is not the name of a number. Did you mean "accuracy"?'),
        ("test_loss < 1", '--until: this data has no "test_loss".'),
        ("w9[1,1] > 0", "w9[1,1]: the layers go from 1 to 2."),
        ("", '--until: "" is not a comparison;'),
    ],
)
def test_a_condition_that_cannot_hold_is_one_line(condition: str, problem: str, capsys: Captured) -> None:
    assert main(["train", "xor", "--updates", "3", "--until", condition]) == FAILED
    out, err = capsys.readouterr()
    assert not out and err.startswith(f"nn-tui: {problem}") and err.count("\n") == 1
