"""Tests of the option --weights: every command that opens a problem starts from the weights in a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.cli.start import first_session
from nn_tui.tui.cli.table_start import shows_columns
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.saved.readers import is_openable

Captured = pytest.CaptureFixture[str]
WEIGHTS = {"w1": [[0.1, 0.2], [0.3, 0.4]], "b1": [0.5, 0.6], "w2": [[0.7, 0.8], [0.9, 1.0]], "b2": [1.1, 1.2]}


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    np.savez("mine.npz", **WEIGHTS)  # type: ignore[arg-type]


def app_options(*words: str) -> argparse.Namespace:
    return parse(words)


def test_a_pass_starts_from_the_weights_and_says_what_was_assumed(capsys: Captured) -> None:
    assert main(["trace", "mazur", "--weights", "mine.npz", "--set", "b2 = 0 1", "--json"]) == 0
    done = capsys.readouterr()
    layers = json.loads(done.out)["layers"]
    assert [layer["weights"] for layer in layers] == [WEIGHTS["w1"], WEIGHTS["w2"]]
    assert [layer["bias"] for layer in layers] == [WEIGHTS["b1"], [0, 1]]
    assert done.err == (
        "nn-tui: mine.npz: loaded the weights of 2 layers.\n"
        "nn-tui: mine.npz: w1 and w2 are square: a row was taken for the weights of a unit. "
        "Nothing in the file tells which; transpose it there if the other is right.\n"
    )


def test_a_pass_does_not_name_a_seed_for_weights_of_a_file(capsys: Captured) -> None:
    np.savez("mine.npz", w1=np.ones((4, 2)), w2=np.ones((1, 4)))
    assert main(["trace", "xor", "--weights", "mine.npz"]) == 0
    assert "the initial weights are given." in capsys.readouterr().out
    assert main(["trace", "xor"]) == 0
    assert "; initial weights: " in capsys.readouterr().out


def test_weights_that_were_trained_on_another_scale_are_named(capsys: Captured) -> None:
    assert main(["export", "iris", "-o", "flowers.npz"]) == 0
    capsys.readouterr()
    assert main(["trace", "iris", "--weights", "flowers.npz"]) == 0
    assert capsys.readouterr().err == "nn-tui: flowers.npz: loaded the weights of 2 layers.\n"
    arrays = dict(np.load("flowers.npz"))
    np.savez("other.npz", **(arrays | {"x_scale": 2 * arrays["x_scale"]}))
    assert main(["trace", "iris", "--weights", "other.npz"]) == 0
    assert "its weights are for data with another mean or scale (x_mean, x_scale)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["train", "mazur", "--updates", "1"],
        ["predict", "mazur", "--rows", "1"],
        ["check", "mazur"],
        ["export", "mazur"],
        ["worksheet", "mazur", "--seeds", "1-2"],
        ["mark", "mazur", "pass.npz"],
        ["figure", "mazur"],
    ],
    ids=lambda words: words[0],
)
def test_each_command_starts_from_the_weights(words: list[str], capsys: Captured) -> None:
    np.savez("pass.npz", z1=np.array([[0.525, 0.655]]))
    code, printed = main(words), capsys.readouterr().out
    assert main([*words, "--weights", "mine.npz"]) == code == 0
    done = capsys.readouterr()
    assert done.out != printed and done.err.count("w1 and w2 are square") == 1


def test_an_exported_preset_opens_with_the_weights_of_the_file(capsys: Captured) -> None:
    assert main(["export", "mazur", "--weights", "mine.npz", "-o", "mine.toml"]) == 0
    state = Run.start(open_experiment("mine.toml")).state
    assert state.weights[1].tolist() == WEIGHTS["w2"] and state.biases[0].tolist() == WEIGHTS["b1"]


def test_the_app_starts_from_the_weights() -> None:
    session = first_session(app_options("mazur", "--weights", "mine.npz"), Settings(), "mazur")
    assert session.trace.before.weights[1].tolist() == WEIGHTS["w2"]
    assert "w1 and w2 are square" in str(session.message)


def test_a_table_opens_without_its_columns() -> None:
    assert shows_columns(app_options("flowers.csv"), "flowers.csv")
    assert not shows_columns(app_options("flowers.csv", "--weights", "mine.npz"), "flowers.csv")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["train", "xor", "--updates", "1", "--weights", "mine.npz"], "mine.npz: w1: its shape is (2, 2), but layer 1"),
        (["trace", "xor", "--weights", "gone.npz"], "gone.npz: it cannot be read"),
        (
            ["trace", "xor", "--weights", "mine.txt"],
            "none of the endings of files with weights: .npz, .safetensors, .pt",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused(words: list[str], sentence: str, capsys: Captured) -> None:
    assert main(words) == 1
    done = capsys.readouterr()
    assert sentence in done.err and done.err.count("\n") == 1 and done.out == ""


@pytest.mark.parametrize("name", ["mine.npz", "mine.safetensors", "mine.pt"])
def test_a_file_with_weights_is_no_data_and_says_how_to_open_it(name: str, capsys: Captured) -> None:
    Path(name).write_bytes(Path("mine.npz").read_bytes())
    for words in (["train", name, "--updates", "1"], ["check", name]):
        assert main(words) == 1
        assert f"{name}: it has weights, but no data: use nn-tui PRESET --weights FILE" in capsys.readouterr().err
    assert is_openable(Path(name))
