"""Tests of the page about export and import: it has every format, and its commands are valid."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from nn_tui.core.export.writers import WRITERS
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import parse
from tests.docs.test_worksheets import commands

PAGE = (Path(__file__).resolve().parents[2] / "docs/export.md").read_text(encoding="utf-8")
COMMANDS = [each for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for each in commands(block)]


def test_every_format_has_a_row_in_order() -> None:
    assert re.findall(r"^\| `(\.[a-z]+)` \| (?!`)", PAGE, re.MULTILINE) == list(WRITERS)
    for ending in WRITERS.keys() - {".toml"}:  # it is described in the README
        assert f": `{ending}`\n" in PAGE


def test_a_command_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command, shown = next(each for each in COMMANDS if each[1])
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().err.splitlines() == shown


def test_every_command_is_valid() -> None:
    for command, _ in COMMANDS:
        program, *words = shlex.split(command)
        if program == "nn-tui":
            parse(words)
