"""Tests of the findings that the commands train and check print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tui.core.diagnosis.finding import findings_json
from nn_tui.core.preset.loader import find_preset
from tests.cli.test_main import run
from tests.core.diagnosis._presets import findings_at, start
from tests.core.diagnosis._problems import first_column, preset, regression

Captured = pytest.CaptureFixture[str]
OUT_OF_RANGE = preset(regression(30, 2), "4 tanh, 1 sigmoid", "half_squared_error sgd 0.1")
NO_BIAS = preset(first_column(), "1 sigmoid train_bias=false", "half_squared_error sgd 0.5")


@pytest.fixture
def out_of_range(tmp_path: Path) -> str:
    path = tmp_path / "range.toml"
    path.write_text(OUT_OF_RANGE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "updates"), [("xor-zeros", 0), ("xor-zeros", 300), ("dying-relu", 10), ("too-fast", 1000), ("xor", 600)]
)
def test_train_json_has_the_findings_of_the_app(capsys: Captured, name: str, updates: int) -> None:
    code, out, _ = run(capsys, "train", name, "--updates", str(updates), "--json")
    assert code == 0
    report = json.loads(out)
    assert report["findings"] == findings_json(findings_at(start(find_preset(name)), updates))
    assert bool(report["findings"]) == (name != "xor")


def test_the_summary_of_train_has_a_line_for_each_finding_with_what_to_try(capsys: Captured) -> None:
    _, out, _ = run(capsys, "train", "dying-relu", "--updates", "10")
    assert out.splitlines()[-1].startswith("dead ReLU: Units 1, 2, 3, 4, 5 and 6 of layer 1 are 0 for all 100 ")
    assert out.splitlines()[-1].endswith("Try: eta = 1 or activation 1 = leaky_relu.")
    _, out, _ = run(capsys, "train", "xor", "--updates", "600")
    assert len(out.splitlines()) == 2


def test_check_names_what_is_wrong_before_the_training(capsys: Captured, out_of_range: str) -> None:
    code, out, err = run(capsys, "check", out_of_range)
    assert (code, err) == (0, "")
    (line,) = [line for line in out.splitlines() if line.startswith("targets out of range: ")]
    assert "sigmoid gives only 0 to 1" in line and line.endswith("Try: activation 2 = identity.")
    assert "Gradient check passed" in out


def test_check_json_is_one_object_with_the_findings(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "bias.toml"
    path.write_text(NO_BIAS, encoding="utf-8")
    code, out, err = run(capsys, "check", str(path), "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    report = json.loads(out)
    assert (report["sizes"], report["parameters"], report["passed"]) == ([2, 1], 3, True)
    assert 0.0 < report["largest_error"] < 1e-6
    assert [(finding["kind"], finding["remedies"]) for finding in report["findings"]] == [("no_bias", ["unfreeze b1"])]
    _, out, _ = run(capsys, "check", "iris", "--json")
    assert json.loads(out)["findings"] == []


def test_a_remedy_is_a_change_for_set(capsys: Captured, out_of_range: str) -> None:
    _, out, _ = run(capsys, "check", out_of_range, "--json")
    (remedy,) = json.loads(out)["findings"][0]["remedies"]
    _, out, _ = run(capsys, "check", out_of_range, "--json", "--set", f"{remedy}; eta = 0.05")
    assert json.loads(out)["findings"] == []
