"""Tests of the command figure: it writes SVG to a file or to the terminal, or says in one line why not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.figure.network import draw_network
from nn_tui.core.figure.theme import THEMES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.figure_options import FIGURE_NAMES
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session.moment import go_to_moment
from nn_tui.tui.session.session import session_of
from tests.core.figure._figures import Picture, request_of

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


def drawn(capsys: Captured, *argv: str) -> Picture:
    assert main(["figure", *argv]) == 0
    return Picture(capsys.readouterr().out)


def test_the_options_name_every_figure() -> None:
    assert tuple(FIGURES) == FIGURE_NAMES


def test_a_figure_is_written_to_a_file_or_replaces_it(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "mine.svg"
    for verb in ("Wrote", "Replaced"):
        assert main(["figure", "xor", "--updates", "3", "-o", str(path)]) == 0
        done = capsys.readouterr()
        assert done.out == "" and done.err == f"{verb} {path}.\n"
    assert path.read_text(encoding="utf-8") == draw_network(request_of("xor", "3"))
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["mine.svg"]


def test_without_a_file_the_svg_is_printed(capsys: Captured) -> None:
    assert main(["figure", "xor"]) == 0
    printed = capsys.readouterr().out
    assert main(["figure", "xor", "-o", "-", "--view", "network", "--at", "0"]) == 0
    assert capsys.readouterr().out == printed == draw_network(request_of("xor"))


def test_the_moment_the_number_and_the_changes_are_those_of_the_app(capsys: Captured) -> None:
    made = drawn(capsys, "mazur", "--view", "layer", "--at", "1.backward.2", "--select", "dw2[1,2]", "--set",
                 "w1[1,1] = 0.3")  # fmt: skip
    assert made.texts("layer") == ["Layer 2 of 2 · output · sigmoid · 2 → 2"] and len(made.all("selected")) == 1
    assert "pass 1, during the backward pass" in " ".join(made.texts("heading"))
    assert "+0.3000" in drawn(capsys, "mazur", "--set", "w1[1,1] = 0.3").texts("weight")


def test_the_palette_is_light_unless_the_line_names_another(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_PALETTE", "dark")
    assert drawn(capsys, "xor").all("background")[0].get("fill") == "#ffffff"
    assert drawn(capsys, "xor", "--palette", "dark").all("background")[0].get("fill") != "#ffffff"
    assert ", ".join(THEMES[:-1]) in failure(capsys, "figure", "xor", "--palette", "mono")


def test_a_table_is_drawn_or_refused_without_other_lines(capsys: Captured, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text("hours,grade\n1,3\n2,4\n4,6\n6,7\n8,9\n10,9.5\n")
    assert main(["figure", str(table)]) == 0
    assert capsys.readouterr().err == ""
    assert "no update is made" in failure(capsys, "figure", str(table), "--view", "loss")


def test_the_title_can_be_left_out(capsys: Captured) -> None:
    assert drawn(capsys, "xor").all("heading") and not drawn(capsys, "xor", "--no-title").all("heading")


def test_a_document_is_drawn_with_its_past_at_its_moment(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "mine.nntui"
    session = go_to_moment(session_of(Run.start(open_experiment("xor"))), parse_moment("12"))
    write_session(path, session)
    made = drawn(capsys, str(path), "--view", "loss")
    assert "after update 12" in made.texts("heading")[0] and len(made.all("curve")) == 1
    assert "after update 5" in drawn(capsys, str(path), "--at", "5").texts("heading")[0]
    assert "after update 15" in drawn(capsys, str(path), "--updates", "3").texts("heading")[0]
    mine = drawn(capsys, str(path))
    assert main(["figure", "xor", "--updates", "12"]) == 0
    assert Picture(capsys.readouterr().out).texts("weight") == mine.texts("weight")


def test_a_run_that_diverges_is_drawn_up_to_there(capsys: Captured) -> None:
    assert main(["figure", "exploding", "--updates", "900", "--view", "loss"]) == 0
    done = capsys.readouterr()
    assert "pass 900 is not reached: training diverges at update 5" in done.err and "drawing pass 5" in done.err
    ElementTree.fromstring(done.out)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--view", "los"], 'nn-tui: --view: "los" is not a figure. Did you mean "loss"?'),
        (["-o", "x.png"], 'nn-tui: "x.png" is not the name of an SVG file; write for example "x.svg"'),
        (["-o", "no/x.svg"], "nn-tui: there is no folder"),
        (["--view", "loss"], "nn-tui: there is no curve yet"),
        (["--at", "1.up"], 'nn-tui: --at: "up" is neither a phase nor an operation'),
        (["--at", "1.z.7"], "nn-tui: --at: the layers go from 1 to 2"),
        (["--select", "w9[1,1]"], "nn-tui: w9[1,1]: the layers go from 1 to 2."),
        (["--updates", "3", "--at", "3"], "not allowed with argument --updates"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(capsys: Captured, argv: list[str], said: str) -> None:
    assert said in failure(capsys, "figure", "xor", *argv)
