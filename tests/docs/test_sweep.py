"""Tests of what the README and the page about sweeps show: the commands run and print it, and the others are valid."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import parse
from tests.docs.test_worksheets import commands

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/sweep.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", PAGE + (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
SHOWN = [each for block in BLOCKS for each in commands(block) if each[0].startswith("nn-tui sweep ")]


def without_numbers(lines: list[str]) -> list[str]:
    return [re.sub(r"#+ *", "#", re.sub(r" *[\d.,e-]*\d", "#", line)).rstrip() for line in lines]


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_is_shown_but_for_numbers(
    command: str, shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert main([*shlex.split(command)[1:], "--jobs", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    if shown[0] == "…":
        shown, printed = shown[1:], printed[1 - len(shown) :]
    assert without_numbers(printed) == without_numbers(shown)


def test_every_command_is_valid() -> None:
    assert len(SHOWN) == 3
    for line in re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)[1].splitlines():  # type: ignore[index]
        assert parse(shlex.split(line)[1:]).command.name == "sweep"
