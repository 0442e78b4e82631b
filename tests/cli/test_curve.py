"""Tests of `nn-tui train --curve`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nn_tui.tui.cli.main import main
from nn_tui.tui.exit import FAILED, USAGE

Captured = pytest.CaptureFixture[str]
COLUMNS = "update,epoch,loss,train_loss,test_loss,train_accuracy,test_accuracy,learning_rate,gradient_norm_1"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_the_last_row_is_the_report_of_the_training(capsys: Captured) -> None:
    goal = ["--until", "train_loss < 0.5"]
    assert main(["train", "iris", "--epochs", "50", *goal, "--curve", "c.csv", "--curve-every", "4", "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    rows = list(csv.DictReader(Path("c.csv").read_text().splitlines()))
    assert err == f"Wrote c.csv: {len(rows)} rows.\n"
    assert int(rows[-1]["update"]) == report["updates"] and report["train_loss"] < 0.5
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert float(rows[-1][name]) == report[name], name


def test_a_curve_on_stdout_leaves_the_summary_to_stderr(capsys: Captured) -> None:
    assert main(["train", "xor", "--updates", "3", "--curve", "-", "--set", "l2 = 0.1"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == f"{COLUMNS},gradient_norm_2" and out.count("\n") == 4
    assert err.startswith("xor: 3 updates") and "train loss" in err
    row = dict(zip(out.splitlines()[0].split(","), out.splitlines()[1].split(","), strict=True))
    assert row["test_loss"] == "" and float(row["loss"]) > float(row["train_loss"])  # the penalty is in the first


def test_a_quiet_curve_says_nothing_else(capsys: Captured) -> None:
    for file, lines in (("-", 3), ("c.csv", 2)):
        assert main(["train", "xor", "--updates", "2", "--curve", file, "--quiet"]) == 0
        out, err = capsys.readouterr()
        assert (err, out.count("\n")) == ("", lines)


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        (["--curve-every", "3"], USAGE, "--curve-every is the distance of the rows of a curve; add --curve FILE.csv"),
        (["--curve-every", "0", "--curve", "c.csv"], USAGE, "argument --curve-every: '0' is not a whole number from 1"),
        (["--curve", "-", "--json"], USAGE, "--curve - and --json both print on stdout; name a file for --curve"),
        (["--curve", "c.toml"], USAGE, '--curve writes a table as CSV; let "c.toml" end in .csv, or write - for'),
        (["--curve", "rows.csv"], USAGE, '--curve would replace "rows.csv", which the command reads;'),
        (["--curve", "none/c.csv"], FAILED, 'there is no folder "none"; make it first'),
        (["--curve", "folder.csv"], FAILED, "folder.csv: it is a folder; write the name of a file in it."),
    ],
)
def test_a_curve_that_cannot_be_written_is_one_line(
    options: list[str], code: int, problem: str, capsys: Captured
) -> None:
    Path("rows.csv").write_text("x,y\n" + "1,2\n3,4\n5,7\n" * 5)
    Path("folder.csv").mkdir()
    assert main(["train", "rows.csv", "--updates", "2", *options]) == code
    out, err = capsys.readouterr()
    assert not out and err.splitlines()[-1].startswith(f"nn-tui: {problem}")
    assert Path("rows.csv").read_text().startswith("x,y\n1,2\n")
    assert {path.name for path in Path().iterdir()} == {"rows.csv", "folder.csv"}
