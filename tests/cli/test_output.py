"""Tests of what all commands print alike: notes on stderr, which --quiet leaves out, and the files that they write."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.parsers import COMMANDS, make_tree
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    Path("flowers.csv").write_text("length,width,species\n" + "1.5,2,a\n2,3.5,b\n" * 5)
    session = new_session(open_experiment("xor"))
    write_session(Path("mine.nntui"), stepping.goto(session, session.run.goto(3)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_quiet(command: str) -> None:
    assert "-q, --quiet" in make_tree().parsers[command].format_help()


@pytest.mark.parametrize(
    "line",
    [
        "train mazur --updates 3 --seed 5 --curve curve.csv",
        "train flowers.csv --epochs 3",
        "train exploding --updates 100",
        "trace exploding --updates 90 --digits 2 --json",
        "trace mine.nntui",
        "predict xor --rows 1",
        "predict flowers.csv --input 99,2",
        "export xor -o mine.py",
        "figure exploding --at 90 -o mine.svg",
        "worksheet mazur --seed 3 -o sheet.md",
        "worksheet mazur --format gift",
        "check mazur --seed 5",
        "sweep mazur --set eta=0.1,0.2 --seeds 1 --updates 2 --jobs 1 --csv table.csv",
    ],
)
def test_quiet_leaves_out_the_notes_and_nothing_else(line: str, capfd: Captured) -> None:
    words = shlex.split(line)
    is_train = words[0] == "train"
    words += ["--json"] if is_train else []
    assert main(words) == 0
    told = capfd.readouterr()
    assert main([*words, "--quiet"]) == 0
    quiet = capfd.readouterr()
    assert told.err != "" == quiet.err
    if is_train:
        assert [{**json.loads(each.out), "seconds": 0, "updates_per_second": 0} for each in (told, quiet)] == [
            {**json.loads(told.out), "seconds": 0, "updates_per_second": 0}
        ] * 2
    else:
        assert told.out == quiet.out


def test_quiet_shows_no_progress_on_a_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    words = ["predict", "mazur", "--rows", "1", "--updates", "5"]
    assert main(words) == 0 and "update " in capsys.readouterr().err
    assert main([*words, "-q"]) == 0 and capsys.readouterr().err == ""


def test_quiet_keeps_errors(capsys: Captured) -> None:
    assert main(["train", "foo", "--epochs", "1", "--quiet"]) == 1
    assert "there is no preset" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("export mazur --updates 2 -o mine.py", {"preset": "mazur", "updates": 2, "files": ["mine.py"]}),
        ("figure mazur --at 3.backward --view layer -o m.svg",
         {"preset": "mazur", "view": "layer", "update": 3, "files": ["m.svg"]}),
        ("worksheet mazur -o sheet.html", {"preset": "mazur", "seeds": [1], "files": ["sheet.html"]}),
        ("worksheet xor --seeds 1-2 --key -o class",
         {"preset": "xor", "seeds": [1, 2], "files": ["class/xor-seed1-key.md", "class/xor-seed2-key.md"]}),
    ],
)  # fmt: skip
def test_json_says_which_files_were_written(line: str, expected: dict[str, object], capsys: Captured) -> None:
    Path("class").mkdir()
    words = shlex.split(line)
    assert main([*words, "--json"]) == 0
    done = capsys.readouterr()
    assert json.loads(done.out) == {"format": "nn-tui-written/1", "command": words[0], **expected}
    assert done.err == "" and all(Path(name).stat().st_size for name in json.loads(done.out)["files"])


@pytest.mark.parametrize("line", ["export xor", "figure xor -o -", "worksheet mazur --format json"])
def test_json_needs_a_file_where_stdout_is_what_is_written(line: str, capsys: Captured) -> None:
    assert main([*line.split(), "--json"]) == 2
    assert "add -o with the name of a file" in capsys.readouterr().err
