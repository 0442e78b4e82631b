"""Tests of the command export: it writes a preset that opens anywhere, or says in one line why not."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.export.writers import WRITERS
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.program import program
from nn_tui.core.run.checkpoint import checkpoint_at, next_loss
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import session_of

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def failure(capsys: Captured, *argv: str) -> str:
    """Run a command line that fails, and return its only line on stderr."""
    code = main(argv)
    done = capsys.readouterr()
    assert code != 0 and done.out == "" and done.err.count("\n") == 1
    return done.err


def test_a_trained_network_is_written_and_opens_with_its_weights(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("an older file")
    assert main(["export", "xor", "--updates", "5", "-o", str(path)]) == 0
    assert capsys.readouterr().err == f"Replaced {path}.\nOpen it with: nn-tui {path}\n"
    trained = Run.start(open_experiment("xor"))
    trained.train(5)
    assert np.array_equal(Run.start(open_experiment(str(path))).state.array[0], trained.state.array[0])
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["mine.toml"]


def test_without_a_file_the_preset_is_printed(capsys: Captured, tmp_path: Path) -> None:
    assert main(["export", "mazur"]) == 0
    text = capsys.readouterr().out
    assert main(["export", "mazur", "-o", "-"]) == 0
    assert capsys.readouterr().out == text
    assert text.startswith("# It starts from the weights after update 0 of mazur.\n")
    (tmp_path / "printed.toml").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path / "printed.toml")]) == 0


def test_a_path_with_spaces_is_quoted_in_the_advice(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "my own.toml"
    assert main(["export", "mazur", "-o", str(path)]) == 0
    assert f"Wrote {path}.\nOpen it with: nn-tui '{path}'\n" == capsys.readouterr().err


def test_a_file_of_an_unknown_ending_is_refused_with_the_endings_there_are(capsys: Captured, tmp_path: Path) -> None:
    assert main(["export", "xor", "-o", str(tmp_path / "mine.txt")]) == 2
    said = capsys.readouterr().err
    assert '"mine.txt" has none of the endings' in said and said.endswith('; write for example "mine.toml".\n')
    assert f": {', '.join(WRITERS)};" in said


@pytest.mark.parametrize(("name", "example"), [("x.pt", "x.safetensors"), ("x.h5", "x.npz"), ("x.xlsx", "x.csv")])
def test_an_ending_of_another_program_gets_the_format_that_does_its_work(
    name: str, example: str, capsys: Captured
) -> None:
    assert main(["export", "xor", "-o", name]) == 2
    assert capsys.readouterr().err.endswith(f'; write for example "{example}".\n')


def test_a_figure_is_written_by_another_command(capsys: Captured) -> None:
    assert "draw one with: nn-tui figure PRESET" in failure(capsys, "export", "xor", "-o", "mine.svg")


def test_the_help_names_each_ending(capsys: Captured) -> None:
    assert main(["export", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"its ending is one of: {' '.join(WRITERS)} --framework" in said


def test_the_endings_of_names_may_be_upper_case(tmp_path: Path) -> None:
    assert main(["export", "xor", "-o", str(tmp_path / "Mine.NPZ")]) == 0
    with np.load(tmp_path / "Mine.NPZ") as arrays:
        assert list(arrays) == ["w1", "b1", "w2", "b2"]


def test_a_table_is_not_replaced_by_its_own_weights(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "x,y\n1.5,2\n2,3\n3,4\n4,6\n"
    Path("own.csv").write_text(rows, encoding="utf-8")
    assert '-o would replace "own.csv"' in failure(capsys, "export", "own.csv", "-o", str(tmp_path / "own.csv"))
    assert Path("own.csv").read_text(encoding="utf-8") == rows


def test_a_document_goes_on_from_its_update_with_the_state_of_its_optimiser(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Run.start(open_experiment("ravine-adam"))
    run.goto(8)
    session = stepping.goto(session_of(run), 3)
    write_session(Path("mine.nntui"), session)
    for updates in (0, 4):
        assert main(["export", "mine.nntui", "--updates", str(updates), "-o", "mine.py", "--framework", "numpy"]) == 0
        checkpoint = checkpoint_at(run, 3 + updates)
        expected = program(checkpoint, "mine", "numpy", next_loss=next_loss(checkpoint)).text
        assert Path("mine.py").read_text(encoding="utf-8") == expected
    assert "optimiser" not in capsys.readouterr().err


def test_all_files_are_named(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "xor", "-o", "mine.csv"]) == 0
    assert capsys.readouterr().err.startswith("Wrote mine.csv and 4 files beside it, mine-w1.csv to mine-b2.csv.\n")
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == [
        "mine-b1.csv", "mine-b2.csv", "mine-w1.csv", "mine-w2.csv", "mine.csv",
    ]  # fmt: skip


def test_a_package_that_is_missing_is_named_with_the_line_that_installs_it(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    assert main(["export", "xor", "-o", str(tmp_path / "mine.safetensors")]) == 1
    assert capsys.readouterr().err == (
        "nn-tui: this needs the Python package safetensors, which is not installed; "
        "install it with: pip install 'nn-tui[export]'\n"
    )


def test_a_framework_is_refused_where_it_makes_no_difference(capsys: Captured, tmp_path: Path) -> None:
    for words in (["-o", str(tmp_path / "mine.npz")], []):
        assert "--framework is for programs" in failure(capsys, "export", "xor", "--framework", "numpy", *words)


def test_a_misspelt_framework_is_refused_with_the_names_there_are(capsys: Captured) -> None:
    assert "choose one of pytorch, numpy" in failure(capsys, "export", "xor", "--framework", "torch", "-o", "mine.py")


def test_a_folder_that_is_not_there_is_refused(capsys: Captured, tmp_path: Path) -> None:
    assert "there is no folder" in failure(capsys, "export", "xor", "-o", str(tmp_path / "no" / "mine.toml"))


def test_a_file_that_cannot_be_written_is_refused(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").mkdir()
    assert "mine.toml: it is a folder; " in failure(capsys, "export", "xor", "-o", str(tmp_path / "mine.toml"))


def test_a_run_that_diverges_is_not_written(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "fast.toml").write_text(
        "[data]\ninputs = [[1.0]]\ntargets = [[0.0]]\n[[layers]]\nunits = 1\n"
        '[training]\nloss = "mean_squared_error"\noptimizer = { learning_rate = 1e200 }\n'
    )
    said = failure(capsys, "export", str(tmp_path / "fast.toml"), "--updates", "20", "-o", str(tmp_path / "out.toml"))
    assert "diverged" in said and not (tmp_path / "out.toml").exists()
    match = re.search(r"Before that, --updates (\d+) gives the last network\.$", said.strip())
    assert match is not None
    for count, code in ((int(match[1]), 0), (int(match[1]) + 1, 1)):
        out = str(tmp_path / "out.toml")
        assert main(["export", str(tmp_path / "fast.toml"), "--updates", str(count), "-o", out]) == code


def test_what_a_program_needs_is_said(capsys: Captured, tmp_path: Path) -> None:
    for framework, said in (("pytorch", True), ("numpy", False)):
        assert main(["export", "xor", "--framework", framework, "-o", str(tmp_path / "mine.py")]) == 0
        assert ("It needs PyTorch. With --framework numpy, it needs NumPy only." in capsys.readouterr().err) == said


def test_the_choices_of_a_table_are_written_and_open_the_same_network(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(Path(__file__).parents[1] / "core" / "table" / "files" / "titanic-seaborn.csv", tmp_path / "data")
    table, path = str(tmp_path / "data" / "titanic-seaborn.csv"), tmp_path / "presets" / "mine.toml"
    path.parent.mkdir()
    options = ["--target", "survived", "--drop", "alive,deck", "--missing", "drop", "--test", "0.25"]
    assert main(["export", table, *options, "-o", str(path)]) == 0
    capsys.readouterr()
    text = path.read_text(encoding="utf-8")
    for line in ('csv = "../data/titanic-seaborn.csv"', 'target = "survived"', 'drop = ["deck", "alive"]'):
        assert f"\n{line}\n" in text
    for line in ('separator = ","', 'decimal = "."', "header = true", 'encoding = "', 'missing = "drop"'):
        assert f"\n{line}" in text
    results = []
    for words in ([table, *options], [str(path)]):
        assert main(["train", *words, "--updates", "20", "--json"]) == 0
        results.append(json.loads(capsys.readouterr().out))
    for key in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert results[0][key] == results[1][key] is not None


def test_many_warnings_about_a_table_do_not_hide_what_was_written(capsys: Captured, tmp_path: Path) -> None:
    table = Path(__file__).parents[1] / "core" / "table" / "files" / "titanic-seaborn.csv"
    assert main(["export", str(table), "-o", str(tmp_path / "mine.npz")]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "nn-tui: There are 6 warnings about the table; nn-tui check shows them."
    assert lines[2].startswith("Wrote ") and len(lines) == 4
