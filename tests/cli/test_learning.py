"""Tests of `nn-tui learn --list`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tui.core.lesson.loader import lesson_ids, shipped_lessons
from nn_tui.presets import LESSONS
from nn_tui.tui.cli.main import main

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
