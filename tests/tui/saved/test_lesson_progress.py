"""Tests of the file with the progress in lessons."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread

import pytest

from nn_tui.tui.saved.lesson_progress import LessonStore, merge_progress
from nn_tui.tui.session.lesson_progress import LessonProgress


def environ(folder: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(folder)}


def test_progress_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = LessonStore(environ(tmp_path))
    assert store.read() == {}
    progress = LessonProgress(False, 3, {0: "at once", 2: "revealed"})
    assert store.record("neuron", progress) is None
    assert store.record("line", LessonProgress(True)) is None
    assert LessonStore(environ(tmp_path)).read() == {"neuron": progress, "line": LessonProgress(True)}
    assert progress.score == 1


def test_the_best_outcome_and_the_end_stay() -> None:
    old = LessonProgress(True, 0, {0: "later", 1: "at once"})
    new = LessonProgress(False, 4, {0: "at once", 1: "revealed", 3: "later"})
    assert merge_progress(old, new) == LessonProgress(True, 4, {0: "at once", 1: "at once", 3: "later"})


def test_two_apps_lose_nothing(tmp_path: Path) -> None:
    def app(name: str) -> None:
        for step in range(12):
            LessonStore(environ(tmp_path)).record(name, LessonProgress(False, step, {step: "at once"}))
            LessonStore(environ(tmp_path)).record("both", LessonProgress(False, step, {step: "later"}))

    apps = [Thread(target=app, args=(name,)) for name in ("one", "two")]
    for each in apps:
        each.start()
    for each in apps:
        each.join()
    found = LessonStore(environ(tmp_path)).read()
    assert {name: len(progress.outcomes) for name, progress in found.items()} == {"one": 12, "two": 12, "both": 12}
    assert [path.name for path in (tmp_path / "nn-tui").iterdir()] == ["lessons.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"a": {}}' + b" " * 1_000_000],
    ids=["empty", "list", "torn", "binary", "deep", "large"],
)
def test_a_damaged_file_stays_under_another_name(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "nn-tui"
    folder.mkdir()
    (folder / "lessons.json").write_bytes(content)
    store = LessonStore(environ(tmp_path))
    assert store.read() == {}
    assert "lessons.json is damaged" in str(store.problem())
    problem = store.record("neuron", LessonProgress(True))
    assert str(problem) == (
        f"Your progress in lessons was damaged, so it begins anew; the old file is {folder / 'lessons.damaged.json'}."
    )
    assert (folder / "lessons.damaged.json").read_bytes() == content
    assert store.read() == {"neuron": LessonProgress(True)}
    assert store.problem() is None and store.record("line", LessonProgress()) is None


def test_a_file_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "nn-tui" / "lessons.json").mkdir(parents=True)
    store = LessonStore(environ(tmp_path))
    assert store.read() == {}
    assert str(store.problem()).startswith("your progress in lessons cannot be read: ")
    assert str(store.record("neuron", LessonProgress(True))).startswith("Your progress cannot be saved: ")
    assert (tmp_path / "nn-tui" / "lessons.json").is_dir()


def test_entries_of_another_version_stay(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    file = tmp_path / "nn-tui" / "lessons.json"
    file.write_text('{"future": {"done": true, "stars": 3}, "number": 1}')
    assert LessonStore(environ(tmp_path)).record("neuron", LessonProgress(True)) is None
    table = json.loads(file.read_text())
    assert (table["future"], table["number"]) == ({"done": True, "stars": 3}, 1)


def test_a_key_may_have_any_characters(tmp_path: Path) -> None:
    store = LessonStore(environ(tmp_path))
    keys = ["/home/ü.toml", "/home/\udcff.toml"]  # a file name need not be valid UTF-8
    assert [store.record(key, LessonProgress(True)) for key in keys] == [None, None]
    assert sorted(store.read()) == sorted(keys)


def test_values_that_are_not_valid_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "lessons.json").write_text(
        '{"a": {"done": 1, "next": -3, "outcomes": {"x": "later", "1": "later", "2": 5, "99999": "later"}},'
        ' "b": {"next": "4", "outcomes": []}}'
    )
    found = LessonStore(environ(tmp_path)).read()
    assert found == {"a": LessonProgress(False, 0, {1: "later"}), "b": LessonProgress()}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").write_text("a file where a folder should be")
    problem = LessonStore(environ(tmp_path)).record("neuron", LessonProgress(True))
    assert problem is not None and str(problem).startswith("Your progress cannot be saved: ")
