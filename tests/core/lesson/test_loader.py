"""Tests of finding lessons."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.loader import lesson_ids, load_lesson, shipped_lessons
from nn_tui.presets import LESSONS
from tests.core.lesson._lessons import HEAD

FOLDER = Path(__file__).resolve().parents[3] / "presets" / "lessons"


def test_the_shipped_lessons_are_those_of_the_course() -> None:
    lessons = shipped_lessons()
    assert tuple(lesson.id for lesson in lessons) == lesson_ids()
    assert sorted(lesson_ids()) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert {lesson.chapter for lesson in lessons} == set(LESSONS)


def test_a_lesson_has_an_id_and_a_file(tmp_path: Path) -> None:
    first = lesson_ids()[0]
    assert load_lesson(first) == load_lesson(f"lesson:{first}") == shipped_lessons()[0]
    own = tmp_path / "own.toml"
    own.write_text(HEAD + '[[steps]]\nsay = "A."\n')
    lesson = load_lesson(str(own))
    assert (lesson.id, lesson.chapter, lesson.path) == ("own", "", own)


def test_a_lesson_that_does_not_exist(tmp_path: Path) -> None:
    first = lesson_ids()[0]
    with pytest.raises(InputError) as error:
        load_lesson(f"{first}x")
    assert str(error.value) == f'there is no lesson "{first}x". Did you mean "{first}"?'
    with pytest.raises(InputError, match="nn-tui learn --list shows all lessons"):
        load_lesson("?")
    with pytest.raises(InputError, match=r"none\.toml: it cannot be read: no such file"):
        load_lesson(str(tmp_path / "none.toml"))
    (tmp_path / "big.toml").write_bytes(b" " * (8 * 2**20 + 1))
    with pytest.raises(InputError, match="it is larger than the 8 MiB that a lesson may have"):
        load_lesson(str(tmp_path / "big.toml"))
