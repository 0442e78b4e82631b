"""Tests of the page about tables: its example prints what the page shows, and it has every option, kind and key."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import get_args

import pytest

from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.table_options import OPTION_KEYS
from nn_tui.core.table.values import Kind
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import make_tree

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
TITANIC = ROOT / "tests/core/table/files/titanic-seaborn.csv"
NUMBER = re.compile(r"[\d.,e−-]*\d")


def blocks(language: str) -> list[str]:
    """Return the texts of the blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """Return each command of the page with the lines that it prints."""
    found = []
    for block in blocks("console"):
        for part in block.removeprefix("$ ").split("\n$ "):
            command, *printed = part.rstrip("\n").split("\n")
            found.append((command, printed))
    return found


def test_the_example_prints_what_the_page_shows_except_for_numbers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    shutil.copy(TITANIC, tmp_path / "titanic.csv")
    assert len(examples()) >= 3
    for command, shown in examples():
        program, *words = shlex.split(command)
        assert program == "nn-tui" and main(words) == 0
        done = capsys.readouterr()
        printed = [*done.err.splitlines(), *done.out.splitlines()]
        masked = [[NUMBER.sub("#", line) for line in lines] for lines in (shown, printed)]
        assert masked[0] == masked[1], f"copy what `{command}` prints now into docs/tables.md"


def test_the_preset_on_the_page_is_valid() -> None:
    (text,) = blocks("toml")
    layers = '[[layers]]\nunits = 1\nactivation = "sigmoid"\n[training]\nloss = "binary_cross_entropy"\n'
    spec = parse_preset(text + layers, id="mine", file="tables.md", folder=None).data
    assert spec.options is not None
    assert all(f"\n{key} = " in text for key in OPTION_KEYS if key not in ("test_csv", "categories", "keep"))


def test_the_page_has_every_option_for_tables() -> None:
    help_text = make_tree().parsers["train"].format_help().partition("options for tables:")[2].partition("examples:")[0]
    options = re.findall(r"^  (?:--[\w-]+, )?(--[\w-]+)", help_text, re.MULTILINE)
    assert len(options) >= 12
    assert [option for option in options if f"`{option}" not in PAGE] == []


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_page_says_what_becomes_of_every_kind(kind: str) -> None:
    assert f"\n| {kind} |" in PAGE


def test_the_page_has_every_key_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(TITANIC), "--target", "survived", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    old = {"preset", "compared", "largest_error", "passed"}  # the same values, for older programs
    keys = {*report, *report["table"], *report["table"]["columns"][0], *report["gradient_check"]} - old
    assert [key for key in sorted(keys) if f"`{key}`" not in PAGE] == []


def test_the_page_has_every_key_of_a_prediction(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(TITANIC), "--rows", "1", "--json"]) == 0
    keys = json.loads(capsys.readouterr().out)
    assert all(f"`{key}`" in PAGE for key in keys)
