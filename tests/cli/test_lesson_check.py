"""Tests of `nn-tui check` for lessons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.tui.cli.main import main
from nn_tui.tui.exit import FAILED, USAGE
from tests.core.lesson._lessons import HEAD

Captured = pytest.CaptureFixture[str]
BAD = HEAD + '[[steps]]\nsay = "The loss is {loss}."\n[[steps]]\nsay = "What is z?"\nask = "z1[1]"\n'


@pytest.fixture(autouse=True)
def _own_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_a_shipped_lesson_is_valid(capsys: Captured) -> None:
    lesson = shipped_lessons()[0]
    assert main(["check", f"lesson:{lesson.id}"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"{lesson.id}: valid, {len(lesson.steps)} steps, {lesson.questions} questions."
    assert rest == [lesson.title, lesson.summary]
    assert main(["check", f"lesson:{lesson.id}", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {"lesson": lesson.id, "steps": len(lesson.steps), "questions": lesson.questions,
                      "problems": [], "passed": True}  # fmt: skip


def test_every_problem_of_a_file_is_listed(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD)
    problems = [
        "bad.toml: steps: there is only 1 question; a lesson has at least 2 steps with ask, choose or do.",
        'bad.toml: steps[0].say: "loss" is not computed yet at this moment.',
    ]
    assert main(["check", str(path)]) == FAILED
    out, err = capsys.readouterr()
    assert (out.splitlines(), err) == (problems, "nn-tui: bad.toml: there are 2 problems\n")
    assert main(["check", str(path), "--json"]) == FAILED
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["problems"]) == (False, problems)


def test_a_file_that_is_no_lesson_is_one_line(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD.replace("ask =", "aks ="))
    assert main(["check", str(path)]) == FAILED
    assert capsys.readouterr().err == 'nn-tui: bad.toml: steps[1].aks: there is no such key. Did you mean "ask"?\n'
    path.write_text(BAD.replace("lesson", "leson"))
    assert main(["check", str(path)]) == FAILED
    assert (
        capsys.readouterr().err
        == 'nn-tui: bad.toml: kind: "leson" is not the kind of a lesson. Did you mean "lesson"?\n'
    )
    assert main(["check", "lesson:nothing"]) == FAILED
    assert capsys.readouterr().err.startswith('nn-tui: there is no lesson "nothing"')


def test_a_lesson_takes_no_other_start(capsys: Captured) -> None:
    name = f"lesson:{shipped_lessons()[0].id}"
    assert main(["check", name, "--set", "eta = 1"]) == USAGE
    assert main(["check", name, "--seed", "3"]) == USAGE
    assert "leave out --set, --weights and --seed" in capsys.readouterr().err


def test_a_lesson_where_a_preset_belongs(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "own.toml"
    path.write_text(BAD)
    assert main(["train", str(path), "--epochs", "1"]) == FAILED
    expected = "nn-tui: own.toml: it is a lesson, and not a preset; nn-tui learn own.toml opens it.\n"
    assert capsys.readouterr().err == expected
