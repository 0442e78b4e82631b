"""Tests of `nn-tui sweep`."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path

import pytest

from nn_tui.core.text import ascii_text
from nn_tui.tui.cli.main import main
from nn_tui.tui.exit import FAILED, USAGE

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_without_a_terminal_it_prints_csv(capsys: Captured) -> None:
    words = ["sweep", "iris", "--set", "η=0.3,1/10", "--set", "optimizer=sgd, adam", "--seeds", "0-1", "--epochs", "1"]
    assert main([*words, "--jobs", "1"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [
        "eta", "optimizer", "seed", "updates", "train_loss", "test_loss", "train_accuracy", "test_accuracy",
        "diverged", "findings", "error",
    ]  # fmt: skip
    assert [(row["eta"], row["optimizer"], row["seed"]) for row in rows] == [
        (eta, optimizer, seed) for eta in ("0.3", "0.1") for optimizer in ("sgd", "adam") for seed in "01"
    ]
    assert main(shlex.split("train iris --set eta=0.1 --set optimizer=adam --seed 1 --epochs 1 --json")) == 0
    report = json.loads(capsys.readouterr().out)
    for name in ("updates", "train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert float(rows[-1][name]) == report[name]
    assert (rows[-1]["diverged"], rows[-1]["error"]) == ("false", "")


def test_json_prints_an_object_in_each_line(capsys: Captured) -> None:
    words = ["--set", "eta=1e9,0.1", "--set", "freeze w1", "--set", "units 1 = 3", "--updates", "200", "--json"]
    assert main(["sweep", "xor", *words]) == 0
    diverged, other = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(diverged) == [
        "settings", "seed", "updates", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "diverged",
        "findings", "error",
    ]  # fmt: skip
    assert diverged["settings"] == {"eta": 1e9, "freeze w1": True, "units 1": 3}
    assert other["seed"] == 1 and other["updates"] == 200 and other["test_loss"] is None
    assert main(["sweep", "exploding", "--updates", "300", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["diverged"] and row["updates"] < 300 and row["settings"] == {}
    assert "diverged" in [finding["kind"] for finding in row["findings"]]


def test_a_file_is_written_and_a_terminal_shows_a_table(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split("sweep xor --set eta=2,0.1 --set batch=full --seeds 3,4 --updates 100 --jobs 1")
    assert main([*words, "--csv", "-"]) == 0
    text = capsys.readouterr().out
    file = tmp_path / "rows.csv"
    file.write_text("old")
    assert main([*words, "--csv", str(file)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"Wrote {file}.\n") and file.read_text() == text
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "72")
    words[words.index("3,4") - 1 : words.index("3,4") + 1] = ["--seed", "3"]
    assert main([*words, "--ascii"]) == 0
    header, *rows, best, options = capsys.readouterr().out.splitlines()
    assert header == "eta  seed  updates    train loss  train acc.  findings"
    assert [row.split()[:3] for row in rows] == [["2", "3", "100"], ["0.1", "3", "100"]]
    assert all(len(row) <= 72 and row == ascii_text(row) for row in rows)
    eta, seed, _, loss, *_ = min((row.split() for row in rows), key=lambda cells: float(cells[3]))
    assert best == f"The lowest train loss is {loss}: "
    assert options == f"  --set 'eta = {eta}' --set 'batch = full' --seed {seed}"


def test_combinations_that_are_not_valid_are_named_at_the_end(capsys: Captured) -> None:
    words = ["--set", "optimizer=adam,momentum", "--set", "momentum=0.5,0.8", "--updates", "10", "--json"]
    assert main(["sweep", "xor", *words]) == FAILED
    out, err = capsys.readouterr()
    rows = list(map(json.loads, out.splitlines()))
    assert [row["error"] is None for row in rows] == [False, False, True, True]
    assert [row["train_loss"] is None for row in rows] == [True, True, False, False]
    assert err.startswith(
        "nn-tui: 2 combinations are not valid, such as --set 'optimizer = adam' --set 'momentum = 0.5': "
        "training.optimizer.momentum: the optimiser adam has no such option"
    )


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["--set", "eta=a"], FAILED, 'eta: "a" is not a number; write for example eta = 0.5.'),
        (["--set", "foo=1,2"], FAILED, '--set "foo=1,2": "foo = 1" is not a setting'),
        (["--set", "eta=1,2;optimizer=sgd,adam"], FAILED, 'each setting: --set "eta=1,2" --set "optimizer=sgd,adam".'),
        (["--set", "eta=1", "--set", "momentum=0.9"], FAILED, "Settings take effect in the order in which they are "),
        (["--set", "eta=1,1"], FAILED, '--set "eta=1,1": the value "1" is there twice.'),
        (["--seeds", "3-"], FAILED, '--seeds: "3-" is neither a whole number from 0 nor a range such as 0-4.'),
        (["--seeds", "1", "--seed", "1"], USAGE, "--seeds names all seeds; leave out --seed"),
        (["--jobs", "0"], USAGE, "argument --jobs: '0' is not a whole number from 1 up to 256"),
        (["--csv", "no/folder/a.csv"], FAILED, 'there is no folder "no/folder"'),
        (["--csv", "."], USAGE, '--csv writes a table as CSV; let "." end in .csv, or write - for stdout'),
        (["--csv", ""], USAGE, '--csv writes a table as CSV; let "" end in .csv, or write - for stdout'),
        (["--csv", "a.json"], USAGE, '--csv writes a table as CSV; let "a.json" end in .csv, or write - for stdout'),
        (["--csv", "a.csv", "--json"], USAGE, "argument --json: not allowed with argument --csv"),
        (["--set", "units 7 = 2,3"], FAILED, "no combination is valid: --set 'units 7 = 2': layers[6]: there is no "),
        (["--weights", "no.npz"], FAILED, "no.npz"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_before_the_training(words: list[str], code: int, problem: str, capsys: Captured) -> None:
    assert main(["sweep", "xor", "--updates", "1", *words]) == code
    out, err = capsys.readouterr()
    assert out == "" and problem in err


def test_the_table_that_is_trained_is_not_replaced(capsys: Captured, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("x,y\n" + "".join(f"{x},{2 * x}\n" for x in range(20)))
    assert main(["sweep", str(table), "--updates", "1", "--csv", str(table)]) == USAGE
    assert (
        capsys.readouterr().err == 'nn-tui: --csv would replace "a.csv", which the command reads; choose another name\n'
    )
    assert main(["sweep", str(table), "--set", "eta=0.1,0.2", "--seeds", "0-1", "--test", "0.3", "--epochs", "1"]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len({row["test_loss"] for row in rows}) == 4 and err.count('The target is "y"') == 1


def test_the_seeds_of_each_combination_are_summed_up(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    words = ["--set", "eta=1e9,0.1", "--seeds", "3,4", "--updates", "60", "--jobs", "1"]
    assert main(["sweep", "moons", *words]) == 0
    out = capsys.readouterr().out
    rows, summary = (part.splitlines() for part in out.split("\n\n"))
    assert len(rows) == 5
    assert summary[0] == "Test loss over the seeds:"
    assert summary[1].split() == ["eta", "seeds", "mean", "lowest", "highest", "mean", "acc."]
    losses = [float(line.split()[4]) for line in rows[3:]]
    eta, seeds, mean, low, high, *_ = summary[3].split()
    assert (eta, seeds, float(low), float(high)) == ("0.1", "2", min(losses), max(losses))
    assert float(mean) == pytest.approx(sum(losses) / 2, rel=1e-5)
    assert summary[4] == f"The lowest mean test loss is {mean}: --set 'eta = 0.1'"


def test_diverged_runs_are_counted_and_other_losses_are_not_compared(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    words = ["--set", "loss=huber,mean_squared_error", "--set", "eta=1e9", "--seeds", "3,4", "--updates", "200"]
    assert main(["sweep", "plane", *words, "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    _, title, first, second = out.split("\n\n")[1].splitlines()
    assert title.split() == ["loss", "seeds", "mean", "lowest", "highest", "diverged"]
    assert first.split()[:2] == ["huber", "2"] and second.split() == ["mean_squared_error", "2", "2"]
    assert "The lowest" not in out


def test_weights_from_a_file_are_the_start_of_each_row(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "w.npz"
    assert main(["export", "xor", "--updates", "30", "-o", str(file)]) == 0
    capsys.readouterr()
    assert main(["sweep", "xor", "--weights", str(file), "--set", "eta=0.5,0.1", "--updates", "0", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == f"nn-tui: {file}: loaded the weights of 2 layers.\n"
    first, second = map(json.loads, out.splitlines())
    assert first["train_loss"] == second["train_loss"]
    assert main(["train", "xor", "--updates", "30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["train_loss"] == first["train_loss"]
