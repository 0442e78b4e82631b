"""Tests of the help: each of its examples runs, in a folder with the files that they name."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import COMMANDS, parse
from nn_tui.tui.cli.serve import serve_options
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session.session import new_session

EXAMPLES = [(name, words) for name, command in COMMANDS.items() for words in command.examples]
_ROWS = [(index, 1.5 + index % 3, 10.0 + index, "fine", "rose" if index % 2 else "tulip") for index in range(12)]


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Work in a folder with all files of the examples."""
    folder = tmp_path_factory.mktemp("examples")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.chdir(folder)
        header = ("id", "width", "height", "note", "species")
        for name, separator in (("flowers.csv", ","), ("flowers.txt", "\t")):
            lines = [separator.join(map(str, row)) for row in (header, *_ROWS)]
            Path(name).write_text("\n".join(lines) + "\n")
        Path("houses.csv").write_text("rooms,price\n" + "".join(f"{n},{n * 1.5}\n" for n in range(1, 13)))
        Path("new.csv").write_text("rooms\n3\n5\n")
        write_session(Path("mine.nntui"), new_session(open_experiment("digits")))
        assert main(["worksheet", "mazur", "-o", "sheet.json"]) == 0
        Path("answers.csv").write_text("student,quantity,answer\nAda,z1[2],0.3925\n")
        Path("class").mkdir()
        Path("results").mkdir()
        with Path("results/ada.json").open("w") as file, redirect_stdout(file):
            assert main(["mark", "sheet.json", "answers.csv", "--json"]) == 0
        yield folder


def shortened(words: list[str]) -> list[str]:
    """Return the words of an example with fewer updates and seeds, and without processes of its own."""
    short = {"2000": "20", "1500": "20", "500": "20", "0-9": "0-1", "1-25": "1-2"}
    return [*(short.get(word, word) for word in words), *(("--jobs", "1") if words[0] == "sweep" else ())]


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=lambda text: text)
def test_an_example_of_the_help_runs(
    command: str, example: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez("mine.npz", z1=np.array([[0.3775, 0.3925]]))  # another example writes a file of this name
    words = list(takewhile(lambda word: word not in ("<", ">", ">>"), shlex.split(example)))
    if "< flowers.txt" in example:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path("flowers.txt").read_bytes())))
    if command == "serve":  # it would go on until ctrl+c
        assert serve_options(parse([command, *words]), Settings()).port
        return
    code, done = main(shortened([command, *words])), capsys.readouterr()
    if COMMANDS[command].opens_app and "--list" not in words:
        assert code == 2 and "the app needs a terminal" in done.err
    elif words[-1].endswith(".onnx") and find_spec("onnx") is None:
        assert "needs the Python package onnx" in done.err
    else:
        assert code == 0, done.err
