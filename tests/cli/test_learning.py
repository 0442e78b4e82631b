"""Tests of `nn-tui learn`: the list of the lessons, and the session that it opens."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nn_tui.core.lesson.loader import lesson_ids, shipped_lessons
from nn_tui.presets import LESSONS
from nn_tui.tui.cli.learning import lesson_session
from nn_tui.tui.cli.main import main
from nn_tui.tui.exit import USAGE
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.session.lesson_progress import LessonProgress

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def test_the_list_has_every_lesson_below_its_chapter(capsys: Captured) -> None:
    assert main(["learn", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == list(LESSONS)
    assert [line.split()[0] for line in lines if line.startswith(" ")] == list(lesson_ids())
    last = shipped_lessons()[-1]
    assert last.title in lines[-1] and lines[-1].endswith(last.summary)


def test_the_list_as_json(capsys: Captured) -> None:
    assert main(["learn", "--list", "--json"]) == 0
    lessons = json.loads(capsys.readouterr().out)["lessons"]
    assert [lesson["id"] for lesson in lessons] == list(lesson_ids())
    for lesson in lessons:
        assert lesson.keys() == {"id", "title", "summary", "questions", "done"}
        assert lesson["title"] and lesson["summary"] and lesson["questions"] >= 2 and lesson["done"] is False


def test_the_list_marks_what_is_done(capsys: Captured) -> None:
    first, second = lesson_ids()[:2]
    LessonStore(os.environ).record(first, LessonProgress(True))
    LessonStore(os.environ).record(second, LessonProgress(False, 3))
    assert main(["learn", "--list", "--json"]) == 0
    done = [lesson["id"] for lesson in json.loads(capsys.readouterr().out)["lessons"] if lesson["done"]]
    assert done == [first]
    assert main(["learn", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines if "✓" in line] == [first]
    assert "0 of 8 right at once" in lines[1] and "at step 4 of" in lines[2]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--json",), "--json prints the list of the lessons; add --list"),
        (("--list", "line"), "--list lists all lessons and opens none; leave out the lesson and --present"),
        (("--list", "--present"), "--list lists all lessons and opens none; leave out the lesson and --present"),
    ],
)
def test_options_without_a_meaning_are_refused(arguments: tuple[str, ...], problem: str, capsys: Captured) -> None:
    assert main(["learn", *arguments]) == USAGE
    out, err = capsys.readouterr()
    assert not out and err.startswith(f"nn-tui: {problem}")


def test_the_list_names_a_damaged_file(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "lessons.json").write_bytes(b"{")
    assert main(["learn", "--list", "--json"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["lessons"]) == len(lesson_ids())
    file = tmp_path / "nn-tui" / "lessons.json"
    assert captured.err == f"nn-tui: your progress in lessons cannot be read: {file} is damaged\n"


def test_a_lesson_is_opened_where_it_was_left() -> None:
    first, second, third = lesson_ids()[:3]
    for done in (second, first):
        LessonStore(os.environ).record(done, LessonProgress(done == first, 3))
    for name, index in ((first, 0), (second, 3), (third, 0)):
        session = lesson_session(name, os.environ)
        assert session.lesson is not None and (session.lesson.lesson.id, session.lesson.index) == (name, index)


@pytest.mark.parametrize(
    ("name", "problem"), [("neurn", "there is no lesson"), ("none.toml", "none.toml"), ("xor", "there is no lesson")]
)
def test_a_lesson_that_does_not_exist_is_named(name: str, problem: str, capsys: Captured) -> None:
    assert main(["learn", name]) == 1
    out, error = capsys.readouterr()
    assert not out and problem in error and len(error.splitlines()) == 1
