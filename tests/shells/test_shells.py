"""Tests of completion in real shells, with the script that ``nn-tui completion`` prints for each of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.completion_options import SHELLS
from tests._pty import Terminal, terminal

PROGRAM = Path(sys.executable).with_name("nn-tui")
PROMPT = "ready>"


@pytest.fixture(params=SHELLS)
def name(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
def shell(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """Start a shell in an empty home folder, whose files are set up as the help of ``completion`` says."""
    assert main(["completion", name]) == 0
    script = capsys.readouterr().out
    files = {
        "bash": {".bashrc": f"PS1='{PROMPT} '\n{script}"},
        "zsh": {
            ".zfunc/_nn-tui": script,
            ".zshrc": f"PS1='{PROMPT} '\nfpath=(~/.zfunc $fpath)\nautoload -U compinit && compinit -u\n",
        },
        "fish": {
            ".config/fish/completions/nn-tui.fish": script,
            ".config/fish/config.fish": f"set fish_greeting\nfunction fish_prompt; echo -n '{PROMPT} '; end\n",
        },
    }[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "my flowers.csv").write_text("length,kind of flower\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n")
    own = tmp_path / ".config" / "nn-tui" / "presets"
    own.mkdir(parents=True)
    (own / "homework.toml").write_text('title = "Homework"\n')
    monkeypatch.chdir(tmp_path)
    environment = {
        "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config"), "XDG_STATE_HOME": str(tmp_path / "state"),
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    with terminal([name, "-i"], columns=100, rows=40, **environment) as started:
        started.wait_for(PROMPT)
        yield started


def complete(shell: Terminal, typed: str, line: str) -> None:
    """Type the beginning of a word and a tab, and wait until the shell has completed the line."""
    shell.send(f"{typed}\t")
    shell.wait(lambda text: any(shown.startswith(f"{PROMPT} {line}") for shown in text.splitlines()))


def test_a_whole_command_line_is_completed_and_runs(shell: Terminal) -> None:
    complete(shell, "nn-tui trai", "nn-tui train")
    complete(shell, "xor-221-s", "nn-tui train xor-221-stuck")
    complete(shell, "--ep", "nn-tui train xor-221-stuck --epochs")
    complete(shell, "3 --set opt", "nn-tui train xor-221-stuck --epochs 3 --set optimizer=")
    complete(shell, "nad", "nn-tui train xor-221-stuck --epochs 3 --set optimizer=nadam")
    complete(shell, "--pal", "nn-tui train xor-221-stuck --epochs 3 --set optimizer=nadam --palette")
    shell.send("mono\n")
    shell.wait_for("xor-221-stuck: 3 updates, 3 whole epochs")


def test_lessons_own_presets_tables_and_their_columns_are_completed(shell: Terminal) -> None:
    complete(shell, "cd . && nn-tui check lesson:chain", "cd . && nn-tui check lesson:chain-rule")
    shell.send("\n")
    shell.wait_for("chain-rule: ")
    shell.send("clear\n")
    complete(shell, "nn-tui check homew", "nn-tui check homework")
    shell.send("\x15")
    complete(shell, "nn-tui check my", r"nn-tui check my\ flowers.csv")
    complete(shell, "--target ki", r"nn-tui check my\ flowers.csv --target kind\ of\ flower")
    shell.send("\n")
    shell.wait_for("2 classes")


def test_the_choices_are_listed(shell: Terminal, name: str) -> None:
    shell.send("nn-tui train xor-221\t\t")
    shell.wait_for("xor-221-stuck")
    if name != "bash":  # it shows no texts beside the words
        shell.wait_for("a seed that gets stuck")


def test_no_file_is_offered_where_a_number_follows(shell: Terminal) -> None:
    shell.send("nn-tui train xor --epochs \t\t3 --up\t\t\b\b\b\b\b\n")
    assert "flowers" not in shell.wait_for("3 whole epochs")
