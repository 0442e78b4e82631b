"""Tests of the command worksheet: files, folders, seeds, and one sentence for what is not valid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.worksheet_options import FORMAT_NAMES

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def failure(capsys: Captured, *argv: str) -> str:
    """Run a command line that fails, and return its only line on stderr."""
    code = main(["worksheet", *argv])
    done = capsys.readouterr()
    assert code != 0 and done.out == "" and done.err.count("\n") == 1
    return done.err


def test_the_names_of_the_formats_are_those_of_core() -> None:
    assert tuple(FORMATS) == FORMAT_NAMES


def test_a_sheet_is_printed_as_markdown(capsys: Captured) -> None:
    assert main(["worksheet", "mazur"]) == 0
    assert capsys.readouterr().out.startswith("# Mazur 2-2-2: task sheet\n")
    assert main(["worksheet", "mazur", "--key", "--ascii", "--blank", "dw1"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Mazur 2-2-2: key\n") and text.isascii()
    assert "dL/dw1" in text


@pytest.mark.parametrize("format", FORMATS)
def test_the_ending_of_a_file_names_the_format_and_an_old_file_is_replaced(
    format: str, capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / f"sheet{FORMATS[format].suffix}"
    path.write_text("an older file")
    assert main(["worksheet", "mazur", "--blank", "z1", "-o", str(path)]) == 0
    assert f"Wrote 1 sheet: {path}\n" in capsys.readouterr().err
    start = {"md": "# ", "html": "<!DOCTYPE html>", "tex": "\\documentclass", "gift": "$CATEGORY", "json": "{"}[format]
    assert path.read_text(encoding="utf-8").startswith(start)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [path.name]


def test_each_seed_has_a_sheet_of_its_own(capsys: Captured, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    line = ["worksheet", "xor", "--nice", "--seeds", "3-5", "--blank", "z1@2", "-o"]
    assert main([*line, str(folder), "--format", "json"]) == 0
    assert main([*line, str(folder), "--format", "json", "--key"]) == 0
    names = [f"xor-seed{seed}{key}.json" for seed in (3, 4, 5) for key in ("", "-key")]
    assert sorted(file.name for file in folder.iterdir()) == sorted(names)
    sheets = [json.loads((folder / name).read_text(encoding="utf-8")) for name in names[::2]]
    assert [sheet["seed"] for sheet in sheets] == [3, 4, 5]
    weights = [sheet["preset"]["layers"][0]["weights"] for sheet in sheets]
    assert len({str(rows) for rows in weights}) == 3
    assert all(round(number, 1) == number for rows in weights for row in rows for number in row)
    assert main([*line, str(tmp_path / "class.html")]) == 0
    assert (tmp_path / "class.html").read_text(encoding="utf-8").count("<article class=") == 3
    assert capsys.readouterr().err.count("Wrote 3 sheets") == 3


def test_changes_and_the_pass_are_on_the_sheet(capsys: Captured) -> None:
    assert main(["worksheet", "mazur", "--updates", "3", "--set", "eta = 0.25", "--blank", "w'2"]) == 0
    text = capsys.readouterr().out
    assert "pass 3" in text and "η = 0.25" in text and "× " in text
    assert "0.4 |" not in text  # the weights are those after two updates


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["xorr"], 'there is no preset "xorr"'),
        (["xor", "--level", "4"], "'4' is not a level; the levels are 1, 2 and 3"),
        (["xor", "--digits", "1"], "'1' is not a whole number from 2 up to 12"),
        (["xor", "--seeds", "9-1"], "'9-1' is not a range of seeds; write 1-25"),
        (["xor", "--seeds", "1-5000"], "is more than 1,000 seeds"),
        (["xor", "--seeds", "1-2", "--seed", "1"], "leave out --seed"),
        (["xor", "--seeds", "1-2", "--format", "json"], "name a folder with -o FOLDER"),
        (["xor", "--format", "docx"], "invalid choice: 'docx'"),
        (["xor", "-o", "sheet.docx"], "write one of .md, .html, .tex, .gift, .json, or add --format"),
        (["xor", "-o", "no-folder/sheet.md"], "there is no folder"),
        (["xor", "--blank", "dq1"], "dq1"),
        (["xor", "--only", "layer=3"], "no number that is asked for"),
        (["digits"], "more than 400; ask for fewer"),
        (["too-fast", "--updates", "5000"], "choose an earlier pass"),
    ],
)
def test_bad_input_is_one_sentence(
    argv: list[str], sentence: str, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in failure(capsys, *argv)
