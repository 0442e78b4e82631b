"""Tests of the page about worksheets: its commands run, and print what it shows."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest

from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.table_options import add_table_options

PAGE = (Path(__file__).resolve().parents[2] / "docs/worksheets.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a block, each with the lines that it prints."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(lines[0], lines[1:]) for lines in (part.splitlines() for part in parts)]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0])
def test_the_commands_of_a_block_run_and_print_what_it_shows(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("mine.npz", z1=np.array([[0.3775, 0.3925]]), dz2=np.array([[0.741365, -0.217072]]))
    for command, shown in commands(block):
        program, *words = shlex.split(command)
        if program == "cat":
            Path(words[0]).write_text("\n".join(shown) + "\n", encoding="utf-8")
            continue
        capsys.readouterr()
        assert main(words) == 0
        assert not shown or capsys.readouterr().out.splitlines() == shown


OPTION = r"--[a-z][a-z-]+"


def test_every_option_of_worksheet_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    main(["worksheet", "--help"])
    of_all_commands = {"--help", "--ascii", "--no-ascii", "--log", "--quiet", "--palette", "--version", "--output"}
    for_tables = ArgumentParser()  # docs/tables.md has these
    add_table_options(for_tables)
    of_all_commands |= set(re.findall(OPTION, for_tables.format_help()))
    options = set(re.findall(OPTION, capsys.readouterr().out)) - of_all_commands
    assert {option for option in options if option not in PAGE} == set()
