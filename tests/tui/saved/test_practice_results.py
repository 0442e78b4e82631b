"""Tests of the results of practice: a file with the marks of a student, which `nn-tui mark FOLDER` sums up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.marking.marks import Mark
from nn_tui.core.marking.results import read_results
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.saved.practice_results import PracticeResults, login_name
from nn_tui.tui.session.session import session_of
from nn_tui.tui.start import StartOptions
from tests._app import AppTester, run_with_start

MARK = Mark("Ana María", "z1[1]", 0.5, 0.4, "wrong", "sign", (), "The error was taken as y − ŷ; it is ŷ − y.")


def test_each_mark_is_in_the_file_at_once(tmp_path: Path) -> None:
    results = PracticeResults(tmp_path / "class", "Ana  María")
    assert results.student == "Ana María" and not list((tmp_path / "class").iterdir())
    assert results.add(MARK) is None and results.add(MARK) is None
    assert results.path.name.startswith("Ana-María-")
    assert read_results(tmp_path / "class") == ([MARK, MARK], [])
    assert PracticeResults(tmp_path / "class", "Ana María").path != results.path


def test_without_a_name_the_student_is_the_login(tmp_path: Path) -> None:
    assert PracticeResults(tmp_path).student == login_name()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="--results: it cannot be made"):
        PracticeResults(tmp_path / "file" / "class", "ana")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    results = PracticeResults(tmp_path / "class", "ana")
    results.path.parent.rmdir()
    (tmp_path / "class").write_text("")
    assert str(results.add(MARK)).startswith("The results cannot be written: ")


def test_the_answers_in_the_app_are_written_and_summed_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    results = PracticeResults(tmp_path / "class", "ana")

    async def answer_twice(tester: AppTester) -> None:
        await tester.press("Q")
        await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
        await tester.press("enter")
        await tester.wait_until(lambda: tester.session.practice and tester.session.practice.question)
        practice = tester.session.practice
        assert practice is not None and practice.question is not None
        value = value_of(tester.session.engine, tester.session.trace, practice.question.ref)
        for number in ("1/0", "17", repr(value)):
            await tester.press(*number, "enter")
        await tester.wait_until(lambda: "Right: " in str(tester.session.message))
        await tester.press("enter", "ctrl+r")
        await tester.wait_until(lambda: len(json.loads(results.path.read_text(encoding="utf-8"))["marks"]) == 3)

    session = session_of(Run.start(open_experiment("mazur")))
    run_with_start(answer_twice, StartOptions(session=session, results=results))
    marks = json.loads(results.path.read_text(encoding="utf-8"))["marks"]
    answers = [("ana", 17), ("ana", marks[1]["expected"]), ("ana", None)]
    assert [(mark["student"], mark["answer"]) for mark in marks] == answers
    assert [mark["verdict"] for mark in marks] == ["wrong", "right", "revealed"]
    assert main(["mark", str(tmp_path / "class")]) == 0
    assert ["ana", "0", "1", "0", "1", "0", "2"] in [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["mazur", "--results", "class"], "belong to practice; add --practice"),
        (["mazur", "--student", "ana"], "belong to practice; add --practice"),
    ],
)
def test_the_options_belong_to_practice(argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert sentence in capsys.readouterr().err
