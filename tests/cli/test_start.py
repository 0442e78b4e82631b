"""Tests of the start of a command: `--set` in every command that opens a run, in the language of `e`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.tui.cli.main import main
from nn_tui.tui.cli.parsers import COMMANDS, parse
from nn_tui.tui.exit import FAILED

NEEDED = {
    "train": ("--updates", "3"),
    "sweep": ("--updates", "3"),
    "predict": ("--rows", "1"),
    "mark": ("arrays.npz",),
}
RUN_BY_OTHERS = {"sweep", "serve"}  # one has several values of a setting in --set, the other needs another package
WITHOUT_RUN = {"practice", "learn", "list", "completion"}  # they open no preset


def opening_commands() -> list[str]:
    return sorted(set(COMMANDS) - WITHOUT_RUN)


@pytest.mark.parametrize("name", opening_commands())
def test_every_command_that_opens_a_run_takes_changes(name: str) -> None:
    parsed = parse([name, "mazur", *NEEDED.get(name, ()), "--set", "eta=1", "--set", "seed=2"])
    assert parsed.set == ["eta=1", "seed=2"]


@pytest.mark.parametrize("name", [name for name in opening_commands() if name not in RUN_BY_OTHERS])
def test_each_of_them_names_the_error_in_a_change_alike(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    np.savez("arrays.npz", w1=np.zeros((2, 2)))
    assert main([name, "mazur", *NEEDED.get(name, ()), "--set", "eta = 0.5", "--set", "w1[3,1] = 1"]) == FAILED
    out, err = capsys.readouterr()
    assert (out, err) == ("", "nn-tui: w1[3,1]: layer 1 has units 1 to 2.\n")


def test_several_values_name_the_command_that_takes_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["train", "xor", "--updates", "1", "--set", "eta=1,0.3"]) == FAILED
    problem = '--set "eta=1,0.3": there are 2 values; nn-tui sweep trains with each of them.'
    assert capsys.readouterr().err == f"nn-tui: {problem}\n"
